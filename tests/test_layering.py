"""The rooms: imports only point down, heavy libraries live in one room each and load only when needed."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import punkdetect
from fakes import write_portrait

PACKAGE = Path(punkdetect.__file__).parent

LEVELS = (
    {"errors", "vocabulary", "punks", "packaged", "packed", "plural", "reports", "records", "cells",
     "punkdetect"},
    {"sources", "formats", "png", "images", "sheets", "grid", "bitrows", "pixels", "texture",
     "inference", "integer_network", "metrics", "rarity", "config", "color_names", "noise", "face_model",
     "named_files"},
    {"inputs", "landmarks", "gate", "labels", "model_cards", "tables", "calibration", "recorded"},
    {"detectors", "synth", "words"},
    {"answers", "pipeline", "evaluate", "training", "writers", "report", "review", "journal",
     "engines", "counterfactual"},
    {"cli", "__main__"},
)  # fmt: skip
"""Rooms by level, the lowest first. A module may import rooms of lower levels, and its own."""

PAGE = PACKAGE.parents[1] / "docs" / "architecture.md"
"""Says the same in a table."""

NEIGHBOURS = {
    ("png", "formats"), ("images", "formats"), ("images", "png"), ("grid", "pixels"), ("texture", "pixels"),
    ("pixels", "bitrows"), ("evaluate", "pipeline"), ("training", "evaluate"), ("__main__", "cli"),
    ("punks", "vocabulary"), ("reports", "punks"), ("review", "report"), ("review", "writers"),
    ("counterfactual", "pipeline"), ("report", "counterfactual"),
    ("config", "named_files"),
    ("evaluate", "answers"), ("pipeline", "answers"), ("engines", "pipeline"), ("engines", "writers"),
    ("journal", "writers"),
}  # fmt: skip
"""Imports that stay on one level, each of them one way."""

HOMES = {
    "cv2": set(),  # the tests' oracle, and what MediaPipe brings: nothing here needs it
    "PIL": {"images"},
    "yaml": {"config"},
    "click": {"cli"},
    "skimage": {"training"},
    "sklearn": {"training"},
    "torch": {"training"},
    "pyarrow": {"writers", "engines", "tables"},
    "ray": {"engines"},
    "mediapipe": {"detectors"},
}
"""Where each library may be imported at all."""

LAZY = {"skimage", "sklearn", "torch", "pyarrow", "ray", "mediapipe", "yaml", "PIL"}
"""Libraries that are imported inside the function that needs them."""


def modules() -> Iterator[tuple[str, str, ast.Module]]:
    """Yield the room, the dotted name and the tree of every module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] == "_packaged":
            continue
        name = ".".join(p for p in parts if p != "__init__") or "punkdetect"
        yield (parts[0] if parts[0] != "__init__" else "punkdetect"), name, ast.parse(path.read_text())


def imports(tree: ast.AST, top_only: bool = False) -> Iterator[str]:
    """Yield the dotted names that are imported at run time, not those only for type checkers."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not (top_only and isinstance(node, (ast.FunctionDef, ast.ClassDef))):
            yield from imports(node, top_only)


def room_of(imported: str) -> str:
    """Return the room of a dotted name inside the package."""
    parts = imported.split(".")[1:]
    return parts[0] if parts and (parts[0] in ROOMS) else "punkdetect"


def test_the_page_on_architecture_names_every_room_on_its_level() -> None:
    rows = re.findall(r"^\| (\d) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {int(level): set(re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", rooms))) for level, rooms in rows}
    assert told == {i: level - {"punkdetect"} for i, level in enumerate(LEVELS)}


def test_the_page_on_architecture_says_what_each_landmark_needs() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \| ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {landmark: set(needs.split(", ")) for landmark, needs in rows if landmark != "palette"}
    tree = ast.parse((PACKAGE / "landmarks" / "__init__.py").read_text())
    (noun,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Landmarks")
    parts = {n.name: n for n in noun.body if isinstance(n, ast.FunctionDef) and n.decorator_list}
    needed = {
        name: {need for need in parts if re.search(rf"self\.{need}\b", ast.unparse(part))}
        for name, part in parts.items()
        if name != "palette"
    }
    assert told == needed


ROOMS = {room for level in LEVELS for room in level}
LEVEL_OF = {room: i for i, level in enumerate(LEVELS) for room in level}
MODULES = list(modules())
NAMES = [name for _, name, _ in MODULES]


@pytest.mark.parametrize(("room", "name", "tree"), MODULES, ids=NAMES)
def test_imports_only_point_down(room: str, name: str, tree: ast.Module) -> None:
    assert room in LEVEL_OF, f"{name} has no level: add its room to LEVELS"
    for imported in imports(tree):
        if imported.split(".")[0] == "punkdetect" and name != "punkdetect":
            other = room_of(imported)
            allowed = other == room or LEVEL_OF[other] < LEVEL_OF[room] or (room, other) in NEIGHBOURS
            assert allowed, f"{name} (level {LEVEL_OF[room]}) imports {imported} (level {LEVEL_OF[other]})"


@pytest.mark.parametrize(("room", "name", "tree"), MODULES, ids=NAMES)
def test_libraries_stay_in_their_rooms(room: str, name: str, tree: ast.Module) -> None:
    for imported in imports(tree):
        library = imported.split(".")[0]
        if library in HOMES:
            assert room in HOMES[library], f"{name} imports {library}, which belongs to {HOMES[library]}"


@pytest.mark.parametrize(("room", "name", "tree"), MODULES, ids=NAMES)
def test_heavy_libraries_are_imported_where_they_are_needed(room: str, name: str, tree: ast.Module) -> None:
    if room == "training":
        return  # nothing imports it but the command that trains
    at_once = {imported.split(".")[0] for imported in imports(tree, top_only=True)}
    assert not at_once & LAZY, f"{name} imports {at_once & LAZY} before anybody needs it"


@pytest.mark.parametrize(("room", "name", "tree"), MODULES, ids=NAMES)
def test_detectors_and_commands_never_import_each_other(room: str, name: str, tree: ast.Module) -> None:
    if room not in ("detectors", "cli") or "." not in name:
        return
    for imported in imports(tree):
        parts = imported.split(".")
        if parts[:2] == ["punkdetect", room] and len(parts) > 2 and parts[2] in _siblings(room):
            assert parts[2].startswith("_"), f"{name} imports {imported}"


def _siblings(room: str) -> set[str]:
    return {path.stem for path in (PACKAGE / room).glob("*.py") if path.stem != "__init__"}


@pytest.mark.parametrize(("room", "name", "tree"), MODULES, ids=NAMES)
def test_command_modules_import_nothing_heavy_at_once(room: str, name: str, tree: ast.Module) -> None:
    if room == "cli":
        own = {"punkdetect.cli", "punkdetect.errors", "punkdetect.vocabulary", "punkdetect.__version__"}
        for imported in imports(tree, top_only=True):
            if imported.startswith("punkdetect"):
                assert any(imported.startswith(o) for o in own), f"{name} imports {imported} at once"


def loaded_by(*args: str, cwd: Path) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after a run of the command."""
    code = (
        "import sys\n"
        "from punkdetect.cli import run\n"
        "code = run(sys.argv[1:])\n"
        "assert code == 0, code\n"
        "print('LOADED', *sys.modules, file=sys.stderr)\n"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split("LOADED")[1].split())


HEAVY = {
    "numpy", "PIL", "cv2", "yaml", "skimage", "scipy", "sklearn", "torch", "pyarrow", "ray", "mediapipe",
    "onnxruntime", "pandas", "email", "importlib_metadata", "difflib", "asyncio", "multiprocessing", "http",
    "unittest", "hypothesis", "pytest", "csv", "subprocess", "tempfile", "zipfile", "random",
    "concurrent", "ctypes.util", "numpy.ma", "punkdetect.grid", "punkdetect.synth", "punkdetect.training",
    "punkdetect.report", "punkdetect.engines.workers", "punkdetect.journal", "punkdetect.sheets",
    "punkdetect.evaluate", "punkdetect.words", "punkdetect.tables", "punkdetect.labels", "importlib.metadata",
    "signal",
}  # fmt: skip


COMMANDS = sorted(
    p.stem.replace("_", "-") for p in (PACKAGE / "cli").glob("*.py") if not p.stem.startswith("_")
)


@pytest.mark.parametrize("args", [("--help",), ("--version",), *((name, "--help") for name in COMMANDS)])
def test_help_imports_nothing_heavy(args: tuple[str, ...], tmp_path: Path) -> None:
    assert loaded_by(*args, cwd=tmp_path) & HEAVY == set()


def test_analyze_imports_what_one_portrait_needs_and_no_more(tmp_path: Path) -> None:
    write_portrait(tmp_path / "a.png")
    loaded = loaded_by("analyze", "--all", "a.png", cwd=tmp_path)
    assert loaded & HEAVY == {"numpy", "PIL"}


def test_scan_imports_what_a_table_needs_and_no_more(tmp_path: Path) -> None:
    write_portrait(tmp_path / "a" / "a.png")
    loaded = loaded_by("scan", "--all", "a", cwd=tmp_path)
    assert loaded & HEAVY == {"numpy", "PIL", "csv", "signal", "punkdetect.engines.workers"}


def test_importing_the_package_costs_nothing(tmp_path: Path) -> None:
    code = "import sys, punkdetect; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert set(done.stdout.split()) & (HEAVY | {"click"}) == set()


def test_every_public_name_loads() -> None:
    for name in punkdetect.__all__:
        assert getattr(punkdetect, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        punkdetect.nothing  # noqa: B018  (looking it up is the test)
