"""What people commonly write, and the replies that fit it."""
