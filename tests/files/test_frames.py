"""What minor version 5 of the format carries: frames, with title and colour, among the notes."""

import json

import pytest

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Note
from bpstudio.files import bps
from bpstudio.files.bps import File
from bpstudio.files.difference import differences
from tests.files.documents import SAMPLES

DATA = (SAMPLES / "v1-minor5.bps").read_bytes()


def changed(change) -> bytes:
    document = json.loads(DATA)
    change(document["notes"])
    return json.dumps(document).encode()


def test_frames_are_kept_to_the_byte():
    file = bps.decode(DATA)
    assert bps.encode(file) == DATA
    size = (480.0, 264.0)
    assert file.graph.notes["frame1"] == Note(
        "frame1", "forward pass", (-64.0, -80.0), size, frame=True, colour="blue"
    )
    assert file.graph.notes["frame2"].frame
    assert not file.graph.notes["note1"].frame


def test_only_a_frame_raises_the_minor_version_to_5():
    assert b'"minor":0' in bps.encode(File(Graph(notes=[Note("n", "words")])))
    assert b'"minor":5' in bps.encode(File(Graph(notes=[Note("n", "title", frame=True)])))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda notes: notes[0].update(colour="mauve"), "$.notes[0].colour"),
        (lambda notes: notes[0].update(colour="Blue!"), "$.notes[0].colour"),
        (lambda notes: notes[0].update(frame=1), "$.notes[0].frame"),
        (lambda notes: notes[0].update(frame=False), "$.notes[0].colour"),
        (lambda notes: notes[2].update(colour="blue"), "$.notes[2].colour"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(change, place):
    with pytest.raises(bps.BadDocument) as caught:
        bps.decode(changed(change))
    assert caught.value.place == place


def test_a_key_written_twice_in_a_frame_is_found():
    with pytest.raises(bps.BadDocument, match="twice"):
        bps.decode(DATA.replace(b'"frame":true,', b'"frame":true,"frame":true,', 1))


def test_a_later_minor_version_keeps_its_colours_and_what_it_wrote_beside_them():
    data = DATA.replace(b'"minor":5', b'"minor":8').replace(b'"blue"', b'"teal","locked":true')
    file = bps.decode(data)
    assert file.graph.notes["frame1"].colour == "teal"
    assert bps.encode(file) == data


def test_an_older_program_shows_a_frame_as_a_note_and_keeps_it():
    # What minor 4 did with this file: every key that it lacks becomes a Kept and is put back.
    from bpstudio.files import later, meaning

    keys = {**later.KEYS, "notes": ("id", "pos", "text", "size")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(later, "KEYS", keys)
        split = later.split(DATA, meaning.params_of)
    assert set(split.items["notes"][0]) == {"frame", "colour"}
    assert b'"frame":' not in split.known
    assert b'"forward pass"' in split.known


def test_the_difference_of_two_documents_speaks_of_frames():
    one = bps.decode(DATA)
    graph = one.graph
    for patch in (
        edits.rename(graph, "frame1", "loss"),
        edits.resize_frame(graph, "frame2", (0.0, 0.0, 200.0, 200.0)),
    ):
        graph = graph.apply(patch)
    graph = graph.apply(edits.set_colour(graph, "frame1", "red"))
    graph = graph.apply(edits.delete(graph, ["note1"]))
    said = differences(one, File(graph, one.title, one.view))
    assert said == [
        "The frame frame1: the title “forward pass” became “loss”.",
        "The frame loss: the colour “Blue” became “Red”.",
        "The frame frame2 was moved.",
        "The frame frame2 was resized.",
        "Removed the note note1: “a note”.",
    ]
    assert differences(File(Graph(), one.title, one.view), one)[-3:-1] == [
        "Added the frame forward pass.",
        "Added the frame frame2.",
    ]
