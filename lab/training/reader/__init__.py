"""The reader: multilingual-e5-small, its lower half shared by every scorer, its upper half copied and taught for each."""
