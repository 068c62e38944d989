"""What was said to everyone, kept for those who ask later."""


class CannotKeep(Exception):
    """The file is not for us to use; the words say why. Nothing has been changed."""
