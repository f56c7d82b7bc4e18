"""My parts: saved, listed, loaded, removed; names that a file system cannot take."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Node
from bpstudio.files.durable import SaveError
from bpstudio.files.parts import (
    BadPart,
    PartExists,
    delete_part,
    file_name,
    load_part,
    parts,
    save_part,
)
from tests.core.pieces import perceptron

ONE = Graph([Node("e", "exp")])


def test_what_is_saved_is_listed_loaded_and_removed(tmp_path):
    folder = tmp_path / "not yet" / "parts"
    assert parts(folder) == ()
    graph = perceptron()
    group = graph.apply(edits.group(graph, ["exp1", "negate1"], "Half a sigmoid"))
    piece = edits.clip(group, ["group1"])
    key = save_part(folder, " Half a\nsigmoid ", piece)
    assert save_part(folder, "another", ONE) == "another"
    assert [(part.title, part.gates, part.fault) for part in parts(folder)] == [
        ("another", 1, ""),
        ("Half a sigmoid", 2, ""),
    ]
    assert load_part(folder, key) == piece
    delete_part(folder, key)
    assert [part.key for part in parts(folder)] == ["another"]


def test_a_title_in_use_is_refused_unless_it_is_to_be_replaced(tmp_path):
    save_part(tmp_path, "Mine", ONE)
    with pytest.raises(PartExists, match="Mine"):
        save_part(tmp_path, "Mine", perceptron())
    assert save_part(tmp_path, "Mine", perceptron(), replace=True) == "Mine"
    assert load_part(tmp_path, "Mine") == perceptron()


def test_titles_that_only_differ_in_what_a_file_cannot_be_called_get_files_of_their_own(tmp_path):
    keys = [save_part(tmp_path, title, ONE) for title in ("a/b", "a:b", "A*b", "a_b")]
    assert len({key.casefold() for key in keys}) == 4
    assert {part.title for part in parts(tmp_path)} == {"a/b", "a:b", "A*b", "a_b"}


@given(st.text(max_size=300))
def test_a_file_s_name_is_one_name_on_every_system(title):
    name = file_name(title)
    assert len(name) <= 61
    assert not set(name) & set('/\\:*?"<>|\n\0.')
    assert name == name.strip()
    assert name.upper() not in ("CON", "NUL", "COM1")


@pytest.mark.parametrize("title", ["", "...", "../..", "\n", "???"])
def test_a_title_of_which_nothing_is_left_is_refused(tmp_path, title):
    with pytest.raises(BadPart, match="letters or digits"):
        save_part(tmp_path, title, ONE)
    assert parts(tmp_path) == ()


@pytest.mark.parametrize("key", ["", ".", "..", "../secret", "/etc/passwd", ".hidden", "a\0b"])
def test_a_key_leads_nowhere_but_into_the_folder(tmp_path, key):
    (tmp_path / "secret.bps").write_text("{}")
    folder = tmp_path / "parts"
    folder.mkdir()
    for use in (load_part, delete_part):
        with pytest.raises(BadPart, match="no part"):
            use(folder, key)
    assert (tmp_path / "secret.bps").exists()


def test_an_empty_graph_and_one_that_no_file_can_hold_are_refused(tmp_path):
    with pytest.raises(BadPart, match="at least one gate"):
        save_part(tmp_path, "void", Graph())
    with pytest.raises(BadPart, match="nan"):
        save_part(tmp_path, "odd", Graph([Node("x", "input", params={"value": float("nan")})]))


def test_a_broken_file_is_listed_with_its_fault_and_left_alone(tmp_path):
    save_part(tmp_path, "good", ONE)
    (tmp_path / "bad.bps").write_text("{")
    bad, good = parts(tmp_path)
    assert bad.title == "bad"
    assert bad.fault
    assert not good.fault
    with pytest.raises(BadPart, match=r"bad.*cannot be read"):
        load_part(tmp_path, "bad")
    with pytest.raises(BadPart, match=r"nothing.*cannot be"):
        delete_part(tmp_path, "nothing")
    with pytest.raises(BadPart, match="nothing"):
        load_part(tmp_path, "nothing")


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadPart, match="folder of your parts"):
        save_part(tmp_path / "file" / "parts", "x", ONE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_a_failure_to_save(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(SaveError):
        save_part(tmp_path, "x", ONE)
