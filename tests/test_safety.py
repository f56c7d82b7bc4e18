"""Nothing in the program runs what a document says: no eval, no pickle, no import by name, and
reading a document touches nothing but the document."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import bpstudio
from tests.files.documents import SAMPLES

PACKAGE = Path(bpstudio.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
CALLS = {"eval", "exec", "compile", "__import__", "import_module", "spec_from_file_location"}
IMPORTS = {"pickle", "marshal", "shelve", "dill", "joblib", "runpy", "imp", "code", "codeop"}
NUMPY = {"load", "save", "savez", "fromfile", "memmap"}
GENERATED = {"core/codegen.py": {"exec", "compile"}}
"""The one place that runs source: made by us from the gate table's text and integers."""


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_harmless(node: ast.Call) -> bool:
    """`re.compile` is no compiler, and the `exec` of a Qt object (no built-in) only waits."""
    if not isinstance(node.func, ast.Attribute):
        return False
    owner = getattr(node.func.value, "id", "")
    return owner == "re" or (node.func.attr == "exec" and owner != "builtins")


def _is_numpy(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in (
        "np",
        "numpy",
    )


def _faults(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _called(node)
            if name in CALLS and not _is_harmless(node):
                found.add(name)
            if name in NUMPY and _is_numpy(node):
                found.add(f"np.{name}")
            found |= {"allow_pickle" for word in node.keywords if word.arg == "allow_pickle"}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[0] for a in node.names} & IMPORTS
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").split(".")[0]} & IMPORTS
            found |= {a.name for a in node.names} & CALLS
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            # A name handed on (`run = eval`) is as good as a call.
            found |= {node.id} & (CALLS - {"compile"})
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_module_can_run_text_or_unpickle(path: Path):
    allowed = GENERATED.get(path.relative_to(PACKAGE).as_posix(), set())
    assert _faults(ast.parse(path.read_text("utf-8"))) <= allowed


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "run = exec",
        "builtins.exec(x)",
        "import pickle",
        "from marshal import loads",
        "importlib.import_module(name)",
        "from importlib import import_module",
        "np.load(path)",
        "read(path, allow_pickle=True)",
        "compile(text, '', 'exec')",
        "__import__('os')",
    ],
)
def test_the_search_finds_what_it_looks_for(text: str):
    assert _faults(ast.parse(text))


_WATCH = """
import sys
from bpstudio.files import bps
from bpstudio.core.plan import Plan

bps.load(sys.argv[1])  # whatever is imported late is imported by now
seen = []
watched = ("socket.", "subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn",
           "ctypes.", "import", "exec", "compile", "pickle.", "marshal.", "urllib.", "open")
sys.addaudithook(lambda event, given: seen.append((event, str(given[:1])))
                 if event.startswith(watched) and on else None)
on = True
for path in sys.argv[1:]:
    file, _ = bps.load(path)
    try:
        bps.decode(b'{"format":"bpstudio.graph","version":1,"graph":"file:///etc/passwd"}')
    except bps.BadDocument:
        pass
on = False
wrong = [s for s in seen if s[0] != "open" or not any(p in s[1] for p in sys.argv[1:])]
print(len(seen), wrong)
sys.exit(bool(wrong) or len(seen) != len(sys.argv) - 1)
"""


def test_loading_a_document_opens_that_document_and_nothing_else():
    paths = [str(path) for path in sorted(SAMPLES.glob("*.bps"))]
    done = subprocess.run(
        [sys.executable, "-c", _WATCH, *paths],
        capture_output=True,
        text=True,
        cwd=PACKAGE.parent,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
