"""The care reader: whether a message says, or hints, that somebody is in danger."""
