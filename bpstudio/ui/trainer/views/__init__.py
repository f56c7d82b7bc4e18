"""VIEWS: what a network's outputs mean, one widget per kind of problem; the first that fits shows.

A view says what it wants to see of the run (`looks`) and shows what a frame brings of it. It never
computes with the trainer, which belongs to another thread.
"""

from __future__ import annotations

from bpstudio.ui.trainer.views.code import CodeView
from bpstudio.ui.trainer.views.curve import CurveView
from bpstudio.ui.trainer.views.digits import DigitsView
from bpstudio.ui.trainer.views.plane import PlaneView
from bpstudio.ui.trainer.views.table import TableView
from bpstudio.ui.trainer.views.view import Problem, View

__all__ = ["VIEWS", "Problem", "View", "view_for"]

VIEWS: tuple[type[View], ...] = (CodeView, DigitsView, PlaneView, CurveView, TableView)
"""From the most particular kind of problem to the one that fits everything."""


def view_for(problem: Problem) -> type[View]:
    """The view that shows this problem best."""
    return next(view for view in VIEWS if view.fits(problem))
