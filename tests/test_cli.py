"""Each command: what it says, its JSON, its exit status, and every failure as one line."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bpstudio import assets, language
from bpstudio.cli import arguments, commands, display, main
from bpstudio.files import bps
from tests.files.documents import SAMPLE

PERCEPTRON = str(assets.path("examples", "perceptron.bps"))
SIMPLE = str(assets.path("examples", "simple.bps"))


@pytest.fixture(autouse=True)
def english() -> Any:
    yield
    language.use("en")


class Shell:
    """Runs command lines in this process."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture
        self.errors = ""

    def run(self, *words: str, status: int = 0) -> str:
        assert main(list(words)) == status
        out, self.errors = self._capture.readouterr()
        if status != 2:
            assert self.errors == ""
        return out

    def refused(self, *words: str) -> str:
        """The one line on stderr, without the program's name."""
        assert self.run(*words, status=2) == ""
        assert self.errors.startswith("bpstudio: ")
        assert self.errors.count("\n") == 1
        return self.errors.removeprefix("bpstudio: ").strip()


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture
def spoilt(tmp_path: Path) -> str:
    path = tmp_path / "spoilt.bps"
    path.write_bytes(SAMPLE.replace(b"-2.0", b"1e999"))
    return str(path)


# --- usage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", arguments.COMMANDS, ids=lambda c: c.name)
def test_every_command_has_help(shell: Shell, command: arguments.Command):
    assert command.title.split()[0] in shell.run(command.name, "--help")
    assert f"usage: bpstudio {command.name}" in shell.run(command.name, "--help")


def test_help_lists_every_command(shell: Shell):
    text = shell.run("--help")
    assert all(f"\n    {c.name} " in text for c in arguments.COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "a", "b"),
        ("run", SIMPLE, "--digits", "0"),
        ("run", SIMPLE, "--digits", "many"),
        ("export", SIMPLE),
        ("new",),
        ("--lang", "tlh", "run", SIMPLE),
        ("--unknown",),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_that_points_to_help(shell: Shell, words: tuple[str, ...]):
    assert "--help)" in shell.refused(*words)


def test_a_mistyped_command_is_recognised(shell: Shell):
    assert "did you mean run?" in shell.refused("rnu", SIMPLE)


def test_the_language_may_stand_before_or_behind_the_command(shell: Shell):
    for words in (("--lang", "en", "validate", SIMPLE), ("validate", SIMPLE, "--lang=en")):
        assert "a good document" in shell.run(*words)


# --- new ------------------------------------------------------------------------------------------


def test_new_makes_a_document_that_runs(shell: Shell, tmp_path: Path):
    path = str(tmp_path / "f.bps")
    settings = ("--set", "x=-2", "--set", "y=5", "--set", "z=−4")
    assert shell.run("new", "f = (x + y) * z", *settings, "-o", path) == ""
    traced = json.loads(shell.run("run", path, "--json"))
    assert traced["nodes"]["f"]["value"] == -12.0
    file, _ = bps.load(path)
    assert file.title == "f = (x + y) * z"
    assert len({node.at for node in file.graph.nodes.values()}) == 5


def test_new_without_a_file_writes_to_stdout(capfdbinary: pytest.CaptureFixture[bytes]):
    assert main(["new", "q = x + y\nf = q * x"]) == 0
    data = capfdbinary.readouterr().out
    assert bps.encode(bps.decode(data)) == data
    assert b'"title":"q = x + y ; f = q * x"' in data


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("f = (x +", "formula: line 1, column 9: "),
        ("q = x\nf = q +* 2", "formula: line 2, column 8: "),
        ("__import__('os')", "formula: line 1, column "),
        ("x = x + 1", "formula: line 1, column "),
        ("", "formula: line 1, column 1: "),
    ],
)
def test_a_bad_formula_is_refused_and_nothing_is_written(
    shell: Shell, tmp_path: Path, formula: str, says: str
):
    path = tmp_path / "f.bps"
    path.write_bytes(b"old")
    assert shell.refused("new", formula, "-o", str(path)).startswith(says)
    assert path.read_bytes() == b"old"


def test_a_tower_of_powers_neither_hangs_nor_fails(shell: Shell, tmp_path: Path):
    path = str(tmp_path / "f.bps")
    shell.run("new", "f = 9**9**9 * x", "-o", path)
    assert json.loads(shell.run("run", path, "--json"))["nodes"]["f"]["value"] == "inf"


@pytest.mark.parametrize("value", ["x", "x=", "=3", "x=abc", "x=__import__('os')", "x=nan", "x=1e"])
def test_a_bad_setting_is_refused(shell: Shell, value: str):
    assert shell.refused("run", SIMPLE, "--set", value).startswith(f"--set {value}: ")


def test_a_setting_names_an_input_that_is_there(shell: Shell, tmp_path: Path):
    text = shell.refused("run", SIMPLE, "--set", "v=1")
    assert text == f"{SIMPLE}: --set v: there is no such input; there are x, y, z"
    text = shell.refused("run", SIMPLE, "--set", "q=1")
    assert text == f"{SIMPLE}: --set q: its value is computed; values are set on x, y, z"
    assert "formula: --set v" in shell.refused("new", "f = x", "--set", "v=1")
    path = tmp_path / "two.bps"
    path.write_bytes(SAMPLE.replace(b'"kind":"add","pos"', b'"kind":"constant","label":"x","pos"'))
    path.write_bytes(path.read_bytes().replace(b'{"id":"w1","from":"x","to":["q","x"]},\n', b""))
    assert "use an id: q, x" in shell.refused("run", str(path), "--set", "x=1")


# --- run ------------------------------------------------------------------------------------------


def test_run_prints_the_numbers_of_the_perceptron(shell: Shell):
    lines = [line.split() for line in shell.run("run", PERCEPTRON).splitlines()]
    assert ["f", "reciprocal", "0.7311", "1"] in lines
    assert ["x1", "→", "multiply2.y", "−2", "−3", "0.1966", "−0.5898"] in lines


def test_the_table_is_aligned(shell: Shell):
    lines = shell.run("run", SIMPLE).splitlines()[2:8]
    assert len({len(line) for line in lines}) == 1


def test_digits_and_exact_choose_how_numbers_are_shown(shell: Shell):
    assert " 0.73 " in shell.run("run", PERCEPTRON, "--digits", "2")
    assert " 0.7310585786300049 " in shell.run("run", PERCEPTRON, "--exact")


def test_run_json_is_as_the_interfaces_fix_it(shell: Shell):
    traced = json.loads(shell.run("run", SIMPLE, "--json"))
    assert set(traced) == {"format", "nodes", "wires", "warnings"}
    assert traced["format"] == "bpstudio.trace"
    assert traced["nodes"]["q"] == {"gate": "add", "label": "q", "value": 3.0, "grad": -4.0}
    assert traced["wires"]["w1"] == {
        "from": "x",
        "to": ["q", "x"],
        "value": -2.0,
        "local": 1.0,
        "upstream": -4.0,
        "grad": -4.0,
    }
    assert traced["warnings"] == []


def test_settings_replace_values_for_one_run(shell: Shell):
    traced = json.loads(shell.run("run", SIMPLE, "--json", "--set", "x=1", "--set", "x=2e0"))
    assert traced["nodes"]["f"]["value"] == -28.0


def test_a_comma_list_is_a_batch_of_samples(shell: Shell):
    traced = json.loads(shell.run("run", SIMPLE, "--json", "--set", "x=1,-2,4", "--set", "y=2"))
    assert traced["batch"] == 3
    f = traced["nodes"]["f"]
    assert (f["value"], f["values"], f["grads"]) == (-12.0, [-12.0, 0.0, -24.0], [1.0, 1.0, 1.0])
    assert (f["mean"], f["spread"]["grad"]) == ({"value": -12.0, "grad": 1.0}, 0.0)
    assert f["spread"]["value"] == pytest.approx(96**0.5)
    wire = next(w for w in traced["wires"].values() if w["from"] == "q")
    assert (wire["value"], wire["values"], wire["grads"]) == (3.0, [3.0, 0.0, 6.0], [-4.0] * 3)


def test_one_sample_of_a_batch_is_shown_beside_mean_and_spread(shell: Shell):
    words = ("run", SIMPLE, "--set", "x=1,-2,4", "--sample", "2", "--digits", "3")
    lines = [line.split() for line in shell.run(*words).splitlines()]
    assert "A batch of 3 samples, here sample 2; then mean ± spread over all." in shell.run(*words)
    assert ["f", "multiply", "−36", "1", "−24", "±", "9.80", "1", "±", "0"] in lines
    assert ["x", "→", "q.x", "4", "1", "−4", "−4", "1", "±", "2.45", "−4", "±", "0"] in lines


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sample", "3"), "There is no sample 3: they are 0 to 2."),
        (("--sample", "-1"), "There is no sample -1: they are 0 to 2."),
        (("--set", "y=1,2"), "x has 3 samples and y has 2; a batch needs as many of each."),
        (("--set", "y=1,,2"), "--set y=1,,2: “” is no number"),
    ],
)
def test_a_bad_batch_is_refused(shell: Shell, words: tuple[str, ...], said: str):
    assert said in shell.refused("run", SIMPLE, "--set", "x=1,-2,4", *words)


def test_infinite_numbers_and_open_ports_are_strings_and_warnings(shell: Shell, tmp_path: Path):
    path = tmp_path / "f.bps"
    path.write_bytes(SAMPLE)
    traced = json.loads(shell.run("run", str(path), "--json", "--set", "x=-inf"))
    assert traced["nodes"]["x"]["value"] == "-inf"
    assert traced["nodes"]["f"]["value"] == "nan"
    assert {w["kind"] for w in traced["warnings"]} >= {"unwired"}
    assert all(set(w) == {"kind", "node", "sentence"} for w in traced["warnings"])
    assert "\n! " in shell.run("run", str(path))


def test_text_of_a_document_cannot_steer_the_terminal(shell: Shell, tmp_path: Path):
    path = tmp_path / "f.bps"
    escape = b"\\u001b]0;pwned\\u0007"
    path.write_bytes(SAMPLE.replace(b"(x+y)*z", escape).replace(b'"label":"x"', b'"label":"\\n"'))
    assert not {"\x1b", "\x07"} & set(shell.run("run", str(path)))


# --- check, validate ------------------------------------------------------------------------------


def test_check_compares_every_wire(shell: Shell):
    found = json.loads(shell.run("check", PERCEPTRON, "--json"))
    assert len(found["wires"]) == 12
    wire = next(iter(found["wires"].values()))
    assert set(wire) >= {"analytic", "numeric", "relative", "verdict"}
    assert {wire["verdict"] for wire in found["wires"].values()} == {"ok"}
    assert "12 wires: 12 ok" in shell.run("check", PERCEPTRON)


def test_check_names_kinks_and_ties_without_failing(shell: Shell, tmp_path: Path):
    path = str(tmp_path / "f.bps")
    shell.run("new", "f = relu(x) + max(y, z)", "--set", "x=0", "-o", path)
    text = shell.run("check", path)
    assert "\nkink: x → relu1.x: The step crosses a kink: the slope is 0 on the left and 1" in text
    assert "\ntie: y → max1.x: The step turns a tie: the slope is 0 on the left and 1" in text
    assert "\ntie: z → max1.y: The step turns a tie" in text
    lines = json.loads(shell.run("check", path, "--json"))["wires"].values()
    kink = next(line for line in lines if line["verdict"] == "kink")
    assert (kink["left"], kink["right"]) == pytest.approx((0.0, 1.0))


def test_a_wrong_gradient_fails_the_check(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    from dataclasses import replace

    from bpstudio.core import check

    real = check.check

    def wrong(graph: Any, *given: Any, **named: Any) -> check.Check:
        found = real(graph, *given, **named)
        lines = {key: replace(line, verdict="mismatch") for key, line in found.lines.items()}
        return replace(found, lines=lines)

    monkeypatch.setattr(check, "check", wrong)
    assert "4 mismatch" in shell.run("check", SIMPLE, status=1)


def test_the_sign_of_a_zero_stands_where_it_matters(shell: Shell, tmp_path: Path):
    path = str(tmp_path / "f.bps")
    shell.run("new", "f = 1/x", "--set", "x=-0.0", "-o", path)
    assert "! f is infinite here: 1 / (−0) is −∞." in shell.run("run", path)
    assert "! f is infinite here: 1 / 0 is ∞." in shell.run("run", path, "--set", "x=0")


def test_a_scale_out_of_range_is_refused_not_bent(shell: Shell, tmp_path: Path):
    for scale in ("9", "0.5", "nan", "big"):
        said = shell.refused("export", SIMPLE, str(tmp_path / "f.png"), f"--scale={scale}")
        assert "a scale is a number from 1 to 4" in said
    assert list(tmp_path.iterdir()) == []


def test_a_warning_is_of_the_sample_shown_or_says_that_it_is_not(shell: Shell, tmp_path: Path):
    path = str(tmp_path / "f.bps")
    shell.run("new", "f = log(x)", "--set", "x=1,-1,2", "-o", path)
    assert "! f: ln(−1) has no real value." in shell.run("run", path, "--sample", "1")
    text = shell.run("run", path, "--sample", "2")
    assert "! In another sample: f: ln(−1) has no real value." in text
    assert "! f: ln" not in text


def test_check_takes_a_step(shell: Shell, tmp_path: Path):
    path = str(tmp_path / "f.bps")
    shell.run("new", "f = relu(x)", "--set", "x=-1e-6", "-o", path)
    assert "1 wire: 1 ok" in shell.run("check", path)
    found = json.loads(shell.run("check", path, "--step", "1e-5", "--json"))["wires"]["w1"]
    assert found["verdict"] == "kink"
    assert found["numeric"] == pytest.approx(0.45)
    for bad in ("0", "-1", "2", "nan", "h"):
        assert "a step is a number above 0" in shell.refused("check", path, f"--step={bad}")


def test_check_looks_at_every_sample_of_a_batch(shell: Shell, tmp_path: Path):
    path = str(tmp_path / "f.bps")
    shell.run("new", "f = relu(x) + y", "--set", "x=1,2,0", "-o", path)
    text = shell.run("check", path)
    assert "All samples of the batch" in text
    assert "3 wires: 2 ok, 1 kink" in text
    wires = json.loads(shell.run("check", path, "--json"))["wires"].values()
    assert [(wire["verdict"], wire["sample"]) for wire in wires] == [
        ("kink", 2),
        ("ok", 0),
        ("ok", 0),
    ]
    assert "3 wires: 3 ok" in shell.run("check", path, "--sample", "1")
    assert "There is no sample 3" in shell.refused("check", path, "--sample", "3")


def test_batches_of_unequal_length_are_refused_by_name(shell: Shell, tmp_path: Path):
    path = tmp_path / "f.bps"
    said = "x has 3 samples and y has 2; a batch needs as many of each."
    words = ("--set", "x=1,2,3", "--set", "y=1,2")
    assert said in shell.refused("new", "f = x * y", *words, "-o", str(path))
    assert not path.exists()
    shell.run("new", "f = x * y", "--set", "x=1,2,3", "--set", "y=1,2,3", "-o", str(path))
    path.write_bytes(path.read_bytes().replace(b"[1.0,2.0,3.0]", b"[1.0,2.0]", 1))
    assert "x has 2 samples and y has 3" in shell.refused("validate", str(path))


def test_check_says_undefined_where_a_port_is_open(shell: Shell, tmp_path: Path):
    path = tmp_path / "f.bps"
    path.write_bytes(SAMPLE)
    found = json.loads(shell.run("check", str(path), "--json"))
    assert {wire["verdict"] for wire in found["wires"].values()} == {"undefined"}
    assert {wire["analytic"] for wire in found["wires"].values()} == {"nan"}


def test_validate_says_what_a_good_document_holds(shell: Shell):
    assert shell.run("validate", SIMPLE) == f"{SIMPLE}: a good document, 5 gates, 4 wires\n"


@pytest.mark.parametrize("command", ["run", "check", "validate", "export", "diff", ""])
def test_a_bad_document_is_one_line_with_file_place_and_reason(
    shell: Shell, spoilt: str, command: str, tmp_path: Path
):
    more = {"export": [str(tmp_path / "o.png")], "diff": [SIMPLE]}.get(command, [])
    assert main([*filter(None, [command]), spoilt, *more]) == 2
    line = shell._capture.readouterr().err
    assert line.startswith(f"bpstudio: {spoilt}: $.graph.gates[2].params.value: the number is too")
    assert line.count("\n") == 1


def test_a_missing_file_is_one_line(shell: Shell):
    text = shell.refused("run", "no/such.bps")
    assert text == "no/such.bps: file: there is no such file or folder"


# --- export ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "starts"), [("o.png", b"\x89PNG"), ("o.svg", b"<?xml"), ("o.PDF", b"%PDF")]
)
def test_exports_pictures_by_suffix(shell: Shell, tmp_path: Path, name: str, starts: bytes):
    out = tmp_path / name
    shell.run("export", SIMPLE, str(out), "--theme", "dark", "--scale", "2")
    assert out.read_bytes().startswith(starts)


def test_exports_a_program_that_gives_the_same_numbers(shell: Shell, tmp_path: Path):
    out = tmp_path / "f.py"
    shell.run("export", SIMPLE, str(out))
    done = subprocess.run([sys.executable, str(out)], capture_output=True, text=True, check=True)
    assert "-12" in done.stdout.replace("−", "-")
    shell.run("export", SIMPLE, str(tmp_path / "torch.txt"), "--to", "torch")
    assert "import torch" in (tmp_path / "torch.txt").read_text()


def test_an_unknown_suffix_or_exporter_names_the_known_ones(shell: Shell, tmp_path: Path):
    assert "png, svg, pdf, gif, numpy" in shell.refused("export", SIMPLE, str(tmp_path / "f.exe"))
    out = str(tmp_path / "f.py")
    assert "png, svg, pdf, gif, numpy" in shell.refused("export", SIMPLE, out, "--to", "excel")
    assert list(tmp_path.iterdir()) == []


def test_an_export_into_nowhere_is_one_line(shell: Shell, tmp_path: Path):
    text = shell.refused("export", SIMPLE, str(tmp_path / "none" / "f.py"))
    assert text.endswith("f.py was not saved: there is no such file or folder.")


# --- diff, examples -------------------------------------------------------------------------------


def test_diff_says_what_changed_in_words(shell: Shell, tmp_path: Path):
    path = tmp_path / "b.bps"
    path.write_bytes(Path(SIMPLE).read_bytes().replace(b'"value":-2.0', b'"value":7.5'))
    assert shell.run("diff", SIMPLE, str(path)) == "x: value −2 → 7.5.\n"
    assert shell.run("diff", SIMPLE, SIMPLE) == "The documents are the same.\n"


def test_examples_are_listed_and_written_out(shell: Shell, tmp_path: Path):
    assert "perceptron-sigmoid  The same perceptron" in shell.run("examples")
    path = tmp_path / "p.bps"
    assert shell.run("examples", "perceptron", "-o", str(path)) == ""
    assert path.read_bytes() == Path(PERCEPTRON).read_bytes()
    assert "there are simple, " in shell.refused("examples", "none", "-o", str(path))
    assert "which example?" in shell.refused("examples", "-o", str(path))


# --- the window and the display -------------------------------------------------------------------


def test_the_window_gets_the_files_and_the_language_asked_for(monkeypatch: pytest.MonkeyPatch):
    from bpstudio.ui import window

    opened: list[tuple[list[str], str]] = []
    monkeypatch.setattr(window, "open_window", lambda *given: opened.append(given) or 0)
    assert main(["--window", SIMPLE, "other.bps"]) == 0
    assert main(["--window", "--lang", "en", SIMPLE]) == 0
    assert opened == [([SIMPLE, "other.bps"], ""), ([SIMPLE], "en")]


def test_without_a_display_good_files_are_shown_and_bad_ones_named(
    capsys: pytest.CaptureFixture[str], spoilt: str
):
    assert main([SIMPLE, spoilt]) == 2
    out, errors = capsys.readouterr()
    assert "−12" in out
    assert out.splitlines()[-1].startswith("There is no display (QT_QPA_PLATFORM is offscreen)")
    assert errors.count("\n") == 1


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return monkeypatch


def test_a_display_is_one_that_answers(bare: pytest.MonkeyPatch, tmp_path: Path):
    assert "neither DISPLAY nor" in display.missing()
    bare.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bare.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert "nothing answers at wayland-7" in display.missing()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert display.missing() == ""


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "127.0.0.1:{}.0", "tcp/127.0.0.1:{}"])
def test_a_display_on_another_machine_is_asked(bare: pytest.MonkeyPatch, form: str):
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        bare.setenv("DISPLAY", form.format(number))
        assert display.missing() == ""
    assert "nothing answers" in display.missing()


@pytest.mark.parametrize("wrong", ["nonsense", ":x", ":99999", "", "host:"])
def test_a_display_that_makes_no_sense_is_none(bare: pytest.MonkeyPatch, wrong: str):
    bare.setenv("DISPLAY", wrong)
    assert display.missing().startswith("There is no display")


def test_a_platform_the_user_chose_is_trusted(bare: pytest.MonkeyPatch):
    bare.setenv("QT_QPA_PLATFORM", "vnc:size=800x600")
    assert display.missing() == ""
    bare.setenv("QT_QPA_PLATFORM", "offscreen")
    assert "QT_QPA_PLATFORM is offscreen" in display.missing()


def test_missing_system_libraries_are_named_with_the_line_that_installs_them(
    bare: pytest.MonkeyPatch, tmp_path: Path
):
    broken = tmp_path / "libqxcb.so"
    broken.write_bytes(b"no library")
    bare.setenv("DISPLAY", ":0")
    bare.setattr(display, "_plugin", lambda: broken)
    assert "sudo apt-get install -y libgl1 " in display.missing_libraries()
    assert "libxcb-cursor0" in display.missing_libraries()
    lacking = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    assert "the system library libGL.so.1: sudo apt-get" in display.unusable(lacking)
    none = ModuleNotFoundError("No module named 'PySide6'", name="PySide6")
    assert "pip install 'PySide6-Essentials>=6.10" in display.unusable(none)
    assert display.unusable(ImportError("cannot import name 'x'")) == ""


def test_the_packages_are_those_of_the_notes():
    assert display.DISPLAY_PACKAGES.split()[:7] == [
        *display.OFFSCREEN_PACKAGES.split(),
        "libxcb-cursor0",
    ]
    assert len(display.DISPLAY_PACKAGES.split()) == 19


@pytest.mark.parametrize(
    ("python", "version", "refused"),
    [
        ((3, 11), "6.12.0", True),
        ((3, 11), "6.12.3", True),
        ((3, 11), "6.11.3", False),
        ((3, 12), "6.12.0", False),
    ],
)
def test_a_pyside_that_crashes_is_refused_with_the_line_that_helps(
    monkeypatch: pytest.MonkeyPatch, python: tuple[int, int], version: str, refused: bool
):
    class Version(tuple[int, ...]):
        major, minor = python

    monkeypatch.setattr(sys, "version_info", Version(python))
    monkeypatch.setattr(display.importlib.metadata, "version", lambda name: version)
    found = display.wrong_version()
    assert bool(found) == refused
    if refused:
        assert "pip install 'PySide6-Essentials>=6.10,<6.12'" in found


# --- what must not happen -------------------------------------------------------------------------


def test_a_fault_of_the_program_is_one_line_that_says_how_to_report_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
):
    def fail(path: str) -> None:
        raise KeyError("inner\nname")

    monkeypatch.setattr(commands, "_load", fail)
    assert "BPSTUDIO_DEBUG=1" in shell.refused("run", SIMPLE)
    monkeypatch.setenv("BPSTUDIO_DEBUG", "1")
    shell.run("run", SIMPLE, status=2)
    assert "Traceback" in shell.errors


def test_an_interrupt_is_silent(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    def interrupt(path: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "_load", interrupt)
    assert shell.run("run", SIMPLE, status=130) == ""
