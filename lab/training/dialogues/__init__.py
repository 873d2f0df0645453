"""Rapport Dialogues: our own conversations, from the writers' plain form to checked JSON lines."""
