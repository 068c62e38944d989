"""The doors: each lets people in by one protocol, and they all meet in one room."""
