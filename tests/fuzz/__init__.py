"""Bytes with a grain of sense thrown at the wire, the door and the client's reader.

``python -m tests.fuzz --inputs 1000000``; a failure names the seed that brings it back.
"""
