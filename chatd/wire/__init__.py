"""The line wire, without I/O: bytes to lines, lines to commands and replies, and back.

The daemon and the client use the same modules, so the two can't drift apart.
``docs/protocol.md`` describes what is spoken here.
"""
