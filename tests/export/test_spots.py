"""Where numbers stand in a drawing: clear of gates and of one another."""

import re
import shutil
import subprocess
from itertools import combinations
from math import cos, radians, sin

import pytest

from bpstudio.core.plan import Plan
from bpstudio.export.drawings import FIGURE, PIXELS, ROW, tikz_picture
from bpstudio.export.spots import Hop, Spots
from bpstudio.files.bps import load
from bpstudio.files.examples import EXAMPLES, path

NAMES = list(EXAMPLES)


def overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_a_straight_hop_is_shared_evenly():
    assert Hop((0.0, 0.0), (10.0, 20.0)).at(0.25) == (2.5, 5.0)


def test_a_curved_hop_leaves_and_comes_in_at_its_angles():
    hop = Hop((0.0, 0.0), (100.0, 50.0), (0.0, 135.0))
    assert hop.at(0.0) == (0.0, 0.0)
    assert hop.at(1.0) == pytest.approx((100.0, 50.0))
    x, y = hop.at(1e-6)
    assert abs(y) < 1e-6 * x
    x, y = hop.at(1 - 1e-6)
    into = x - 100.0, y - 50.0
    assert into[0] * sin(radians(135)) == pytest.approx(-into[1] * cos(radians(135)), rel=1e-4)


def test_numbers_go_elsewhere_along_the_wire_where_the_middle_is_taken():
    spots, hop = Spots(), Hop((0.0, 0.0), (200.0, 0.0))
    assert spots.choose("a", [hop], (15.0, 10.0)) == (0, 0.5)
    _, second = spots.choose("b", [hop], (15.0, 10.0))
    assert abs(second - 0.5) * 200 >= 30


def test_numbers_keep_off_the_wires_of_others():
    spots, hop = Spots(), Hop((0.0, 0.0), (200.0, 0.0))
    spots.run("own", [hop])
    spots.run("other", [Hop((100.0, -90.0), (100.0, 90.0))])
    _, share = spots.choose("own", [hop], (15.0, 10.0))
    assert abs(share - 0.5) * 200 > 15


def rectangles(written):
    """Gates, and numbers as LaTeX sets them, of a drawing with curved wires; in scene pixels."""
    number = r"(-?[\d.e+-]+)"
    bodies = {}
    form = rf"width={number}cm, minimum height={number}cm\] \((n\d+)\) at \({number}, {number}\)"
    for wide, tall, name, x, y in re.findall(form, written):
        at, half = (float(x), -float(y)), (float(wide) / 2, float(tall) / 2)
        bodies[name] = (at[0] - half[0], at[1] - half[1], at[0] + half[0], at[1] + half[1])

    def place(text, side):
        if found := re.match(r"\((n\d+)\.(east|west)\)", text):
            box = bodies[found[1]]
            return (box[2] if side == "east" else box[0]), (box[1] + box[3]) / 2
        x, y = re.match(rf"\({number}, {number}\)", text).groups()
        return float(x), -float(y)

    labels = []
    form = r"\\draw(?:\[->\])? (\(.*?\)) (to\[.*?\]|--) node\[numbers, pos=(.*?)\] {(.*)} (\(.*?\))"
    for start, kind, share, inked, end in re.findall(form, written):
        angles = None if kind == "--" else (0.0, 180.0)
        x, y = Hop(place(start, "east"), place(end, "west"), angles).at(float(share))
        figures = max(len(text) for text in re.findall(r"\$(.*?)\$", inked))
        half = figures * FIGURE / 2 / PIXELS, ROW / PIXELS
        labels.append((x - half[0], y - half[1], x + half[0], y + half[1]))
    return list(bodies.values()), labels


@pytest.mark.parametrize("name", NAMES)
def test_no_numbers_of_an_example_lie_on_one_another_or_on_a_gate(name):
    graph = load(path(name))[0].graph
    bodies, labels = rectangles(tikz_picture(graph, Plan.of(graph).run()))
    assert len(labels) >= len(graph.wires)
    assert not [pair for pair in combinations(labels, 2) if overlap(*pair)]
    assert not [(a, b) for a in labels for b in bodies if overlap(a, b)]


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="LaTeX with TikZ is not installed")
def test_latex_sets_the_drawings_of_all_examples(tmp_path):
    graphs = [load(path(name))[0].graph for name in NAMES]
    pictures = "\n\n".join(tikz_picture(graph, Plan.of(graph).run()) for graph in graphs)
    words = r"\documentclass{article}\usepackage{tikz,amsmath}\begin{document}"
    (tmp_path / "a.tex").write_text(f"{words}\n{pictures}\\end{{document}}\n", "utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout[-2000:]
