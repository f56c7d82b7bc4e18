"""Backprop Studio: draw a computation, see every value and every gradient."""

__version__ = "0.1.0"
