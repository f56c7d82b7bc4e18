"""Presenting: the graph and the stage on the whole screen, to be stepped through and pointed at.

Read-only by construction: its gestures (watching.py) have no way to an edit.
"""
