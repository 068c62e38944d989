"""The web door: a page, and a WebSocket for it and for bots.

Wants ``chatd[web]``. The modules in here are loaded when a place is named in ``[web] listen``,
and not before.
"""
