"""Which of the facts known about a person bears on what they say."""
