"""The window's own part of the style sheet: what its bars, columns and pages look like.

Sizes are multiples of Large mode's factor, as in `stylesheet`.

`stylesheet` dresses Qt's widgets for the whole program; this adds the few names that only the
window has.
"""

from __future__ import annotations

from functools import lru_cache
from string import Template

from bpstudio.ui.stylesheet import lengths
from bpstudio.ui.theme import COLOURS, Theme

_SHEET = Template("""
QFrame#recovery_bar { background: $tint; border: none; border-bottom: 1px solid $rule; }
QWidget#formula_bar { background: $panel; border-bottom: 1px solid $rule; }
QWidget#palette, QWidget#palette_body, QWidget#parts, QSplitter#column, QWidget#inspector,
QWidget#inspector_body, QWidget#column_rest { background: $panel; }
QWidget#stepper { background: $panel; border-top: 1px solid $rule; }
QScrollArea#start_page, QWidget#start_body { background: $paper; }
QLabel#formula_name { color: $faint; font-size: $px15; font-style: italic; font-weight: 700; }
QLabel#notice { background: $panel; color: $ink; border: 1px solid $edge; border-radius: $px6;
  padding: $px5 $px10; }
QWidget#ledger_row { border-bottom: 1px solid $rule; }
QComboBox#speed { background: transparent; border-color: transparent; color: $faint;
  padding: $px4 $px4 $px4 $px8; }
QComboBox#speed:hover { border-color: $edge; }
QComboBox#speed:focus { border: 2px solid $accent; padding: $px3 $px3 $px3 $px7; }
QTreeView#outline, QListView#history { border: none; }
QTreeView#outline::item { padding: $px3 $px4; border: none; border-radius: 0; }
QListView#history::item { padding: $px3 $px16; border: none; border-radius: 0; }
QSplitter#column::handle { background: $rule; }
QTabWidget#tabs::pane { border: none; }
QTabWidget#tabs { background: $panel; }
""")


@lru_cache(maxsize=8)
def qss(theme: Theme, factor: float = 1.0) -> str:
    """The window's names, dressed in a theme, sizes multiplied by `factor`."""
    colours = {name: getattr(theme, name) for name in COLOURS}
    return _SHEET.substitute(colours | lengths(factor))
