"""The window: everything that knows Qt.

PySide6 puts an `import` of its own in the place of Python's. It reads the source of every module
imported from then on, to see whether that uses PySide6's `__feature__` switches: a sixth of the
start, and the texts stay in memory. Nothing here uses them, so what was there before is put back.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
