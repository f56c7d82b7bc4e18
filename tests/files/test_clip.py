"""A graph as text on the clipboard, and text that is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node
from bpstudio.files import clip
from bpstudio.files.clip import ManyGates, NoGraph
from tests.core.pieces import graphs, perceptron


@settings(max_examples=50)
@given(graphs(), st.data())
def test_what_is_copied_is_what_is_pasted(graph, data):
    ids = data.draw(st.lists(st.sampled_from([*graph.nodes, "g1"]), min_size=1))
    piece = edits.clip(graph, ids)
    text = clip.text_of(piece)
    assert clip.is_graph(text)
    assert clip.graph_of(text) == piece


def test_a_mail_may_quote_it_and_break_its_lines_its_own_way():
    graph = perceptron()
    text = clip.text_of(graph)
    assert clip.graph_of("\ufeff" + text.replace("\n", "\r\n")) == graph
    assert clip.graph_of("\n\n  " + "".join(f"> {line}\n" for line in text.splitlines())) == graph


@pytest.mark.parametrize("quote", ["", "> ", ">> "])
def test_a_whole_mail_with_a_graph_in_it_is_pasted(quote):
    graph = perceptron()
    lines = "\n".join(quote + line for line in clip.text_of(graph).splitlines())
    mail = f"On Monday {{you}} wrote:\n\n{lines}\n{quote}\n\nBest regards,\n{quote}A."
    assert clip.is_graph(mail)
    assert clip.graph_of(mail) == graph
    assert clip.graph_of(mail[: mail.index("Best")]) == graph


@pytest.mark.parametrize("quote", ["", "> ", ">"])
@pytest.mark.parametrize("before", ["", "Dear all,\n\n", "{sic}\n"])
@pytest.mark.parametrize("after", ["", "\n\nBye :-}", "\n-- \n{A. B.}"])
def test_what_stands_around_a_graph_in_a_mail_may_be_quoted_and_have_braces(quote, before, after):
    graph = perceptron()
    lines = (before + clip.text_of(graph) + after).splitlines()
    for breaks in ("\n", "\r\n"):
        assert clip.graph_of(breaks.join(quote + line for line in lines)) == graph


def test_a_graph_below_a_long_correspondence_is_found():
    graph = perceptron()
    letters = "> {She} wrote: the bpstudio.graph below is what I mean.\n" * 500
    assert clip.graph_of(letters + clip.text_of(graph)) == graph


def test_of_two_graphs_in_one_text_none_is_taken_silently():
    text = clip.text_of(perceptron())
    with pytest.raises(NoGraph):
        clip.graph_of(text + text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no text"),
        ("  \n", "no text"),
        ("hello", "is no graph; copy gates"),
        ('{"a": 1}', "is no graph; copy gates"),
        ("(x + y) * z", "is no graph"),
        ('{"format":"bpstudio.graph"}', "no graph: the text: .*version"),
        ('{"format":"bpstudio.graph","version":99,"graph":{}}', "newer Backprop Studio"),
        ('{"format":"bpstudio.graph","version":1,"graph":{"gates":[],"wires":[', "no graph: "),
        ('{"format":"bpstudio.graph\ud800"}', "half a character"),
    ],
)
def test_text_that_is_no_graph_is_refused_in_one_line(text, words):
    with pytest.raises(NoGraph, match=words) as caught:
        clip.graph_of(text)
    assert "\n" not in str(caught.value)


def test_very_many_gates_are_asked_about_with_their_count_before_they_are_read():
    text = clip.text_of(Graph([Node(f"n{n}", "exp") for n in range(6000)]))
    with pytest.raises(ManyGates, match="6,000 gates") as caught:
        clip.graph_of(text)
    assert caught.value.count == 6000
    assert len(clip.graph_of(text, ask=False).nodes) == 6000
    many = text.replace("{", '{"kind"' * 40, 1)
    with pytest.raises(NoGraph, match="at most 200,000"):
        clip.graph_of('{"format":"bpstudio.graph",' + '"kind"' * 200_001, ask=False)
    with pytest.raises(NoGraph):
        clip.graph_of(many, ask=False)


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_no_text_does_anything_but_be_refused(text):
    with pytest.raises(NoGraph):
        clip.graph_of(text)
    with pytest.raises(NoGraph):
        clip.graph_of('{"format":"bpstudio.graph",' + text)
