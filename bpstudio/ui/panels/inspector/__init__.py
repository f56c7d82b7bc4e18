"""The inspector, a file for each of its parts: `panel` arranges them."""

from bpstudio.ui.panels.inspector.panel import Inspector

__all__ = ["Inspector"]
