"""A graph as somebody else's format."""
