"""How fast the room is, beside others."""
