"""CSV files as tables and as samples: what is wrong is named by its line, nothing is silent."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpstudio.nn import table as tables
from bpstudio.nn.faults import DataError
from bpstudio.nn.samples import MISSING, SCALINGS, samples_of
from bpstudio.nn.sniffing import DELIMITERS, CannotRead, Format, sniff
from bpstudio.nn.spec import NetworkSpec, Spec
from bpstudio.nn.table import (
    CATEGORY,
    NUMBER,
    TEXT,
    Cancelled,
    read_bytes,
    read_file,
)
from bpstudio.nn.trainer import Trainer

IRIS = """length,width,species
5.1,3.5,setosa
7.0,3.2,versicolor
6.3,3.3,virginica
4.9,3.0,setosa
"""


def table_of(text, **given):
    return read_bytes(text.encode(), **given)


def kinds(table):
    return {column.name: column.kind for column in table.columns}


# --- sniffing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "delimiter", "header", "decimal"),
    [
        (IRIS, ",", True, "."),
        (IRIS.replace(",", ";"), ";", True, "."),
        (IRIS.replace(",", "\t"), "\t", True, "."),
        (IRIS.replace(",", "|"), "|", True, "."),
        ("1,2\n3,4\n", ",", False, "."),
        ("a;b\n1,5;2,25\n3;4\n", ";", True, ","),
        ("1,5;2,25\n3;4\n", ";", False, ","),
        ("x\n1\n2\n", ",", True, "."),
        ("red,blue\nblue,red\nred,red\n", ",", False, "."),
        ("first,second\nblue,red\nred,red\n", ",", True, "."),
        ("a, b\n1, 2\n", ",", True, "."),
    ],
)
def test_delimiter_header_and_decimal_comma_are_sniffed(text, delimiter, header, decimal):
    found = sniff(text.encode())
    assert (found.delimiter, found.header, found.decimal) == (delimiter, header, decimal)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_of_any_usual_encoding_is_read(encoding):
    table = read_bytes("身高,类别\n1.7,高\n1.5,矮\n".encode(encoding))
    assert [column.name for column in table.columns] == ["身高", "类别"]
    assert set(table.columns[1].texts) == {"高", "矮"}


def test_kinds_are_sniffed_and_can_be_set():
    assert kinds(table_of(IRIS)) == {"length": NUMBER, "width": NUMBER, "species": CATEGORY}
    table = table_of("a,b\n1,2\n2,3\n", kinds={"b": "category"})
    assert kinds(table) == {"a": NUMBER, "b": CATEGORY}
    assert table.column("b").texts == ("2", "3")


def test_a_format_that_is_given_is_taken():
    table = table_of("1,2\n3,4\n", given=Format(header=True))
    assert [column.name for column in table.columns] == ["1", "2"]
    assert table.rows == 1


def test_columns_without_or_with_the_same_names_stay_apart():
    table = table_of("a,a,\n1,2,3\n", given=Format())
    assert [column.name for column in table.columns] == ["a", "a (2)", "c3"]


# --- what is wrong --------------------------------------------------------------------------------


def test_accents_of_western_words_are_not_taken_for_chinese():
    text = "Größe;Farbe\n1,7;grün\n1,5;weiß\n1,2;blau\n"
    table = read_bytes(text.encode("latin-1"))
    assert [column.name for column in table.columns] == ["Größe", "Farbe"]
    assert set(table.columns[1].texts) == {"grün", "weiß", "blau"}


def test_ragged_rows_are_left_out_and_named_by_line():
    table = table_of("a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert table.lines.tolist() == [2, 5]
    assert [problem.line for problem in table.problems] == [3, 4]
    assert table.problems[0].sentence == "Line 3 has 1 cell instead of 2; it is left out."
    assert table.left_out == 2


def test_text_in_a_column_of_numbers_is_named_by_line():
    rows = "".join(f"{i},{i}\n" for i in range(20))
    table = table_of(f"a,b\n{rows}5,five\n1_000,1\ninf,1\n")
    assert [problem.sentence for problem in table.problems] == [
        "Line 22: “five” in “b” is no number.",
        "Line 23: “1_000” in “a” is no number.",
        "Line 24: “inf” in “a” is no number.",
    ]
    assert np.isnan(table.column("b").values[20])


@pytest.mark.parametrize("word", ["", "?", "NA", "NaN", "null", " "])
def test_missing_values_are_named_by_line(word):
    table = table_of(f"a,b,c\n1,2,u\n3,{word},v\n5,6,{word}\n")
    assert [problem.sentence for problem in table.problems] == [
        "Line 3: “b” is missing.",
        "Line 4: “c” is missing.",
    ]
    assert table.column("c").values.tolist() == [0, 1, -1]


def test_lines_are_counted_through_blank_ones_and_quoted_breaks():
    table = table_of('a,b\n\n1,"two\nlines"\n\n3,x\n4\n', given=Format())
    assert table.lines.tolist() == [3, 6]
    assert [problem.line for problem in table.problems] == [7]


def test_problems_are_counted_where_there_are_too_many_to_keep(monkeypatch):
    monkeypatch.setattr(tables, "SHOWN", 3)
    table = table_of("a,b\n" + "1\n" * 10 + "1,2\n")
    assert len(table.problems) == 3
    assert table.problem_count == 10


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n  \n", "The file is empty."),
        (b"a,b\n", "no rows of data"),
        (b"name,size,colour\n", "no rows of data"),
        ("\ufeff高,宽\n\n".encode(), "no rows of data"),
        (b"a,b\n1\n2\n", "no rows of data"),
        (b"PK\0\0\1", "no text file"),
        (b'a,b\n"' + b"x" * 200_000 + b'",1\n', "Line 2"),
    ],
)
def test_what_is_no_table_is_refused(data, sentence):
    given = Format() if data.startswith(b"a,b") else None
    with pytest.raises(CannotRead, match=sentence):
        read_bytes(data, given=given)


def test_a_cell_without_end_is_refused_in_our_words():
    with pytest.raises(DataError, match=r"^Line 2: a cell is longer than 131,072 characters; is a"):
        read_bytes(b"a,y\n" + b"9" * 200_000 + b",1\n2,3\n")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CannotRead, match="No such file"):
        read_file(tmp_path / "none.csv")


def test_a_wrong_encoding_is_refused():
    with pytest.raises(CannotRead, match="no utf-8 text"):
        read_bytes(b"a,b\n\xff,1\n", given=Format(encoding="utf-8"))


def test_reading_tells_its_progress_and_can_be_cancelled(tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("a,b\n" + "1,2\n" * 35_000)
    heard = []
    assert read_file(path, progress=heard.append).rows == 35_000
    assert len(heard) == 4
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    with pytest.raises(Cancelled):
        read_file(path, until=lambda: True)


def test_a_column_of_remarks_is_no_category():
    text = "a,remark\n" + "".join(f"{i},remark {i}\n" for i in range(1500))
    table = table_of(text)
    assert kinds(table) == {"a": NUMBER, "remark": TEXT}
    with pytest.raises(DataError, match="“remark” has too many different values"):
        samples_of(table, "remark")


def test_a_name_in_every_row_is_no_category_but_few_texts_are():
    rows = "".join(f"person {i},{'yes' if i % 2 else 'no'},{i}\n" for i in range(43))
    text = "name,ok,n\n" + rows
    assert kinds(table_of(text)) == {"name": TEXT, "ok": "category", "n": NUMBER}
    assert kinds(table_of(text, kinds={"name": "category"}))["name"] == "category"
    few = "name,n\n" + "".join(f"p{i},{i}\n" for i in range(12))
    assert kinds(table_of(few))["name"] == "category"


_cells = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["", "NA", "x", "1e5", "-3", '"', "a,b", "line\nbreak", "1_0", "∞"]),
    st.text(max_size=5),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(_cells, max_size=4), max_size=12), st.sampled_from(DELIMITERS))
def test_any_file_is_read_or_refused_in_a_sentence(rows, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    data = out.getvalue().encode("utf-8", "replace")
    try:
        table = read_bytes(data)
    except CannotRead:
        return
    assert all(column.values.size == table.rows for column in table.columns)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 3), min_size=1, max_size=20
    )
)
def test_numbers_are_read_back_to_the_last_bit(rows):
    text = "a,b,c\n" + "".join(",".join(map(repr, row)) + "\n" for row in rows)
    table = table_of(text)
    found = np.stack([column.values for column in table.columns], axis=1)
    assert np.array_equal(found, np.array(rows))


# --- samples --------------------------------------------------------------------------------------


def test_a_category_becomes_one_column_per_text():
    samples = samples_of(table_of(IRIS), "species", output="softmax")
    assert samples.classes == ("setosa", "versicolor", "virginica")
    assert samples.data.targets.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert samples.features == ("length", "width")
    assert samples.data.inputs[0].tolist() == [5.1, 3.5]
    assert samples.data.classes == 3
    assert samples.notes == ()


def test_categories_among_the_inputs_become_ones():
    table = table_of("colour,y\nred,1\nblue,2\nred,4\n")
    samples = samples_of(table, "y")
    assert samples.features == ("colour=blue", "colour=red")
    assert samples.data.inputs.tolist() == [[0, 1], [1, 0], [0, 1]]
    assert samples.outputs == ("y",)


@pytest.mark.parametrize(("output", "low"), [("tanh", -1.0), ("sigmoid", 0.0)])
def test_two_classes_are_one_column_that_the_output_can_reach(output, low):
    samples = samples_of(table_of("x,c\n1,no\n2,yes\n"), "c", output=output)
    assert samples.data.targets.tolist() == [[low], [1.0]]


def test_numbers_can_be_taken_as_classes():
    samples = samples_of(table_of("x,c\n1,2\n2,10\n3,2\n"), "c", as_category=["c"])
    assert samples.classes == ("2", "10")


def test_nothing_is_scaled_unless_asked():
    samples = samples_of(table_of("x,y\n100,1\n300,2\n"), "y")
    assert samples.data.inputs.tolist() == [[100.0], [300.0]]
    assert all((scale.shift, scale.factor) == (0, 1) for scale in samples.scales)


@pytest.mark.parametrize(
    ("scaling", "wanted", "sentence"),
    [
        ("standard", [[-1.0], [1.0]], "x: minus 200, times 0.01"),
        ("zero_to_one", [[0.0], [1.0]], "x: minus 100, times 0.005"),
        ("minus_one_to_one", [[-1.0], [1.0]], "x: minus 200, times 0.01"),
    ],
)
def test_scaling_is_done_as_asked_and_said(scaling, wanted, sentence):
    samples = samples_of(table_of("x,k,y\n100,7,1\n300,7,2\n"), "y", scaling=scaling)
    assert samples.data.inputs[:, :1].tolist() == wanted
    assert samples.notes == (sentence, "k: minus 7, times 1")
    assert np.allclose(samples.apply(np.array([[100.0, 7.0]])), samples.data.inputs[:1])


def test_scaling_is_measured_on_the_training_samples_alone():
    text = "x,y\n" + "".join(f"{i**3},{i}\n" for i in range(40))
    samples = samples_of(table_of(text), "y", scaling="standard", test=0.5, seed=3)
    assert abs(samples.data.inputs.mean()) < 1e-12
    assert abs(samples.data.test_inputs.mean()) > 1e-3
    assert len(samples.data.inputs) == len(samples.data.test_inputs) == 20


@pytest.mark.parametrize("scaling", SCALINGS)
def test_no_scaling_makes_numbers_into_none(scaling):
    samples = samples_of(table_of("x,y\n-1e308,1\n1e308,2\n0,3\n"), "y", scaling=scaling)
    assert np.isfinite(samples.data.inputs).all()


def test_predictions_are_undone_to_the_tables_units():
    table = table_of("x,y\n1,10\n2,20\n3,90\n")
    samples = samples_of(table, "y", target_scaling="standard")
    assert np.allclose(samples.undo(samples.data.targets), [[10], [20], [90]])


def test_rows_that_miss_a_value_are_left_out_and_named():
    table = table_of("x,y\n1,2\n?,3\n4,\n5,6\n")
    samples = samples_of(table, "y")
    assert samples.data.inputs.tolist() == [[1.0], [5.0]]
    assert samples.left_out == 2
    assert samples.notes == ("2 rows are left out because they miss a value: lines 3, 4",)
    with pytest.raises(DataError, match="2 rows miss a value: lines 3, 4"):
        samples_of(table, "y", missing="refuse")


def test_gaps_can_be_filled_with_the_mean_and_that_is_said():
    samples = samples_of(table_of("x,y\n1,2\n?,3\n5,6\n"), "y", missing="mean")
    assert samples.data.inputs.tolist() == [[1.0], [3.0], [5.0]]
    assert samples.notes == ("1 gap in x is filled with its mean 3",)


REFUSED = {
    "one class": ("x,c\n1,u\n2,u\n", {"targets": "c"}, "same value in every row"),
    "one number": ("x,c\n1,5\n2,5\n", {"targets": "c"}, "same value in every row"),
    "no such column": ("x,c\n1,5\n", {"targets": "z"}, "no column “z”"),
    "both at once": ("x,c\n1,5\n", {"targets": "c", "features": ["c"]}, "at once"),
    "no inputs": ("c\n1\n5\n", {"targets": "c"}, "at least one column"),
    "two categories": ("x,a,b\n1,u,v\n2,v,u\n", {"targets": ["a", "b"]}, "Predict one category"),
    "nothing left": ("x,c\n?,5\n1,?\n", {"targets": "c"}, "No row has a value"),
    "unknown scaling": ("x,c\n1,5\n", {"targets": "c", "scaling": "magic"}, "no “magic”"),
    "all for testing": ("x,c\n1,5\n2,6\n", {"targets": "c", "test": 1.0}, "share of test data"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_gives_no_samples_is_refused(case):
    text, chosen, sentence = REFUSED[case]
    with pytest.raises(DataError, match=sentence):
        samples_of(table_of(text), **chosen)


def test_too_many_texts_among_the_inputs_are_refused():
    text = "name,y\n" + "".join(f"n{i % 300},{i}\n" for i in range(900))
    with pytest.raises(DataError, match="“name” has 300 different texts"):
        samples_of(table_of(text), "y")


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("missing", [word for word in MISSING if word != "refuse"])
def test_a_network_learns_from_any_choice(scaling, missing):
    rng = np.random.default_rng(0)
    rows = [
        f"{a:.3f},{'u' if a > 0 else 'v'},{b:.3f},{3 * a + b:.4f}"
        for a, b in rng.normal(size=(60, 2))
    ]
    rows[7] = "?,u,1.0,2.0"
    table = table_of("a,side,b,y\n" + "\n".join(rows) + "\n")
    samples = samples_of(table, "y", scaling=scaling, missing=missing, test=0.25)
    trainer = Trainer(Spec(NetworkSpec((4, 4, 1), output="linear"), samples.data, epochs=5))
    before = trainer.loss()
    trainer.run(epochs=30)
    assert trainer.loss() < before / 2
    assert math.isfinite(trainer.loss("test"))


def test_a_single_row_is_said_to_be_too_few():
    table = table_of("1,2\n")
    with pytest.raises(DataError, match="a single row to use"):
        samples_of(table, table.columns[-1].name)
