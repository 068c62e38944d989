"""The desktop window: another face of the client's core, in Tk.

``start`` opens it, ``window`` holds the two pages, ``visit`` joins a session to them.
Nothing here knows the protocol. Nothing here may block or open a dialog of Tk's own: the
reactor stands still while one is open.
"""
