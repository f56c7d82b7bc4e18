"""The View menu."""

from __future__ import annotations

from bpstudio.language import LANGUAGES, N_
from bpstudio.ui.actions.action import (
    Action,
    always,
    has_document,
    has_selection,
    has_several,
    setting,
    side,
    switch,
)
from bpstudio.ui.settings import DIGITS, EXACT
from bpstudio.ui.theme import CHOICES

DIGITS_MENU = tuple(
    Action(
        f"digits_{digits}",
        N_("All digits") if digits == EXACT else str(digits),
        "",
        "",
        "view/digits",
        always,
        section=3,
        **setting("digits", digits),
    )
    for digits in DIGITS
)
THEME_MENU = tuple(
    Action(f"theme_{key}", title, "", "", "view/theme", always, **setting("theme", key))
    for key, title in CHOICES.items()
)
SIZE_TITLES = {1.0: N_("Normal"), 1.5: N_("Large (1.5×)"), 2.0: N_("Very large (2×)")}
SIZE_MENU = tuple(
    Action(
        f"size_{round(100 * size)}",
        title,
        "",
        "",
        "view/size",
        always,
        section=3,
        **setting("size", size),
    )
    for size, title in SIZE_TITLES.items()
)
LANGUAGE_MENU = tuple(
    Action(f"language_{key}", title, "", "", "view/language", always, **setting("language", key))
    for key, title in {"system": N_("As the system"), **LANGUAGES}.items()
)

VIEW = (
    Action(
        "zoom_in",
        N_("Zoom &in"),
        "zoom-in",
        "Ctrl++",
        "view",
        has_document,
        lambda w: w.canvas.zoom_in(),
        also=("Ctrl+=",),
    ),
    Action(
        "zoom_out",
        N_("Zoom &out"),
        "zoom-out",
        "Ctrl+-",
        "view",
        has_document,
        lambda w: w.canvas.zoom_out(),
    ),
    Action(
        "zoom_fit",
        N_("&Fit the graph"),
        "fit",
        "Ctrl+0",
        "view",
        has_document,
        lambda w: w.canvas.zoom_fit(),
    ),
    Action(
        "zoom_selection",
        N_("Zoom to the s&election"),
        "",
        "Ctrl+9",
        "view",
        has_selection,
        lambda w: w.canvas.zoom_selection(),
    ),
    Action(
        "zoom_actual",
        N_("Na&tural size"),
        "",
        "Ctrl+Alt+0",
        "view",
        has_document,
        lambda w: w.canvas.zoom_actual(),
    ),
    Action(
        "values", N_("Show &values"), "", "Ctrl+1", "view", always, section=2, **switch("values")
    ),
    Action(
        "gradients",
        N_("Show &gradients"),
        "",
        "Ctrl+2",
        "view",
        always,
        section=2,
        **switch("gradients"),
    ),
    Action(
        "weights",
        N_("&Wire width by gradient"),
        "",
        "Ctrl+3",
        "view",
        always,
        section=2,
        **switch("weights"),
    ),
    Action(
        "animations", N_("&Animations"), "", "", "view", always, section=2, **switch("animations")
    ),
    *DIGITS_MENU,
    *SIZE_MENU,
    *THEME_MENU,
    *LANGUAGE_MENU,
    Action("palette", N_("&Palette"), "", "F8", "view", always, section=5, **side("palette")),
    Action(
        "column",
        N_("&Inspector and outline"),
        "",
        "F9",
        "view",
        always,
        section=5,
        **side("column"),
    ),
    Action(
        "overview",
        N_("&Overview of a large graph"),
        "",
        "Shift+F8",
        "view",
        always,
        section=5,
        **switch("overview"),
    ),
    Action(
        "present",
        N_("&Present"),
        "",
        "Shift+F5",
        "view",
        has_document,
        lambda w: w.present(),
        section=5,
    ),
    Action(
        "full_screen",
        N_("F&ull screen"),
        "",
        "F11",
        "view",
        always,
        lambda w: w.toggle_full_screen(),
        checked=lambda w: w.isFullScreen(),
        section=5,
    ),
    Action(
        "tab_next",
        N_("Ne&xt graph"),
        "",
        "Ctrl+Tab",
        "view",
        has_several,
        lambda w: w.tabs.turn(1),
        also=("Ctrl+PgDown",),
        section=6,
    ),
    Action(
        "tab_previous",
        N_("Pre&vious graph"),
        "",
        "Ctrl+Shift+Tab",
        "view",
        has_several,
        lambda w: w.tabs.turn(-1),
        also=("Ctrl+PgUp",),
        section=6,
    ),
)
