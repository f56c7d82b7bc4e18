"""Gestures as a state machine outside Qt: fed with plain events, answering through a Stage."""

from bpstudio.ui.canvas.tools.events import (
    EMPTY,
    NOWHERE,
    Around,
    Hit,
    Overlay,
    PointerEvent,
    Rect,
    Stage,
    Want,
)
from bpstudio.ui.canvas.tools.framing import DrawFrame
from bpstudio.ui.canvas.tools.idle import Idle, make_tools
from bpstudio.ui.canvas.tools.leading import CutHeld, CutStroke, MoveDot
from bpstudio.ui.canvas.tools.machine import Pressed, State, Tools
from bpstudio.ui.canvas.tools.moving import Hand, Move, RubberBand, snapped
from bpstudio.ui.canvas.tools.placing import Place, Spots, ghost_of, placed
from bpstudio.ui.canvas.tools.values import Scrub, step_of, stepped
from bpstudio.ui.canvas.tools.wiring import KeyWiring, Replug, Wiring, allowed_ports

__all__ = [
    "EMPTY",
    "NOWHERE",
    "Around",
    "CutHeld",
    "CutStroke",
    "DrawFrame",
    "Hand",
    "Hit",
    "Idle",
    "KeyWiring",
    "Move",
    "MoveDot",
    "Overlay",
    "Place",
    "PointerEvent",
    "Pressed",
    "Rect",
    "Replug",
    "RubberBand",
    "Scrub",
    "Spots",
    "Stage",
    "State",
    "Tools",
    "Want",
    "Wiring",
    "allowed_ports",
    "ghost_of",
    "make_tools",
    "placed",
    "snapped",
    "step_of",
    "stepped",
]
