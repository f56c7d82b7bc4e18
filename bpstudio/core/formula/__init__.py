"""One text, many readings."""
