"""The real daemon, and the real tools that people talk to it with."""
