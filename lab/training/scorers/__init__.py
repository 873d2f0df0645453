"""Small scorers over the sentence encoder's vectors: memory selector, strategy planner, emotion."""
