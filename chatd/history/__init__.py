"""What was said to everyone, kept for those who ask later."""
