"""The steps of a run as an animated GIF, for slides and web pages.

Qt cannot write GIF, Pillow can. Every frame shows the same part of the scene, so that nothing
jumps; one table of colours serves them all.
"""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from PySide6.QtGui import QImage

from bpstudio.language import tr
from bpstudio.ui.canvas.vector import Vector, page
from bpstudio.ui.canvas.viewmodel import ViewModel
from bpstudio.ui.reading import SAMPLE
from bpstudio.ui.readout import Readout
from bpstudio.ui.theme import Theme

FRAME_MS = 1000
LAST_MS = 3000
"""How long a step stands, and how long everything does at the end."""
MOST_FRAMES = 400
MOST_PIXELS = 400_000_000
"""All frames together; beyond this the file would be too large for any slide."""


def gif(view: ViewModel, read: Readout, theme: Theme, scale: float, margin: float) -> bytes:
    """One frame before the first step, one per step, and at the end everything.

    Steps go through one sample, also where the mean or the spread of a batch is read.
    Raises PictureError where that is too much.
    """
    from PIL import Image

    from bpstudio.ui.picture import PictureError, image, whole

    read = Readout(read.trace, replace(read.reading, of=SAMPLE))
    steps = read.steps
    view.show(read.one, read.visible(None), figures=read.figures)
    rect = whole(page(view, margin))
    pixels = rect.width() * rect.height() * scale * scale * (steps + 2)
    if steps + 2 > MOST_FRAMES or pixels > MOST_PIXELS:
        raise PictureError(
            tr(
                "A GIF of {n} steps at this size is too large; "
                "take a part of the graph, a smaller scale, or PNG.",
                n=steps,
            )
        )
    vector = Vector(theme)
    frames = []
    for n in [*range(steps + 1), None]:
        view.show(read.one, read.visible(n), figures=read.figures)
        frames.append(Image.fromarray(_rgb(image(vector, view, scale, margin, rect))))
    # The last frame has every colour that any other has.
    colours = frames[-1].quantize(colors=128)
    flat = [frame.quantize(palette=colours, dither=Image.Dither.NONE) for frame in frames]
    file = io.BytesIO()
    times = [FRAME_MS] * (len(flat) - 1) + [LAST_MS]
    flat[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=flat[1:],
        duration=times,
        loop=0,
        optimize=False,
        disposal=1,
    )
    return file.getvalue()


def _rgb(made: QImage) -> np.ndarray:
    made = made.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine())
    return lines[:, : made.width() * 3].reshape(made.height(), made.width(), 3).copy()
