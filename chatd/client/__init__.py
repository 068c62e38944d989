"""The bundled client.

``core`` knows the conversation and no terminal; ``plain`` and ``prompt`` are two faces
of it, ``session`` joins it to one of them and to ``connection``.
"""
