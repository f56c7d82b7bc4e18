"""The window's own part of the style sheet: what its bars, columns and pages look like.

`stylesheet` dresses Qt's widgets for the whole program; this adds the few names that only the
window has.
"""

from __future__ import annotations

from functools import lru_cache
from string import Template

from bpstudio.ui.theme import COLOURS, Theme

_SHEET = Template("""
QWidget#formula_bar { background: $panel; border-bottom: 1px solid $rule; }
QWidget#palette, QWidget#palette_body, QSplitter#column, QWidget#inspector,
QWidget#inspector_body, QWidget#column_rest { background: $panel; }
QWidget#stepper { background: $panel; border-top: 1px solid $rule; }
QScrollArea#start_page, QWidget#start_body { background: $paper; }
QLabel#formula_name { color: $faint; font-size: 15px; font-style: italic; font-weight: 700; }
QLabel#notice { background: $panel; color: $ink; border: 1px solid $edge; border-radius: 6px;
  padding: 5px 10px; }
QWidget#ledger_row { border-bottom: 1px solid $rule; }
QComboBox#speed { background: transparent; border-color: transparent; color: $faint;
  padding: 4px 4px 4px 8px; }
QComboBox#speed:hover { border-color: $edge; }
QComboBox#speed:focus { border: 2px solid $accent; padding: 3px 3px 3px 7px; }
QTreeView#outline, QListView#history { border: none; }
QTreeView#outline::item { padding: 3px 4px; border: none; border-radius: 0; }
QListView#history::item { padding: 3px 16px; border: none; border-radius: 0; }
QSplitter#column::handle { background: $rule; }
QTabWidget#tabs::pane { border: none; }
QTabWidget#tabs { background: $panel; }
""")


@lru_cache(maxsize=4)
def qss(theme: Theme) -> str:
    """The window's names, dressed in a theme."""
    return _SHEET.substitute({name: getattr(theme, name) for name in COLOURS})
