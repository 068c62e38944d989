"""The same room, written as one would at first: what the daemon's care is held against."""
