"""Multi-task fine-tuning of the sentence encoder that all small scorers share."""
