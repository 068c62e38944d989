"""chatd: a chat room that netcat, telnet and its own client can walk into."""

__version__ = "0.1.0"
