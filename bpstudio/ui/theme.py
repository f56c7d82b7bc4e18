"""The colours, fonts and flat calm style of the window and the canvas, light and dark.

A `Theme` is a frozen set of colours; LIGHT and DARK are the only two and hold the values of the
look, but for a quiet grey a shade darker: on the window's ground 4.3:1 was too little.
`appearance()` is the one place that knows which of them is in use: it follows the system, or a
choice of the user's, and says so when it changes. Text has a contrast of at least 4.5:1 on
everything it is drawn on (a test computes it).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from bpstudio.language import N_

CHOICES = {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}
"""What the user may choose -> its name (marked for translation)."""

FACTORS = (1.0, 1.5, 2.0)
"""Large mode: what everything is multiplied by."""
FRAME = QSize(16, 48)
"""Room for a window's frame and the desktop's bar."""

_CJK = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
)
"""Families that write Chinese as it is written in China, best first; Qt's own fallback may pick the
Japanese forms of the same characters."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, each "#RRGGBB".

    window panel field rule     behind everything; bars and docks; text fields; hairlines
    paper dots                  the canvas
    card edge                   gates and buttons and their outline
    ink faint line              text; quiet text; wires and port rings
    accent tint on_accent       the one accent; its pale ground; text on the accent
    value grad                  forward green and backward red, as text and as lines
    tangent                     the derivatives of forward mode
    value_tint …                the pale patches behind an active label
    warn warn_tint              badges and refusals
    selection                   the outline of what is selected
    sources … own               the gate families' inks
    """

    name: str
    window: str
    panel: str
    field: str
    rule: str
    paper: str
    dots: str
    card: str
    edge: str
    ink: str
    faint: str
    line: str
    accent: str
    tint: str
    on_accent: str
    value: str
    grad: str
    tangent: str
    value_tint: str
    grad_tint: str
    tangent_tint: str
    warn: str
    warn_tint: str
    selection: str
    sources: str
    arithmetic: str
    functions: str
    losses: str
    own: str

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.name == "dark"

    def color(self, role: str) -> QColor:
        """A colour by its field's name."""
        return QColor(getattr(self, role))

    @property
    def halo(self) -> QColor:
        """The see-through ring around what is selected."""
        color = QColor(self.selection)
        color.setAlphaF(0.28 if self.dark else 0.18)
        return color

    def phase(self, phase: str) -> str:
        """The colour of a step's wires: green forwards, red backwards, violet in forward mode."""
        return {"backward": self.grad, "tangent": self.tangent}.get(phase, self.value)

    def family(self, family: str) -> str:
        """The ink of a gate family; slate for an unknown one."""
        return {
            "arithmetic": self.arithmetic,
            "functions": self.functions,
            "losses": self.losses,
            "own": self.own,
        }.get(family, self.sources)


LIGHT = Theme(
    name="light",
    window="#F3F4F6",
    panel="#FFFFFF",
    field="#FBFBF9",
    rule="#D5D9DE",
    paper="#FBFBF9",
    dots="#E3E5E8",
    card="#FFFFFF",
    edge="#C3C9D1",
    ink="#1F2933",
    faint="#67707C",
    line="#8C95A1",
    accent="#2F5BD0",
    tint="#DCE6FB",
    on_accent="#FFFFFF",
    value="#107B52",
    grad="#B31810",
    tangent="#6B3FC4",
    value_tint="#E4F3EA",
    grad_tint="#FBEAEA",
    tangent_tint="#EFE8FB",
    warn="#8F5200",
    warn_tint="#FDF1DC",
    selection="#2F5BD0",
    sources="#51555A",
    arithmetic="#2F5BD0",
    functions="#AC4404",
    losses="#903F90",
    own="#05475A",
)

DARK = Theme(
    name="dark",
    window="#15181C",
    panel="#1D2126",
    field="#1A1D21",
    rule="#323840",
    paper="#1A1D21",
    dots="#2A2F36",
    card="#262B31",
    edge="#454D57",
    ink="#E6E9ED",
    faint="#98A2AE",
    line="#79838F",
    accent="#86A8FF",
    tint="#2A3657",
    on_accent="#15181C",
    value="#56B599",
    grad="#FF585D",
    tangent="#BBA4FF",
    value_tint="#1E3A2B",
    grad_tint="#3A2424",
    tangent_tint="#322A4A",
    warn="#F2C14E",
    warn_tint="#3B3220",
    selection="#86A8FF",
    sources="#D8DCE2",
    arithmetic="#86A8FF",
    functions="#EF9C64",
    losses="#CD95AC",
    own="#39CAD9",
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
COLOURS = tuple(f.name for f in fields(Theme) if f.name != "name")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    light, dark = sorted((_luminance(QColor(one)), _luminance(QColor(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- fonts ----------------------------------------------------------------------------------


@cache
def families() -> tuple[str, ...]:
    """The system's UI family, then the Chinese ones that are installed here.

    The family's real name, not an alias like "Sans Serif": Qt passes over an alias at the head of a
    list, and the Chinese font would lend its metrics to Latin text.
    """
    system = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).family()
    installed = set(QFontDatabase.families())
    return (system, *(name for name in _CJK if name in installed and name != system))


def font(px: float, *, bold: bool = False, italic: bool = False) -> QFont:
    """The UI's font at a size in whole logical pixels, with digits of one width."""
    made = QFont(list(families()))
    made.setPixelSize(max(1, round(px)))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    made.setItalic(italic)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def mono(px: float) -> QFont:
    """The system's fixed-width font, for code."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPixelSize(max(1, round(px)))
    return made


# --- the appearance in use ------------------------------------------------------------------


class Appearance(QObject):
    """Which theme and size the program shows now. `changed` carries the new Theme.

    choice   "system", "light" or "dark"
    factor   Large mode, one of FACTORS
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.choice = "system"
        self.factor = 1.0
        self._move = True
        self._styled: QApplication | None = None
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        if self.choice in THEMES:
            return THEMES[self.choice]
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT

    def use(self, choice: str = "", factor: float = 0.0) -> None:
        """Choose the theme ("system", "light", "dark") or the size and repaint the program.

        Raises KeyError for a choice that does not exist.
        """
        if choice and choice not in CHOICES:
            raise KeyError(choice)
        self.choice = choice or self.choice
        self.factor = factor or self.factor
        # Title bars and the system's own dialogs follow the hint, not our style sheet.
        hints = QGuiApplication.styleHints()
        if self.choice == "system":
            hints.unsetColorScheme()
        elif choice:
            dark = self.choice == "dark"
            hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        self.apply()

    def move(self, wanted: bool) -> None:
        """Let things move, or not: never where the system asks for less motion."""
        if wanted != self._move:
            self._move = wanted
            self.changed.emit(self.theme)

    @property
    def moving(self) -> bool:
        """Whether things may move by themselves."""
        from bpstudio.ui import motion

        return self._move and not motion.reduced_by_system()

    def apply(self) -> None:
        """Dress the whole application in the theme in use and tell everyone."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            from bpstudio.ui.stylesheet import palette, qss

            # Each of these polishes every widget again: only what changes is set.
            if self._styled is not app:
                app.setStyle("Fusion")
                self._styled = app
            app.setPalette(palette(self.theme))
            if app.font() != (wanted := font(13 * self.factor)):
                app.setFont(wanted)
            app.setStyleSheet(qss(self.theme, self.factor))
        self.changed.emit(self.theme)

    def _scheme_changed(self) -> None:
        if self.choice == "system":
            self.apply()


_appearance: Appearance | None = None


def appearance() -> Appearance:
    """The one Appearance of this process; made on first use, which needs a QGuiApplication."""
    global _appearance
    if _appearance is None:
        _appearance = Appearance()
    return _appearance


def length(n: float) -> float:
    """A length of the usual size as Large mode has it, in logical pixels."""
    return n * appearance().factor


def px(n: float) -> int:
    """The same in whole pixels, for whatever takes no parts of them; at least 1."""
    return max(1, round(length(n)))


def room(widget: QWidget, width: float, height: float) -> QSize:
    """A window's usual size as Large mode has it, never larger than the screen."""
    free = widget.screen().availableGeometry().size()
    return QSize(px(width), px(height)).boundedTo(free - FRAME)


def current() -> Theme:
    """The theme in use."""
    return appearance().theme


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's palette, for everything the style sheet does not name."""
    from bpstudio.ui import stylesheet

    return stylesheet.palette(theme)


def qss(theme: Theme, factor: float = 1.0) -> str:
    """The theme as a style sheet for the whole application, sizes multiplied by `factor`."""
    from bpstudio.ui import stylesheet

    return stylesheet.qss(theme, factor)
