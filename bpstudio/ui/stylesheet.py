"""A Theme as Qt's palette and as one style sheet: flat, calm, with a focus ring everywhere.

Sizes are multiples of the theme's `factor`. Object names that the sheet knows: `heading` and
`section_heading` (small capitals over a group), `quiet` (secondary text), `fault` and `warning`
(what is wrong), `primary` (the one filled button of a page), `link` (a button that looks like one),
`sentence`, `notice`, `formula_field`, `inspector_title`, `start_title`; property `stage` (the
stepper's large buttons).
"""

from __future__ import annotations

from functools import lru_cache
from string import Template

from PySide6.QtGui import QColor, QPalette

from bpstudio import assets
from bpstudio.ui.theme import COLOURS, Theme

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "panel",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.PlaceholderText: "faint",
    QPalette.ColorRole.Button: "card",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "grad",
    QPalette.ColorRole.Highlight: "tint",
    QPalette.ColorRole.HighlightedText: "ink",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.ToolTipBase: "panel",
    QPalette.ColorRole.ToolTipText: "ink",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "panel",
    QPalette.ColorRole.Midlight: "rule",
    QPalette.ColorRole.Mid: "edge",
    QPalette.ColorRole.Dark: "line",
    QPalette.ColorRole.Shadow: "line",
}
_TEXTS = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.HighlightedText,
)


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's palette, for everything the style sheet does not name."""
    made = QPalette()
    for role, name in _ROLES.items():
        made.setColor(role, QColor(getattr(theme, name)))
    for role in _TEXTS:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.line))
    return made


def lengths(factor: float) -> dict[str, str]:
    """What $px1 to $px40 stand for."""
    return {f"px{n}": f"{max(1, round(n * factor))}px" for n in range(1, 41)}


@lru_cache(maxsize=8)
def qss(theme: Theme, factor: float = 1.0) -> str:
    """The theme as a style sheet for the whole application, sizes multiplied by `factor`."""
    parts = {name: getattr(theme, name) for name in COLOURS}
    parts |= lengths(factor)
    for picture in ("down", "up", "left", "right", "close", "check", "dot"):
        path = assets.path("themes", f"{theme.name}-{picture}.svg")
        parts[f"svg_{picture}"] = f'url("{path.as_posix()}")'
    return Template(_SHEET).substitute(parts)


_SHEET = """
QWidget { color: $ink; font-size: $px13; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $rule; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QFrame[frameShape="4"], QFrame[frameShape="5"] { color: $rule; }
QLabel { background: transparent; }
QLabel#heading, QLabel#section_heading { color: $faint; font-size: $px11; font-weight: 700; }
QLabel#quiet { color: $faint; }
QLabel#fault { color: $grad; }
QLabel#warning { color: $warn; }
QLabel#sentence { color: $faint; font-size: $px13; }
QLabel#inspector_title { font-size: $px18; font-weight: 700; }
QLabel#start_title { font-size: $px24; font-weight: 600; }
QFrame#notice { background: $warn_tint; border: 1px solid $warn; border-radius: $px6; }
QFrame#notice[good="true"] { background: $card; border-color: $value; }

QMenuBar { background: $panel; border-bottom: 1px solid $rule; padding: $px2 $px8; }
QMenuBar::item { background: transparent; padding: $px6 $px10; border-radius: $px6; }
QMenuBar::item:selected { background: $tint; }
QMenu { background: $panel; border: 1px solid $edge; padding: $px6; }
QMenu::item { padding: $px6 $px28 $px6 $px28; border-radius: $px4; }
QMenu::item:selected { background: $tint; }
QMenu::item:disabled { color: $line; }
QMenu::icon { left: $px6; }
QMenu::indicator { width: $px16; height: $px16; left: $px6; }
QMenu::indicator:checked { background: $accent; border-radius: $px4; image: $svg_check; }
QMenu::separator { height: 1px; background: $rule; margin: $px6 $px4; }
QMenu::right-arrow { image: $svg_right; width: $px16; height: $px16; }

QToolBar { background: $panel; border: none; border-bottom: 1px solid $rule;
  spacing: $px6; padding: $px6; }
QStatusBar { background: $panel; border-top: 1px solid $rule; color: $faint; }
QStatusBar::item { border: none; }
QDockWidget { background: $panel; }
QDockWidget::title { background: $panel; padding: $px8; border-bottom: 1px solid $rule; }
QDockWidget > QWidget { background: $panel; }

QPushButton, QToolButton { background: $card; border: 1px solid $edge; border-radius: $px6;
  padding: $px5 $px12; }
QToolButton { padding: $px5; }
QPushButton:hover, QToolButton:hover { border-color: $line; }
QPushButton:pressed, QToolButton:pressed, QToolButton:open { background: $tint; }
QPushButton:checked, QToolButton:checked { background: $tint; border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $line; border-color: $rule; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: $px4 $px11; }
QToolButton:focus { padding: $px4; }
QPushButton#primary { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton#primary:disabled { background: $rule; border-color: $rule; color: $faint; }
QPushButton#primary:focus { border: 2px solid $ink; }
QPushButton#link { background: transparent; border: 1px solid transparent; color: $accent;
  text-align: left; padding: $px4 $px6; }
QPushButton#link:hover { background: $tint; }
QPushButton#link:focus { border: 2px solid $accent; padding: $px3 $px5; }
QToolButton[autoRaise="true"] { background: transparent; border: 1px solid transparent; }
QToolButton[autoRaise="true"]:hover, QToolButton[autoRaise="true"]:checked { background: $tint; }
QToolButton[autoRaise="true"]:focus { border: 2px solid $accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[stage="true"] { border-radius: $px8; min-width: $px28; min-height: $px28; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QKeySequenceEdit {
  background: $field; border: 1px solid $rule; border-radius: $px6; padding: $px4 $px8;
  selection-background-color: $tint; selection-color: $ink; }
QPlainTextEdit#code { padding: $px2 0px; }
QPlainTextEdit#code:focus { border: 1px solid $accent; padding: $px2 0px; }
QLineEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: $edge; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus, QKeySequenceEdit:focus { border: 2px solid $accent; padding: $px3 $px7; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { color: $line; }
QLineEdit[wrong="true"], QComboBox[wrong="true"] { border-color: $grad; }
QLineEdit#formula_field { font-size: $px14; }
QAbstractItemView QLineEdit, QAbstractItemView QLineEdit:focus { padding: 0px $px3;
  border: 1px solid $accent; border-radius: 0px; }
QSpinBox, QDoubleSpinBox { padding-left: $px8; }
QComboBox { background: $card; border-color: $edge; combobox-popup: 0; }
QComboBox QLineEdit, QComboBox QLineEdit:focus, QSpinBox QLineEdit, QSpinBox QLineEdit:focus {
  padding: 0px; border: none; background: transparent; }
QComboBox::drop-down { border: none; width: $px24; }
QComboBox::down-arrow { image: $svg_down; width: $px16; height: $px16; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $edge; padding: $px4; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button,
QDoubleSpinBox::down-button { border: none; background: transparent; width: $px18; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: $svg_up; width: $px12; height: $px12; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: $svg_down;
  width: $px12; height: $px12; }

QCheckBox, QRadioButton { background: transparent; spacing: $px8; padding: $px2;
  border: 2px solid transparent; border-radius: $px6; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox::indicator, QRadioButton::indicator { width: $px16; height: $px16;
  border: 1px solid $line; background: $field; }
QCheckBox::indicator { border-radius: $px4; }
QRadioButton::indicator { border-radius: $px9; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: $svg_check; }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: $svg_dot; }

QSlider { border: 2px solid transparent; border-radius: $px6; }
QSlider:focus { border-color: $accent; }
QSlider::groove:horizontal { height: $px4; background: $rule; border-radius: $px2; }
QSlider::sub-page:horizontal { background: $accent; border-radius: $px2; }
QSlider::handle:horizontal { background: $accent; width: $px14; margin: -$px5 0;
  border-radius: $px7; }
QSlider::groove:vertical { width: $px4; background: $rule; border-radius: $px2; }
QSlider::handle:vertical { background: $accent; height: $px14; margin: 0 -$px5;
  border-radius: $px7; }
QProgressBar { background: $rule; border: none; border-radius: $px3; max-height: $px6;
  text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: $px3; }

QAbstractItemView { background: $panel; border: 1px solid transparent; outline: none;
  alternate-background-color: $field; }
QAbstractItemView:focus { border: 1px solid $accent; }
QAbstractItemView::item { padding: $px4 $px6; border: 1px solid transparent;
  border-radius: $px4; color: $ink; }
QAbstractItemView::item:hover { background: $field; }
QAbstractItemView::item:selected { background: $tint; color: $ink; }
QAbstractItemView::item:selected:focus { border-color: $accent; }
QHeaderView::section { background: $panel; color: $faint; border: none;
  border-bottom: 1px solid $rule; padding: $px4 $px6; font-weight: 600; }
QTreeView::branch { background: transparent; }

QTabWidget::pane { border: none; border-top: 1px solid $rule; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $faint; border: 2px solid transparent;
  border-bottom: 2px solid transparent; padding: $px6 $px12; }
QTabBar::tab:selected { color: $ink; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:focus { border: 2px solid $accent; border-radius: $px6; }
QTabBar::scroller { width: $px40; }
QTabBar QToolButton { background: $panel; border: none; border-left: 1px solid $rule;
  border-radius: 0px; padding: 0px; }
QTabBar QToolButton:hover { background: $tint; }
QTabBar QToolButton::left-arrow { image: $svg_left; width: $px16; height: $px16; }
QTabBar QToolButton::right-arrow { image: $svg_right; width: $px16; height: $px16; }
QTabBar::close-button { image: $svg_close; }
QTabBar::close-button:hover { background: $tint; border-radius: $px4; }
QSplitter::handle { background: $rule; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QGroupBox { border: 1px solid $rule; border-radius: $px8; margin-top: $px10; padding: $px8; }
QGroupBox::title { subcontrol-origin: margin; left: $px10; color: $faint; }

QScrollArea { background: $panel; border: none; }
QScrollArea > QWidget > QWidget { background: $panel; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: $px10; }
QScrollBar:horizontal { height: $px10; }
QScrollBar::handle { background: $edge; border-radius: $px3; margin: $px2; }
QScrollBar::handle:vertical { min-height: $px32; }
QScrollBar::handle:horizontal { min-width: $px32; }
QScrollBar::handle:hover { background: $line; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QToolTip { background: $panel; color: $ink; border: 1px solid $edge; padding: $px5 $px8; }
"""
