"""The registry: every detector once, plug-ins by entry point, both named when two share a name."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from fakes import CornerDetector, run_command, write_portrait
from punkdetect import detectors
from punkdetect.detectors import collect_detectors, load_registry
from punkdetect.detectors._combined import METHOD, WEIGHTS
from punkdetect.detectors._where_hair_is import ASKING
from punkdetect.detectors._where_hair_is import METHOD as WHERE_HAIR_IS
from punkdetect.errors import EnvironmentUnusableError

PLUGIN = Path(__file__).parent / "plugin_package"


def install(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Put a folder with a distribution on the path, as an installer would."""
    monkeypatch.syspath_prepend(str(folder))


def fake_distribution(folder: Path, name: str, code: str, target: str = "DETECTORS") -> Path:
    """Write an installed distribution with one module and one entry point."""
    (folder / f"{name}.py").write_text(code)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[punkdetect.detectors]\n{name} = {name}:{target}\n")
    return folder


def test_every_built_in_module_is_found_and_keeps_the_contract() -> None:
    registry = load_registry()
    modules = [p.stem for p in Path(detectors.__file__).parent.glob("*.py") if not p.stem.startswith("_")]
    exported = [d for m in modules for d in import_module(f"punkdetect.detectors.{m}").DETECTORS]
    joined = {f"{rule.split('.')[0]}.{METHOD}" for rule in WEIGHTS}
    joined |= {f"{asking.split('.')[0]}.{WHERE_HAIR_IS}" for asking in ASKING}
    found = {n for n, o in registry.origins.items() if o == "punkdetect"}
    assert found == {d.name for d in exported} | joined
    assert len(exported) >= len(modules) > 0
    assert list(registry.detectors) == sorted(registry.detectors)


def test_two_detectors_of_one_name_are_an_error_that_names_both() -> None:
    with pytest.raises(EnvironmentUnusableError) as caught:
        collect_detectors([("punkdetect", CornerDetector()), ("aura 1.0", CornerDetector())])
    assert caught.value.message.startswith(
        "two detectors are called expression.corner: one from punkdetect, one from aura 1.0"
    )


@pytest.mark.parametrize(
    ("detector", "words"),
    [
        (object(), "is no detector: it has no name, version, trait, vocabulary, detect"),
        (CornerDetector(method="x", trait="aura"), "has no vocabulary"),
        (CornerDetector(vocabulary=("yes", "no")), "another vocabulary than expression has"),
        (type("Odd", (CornerDetector,), {"name": "corner"})(), "must be called expression.<method>"),
    ],
)
def test_what_keeps_no_contract_is_refused(detector: Any, words: str) -> None:
    with pytest.raises(EnvironmentUnusableError) as caught:
        collect_detectors([("odd 1.0", detector)])
    assert words in caught.value.message
    assert "odd 1.0" in caught.value.message


def test_a_third_partys_package_adds_its_detector(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_distribution(tmp_path, "punkdetect_aura", (PLUGIN / "punkdetect_aura.py").read_text())
    install(monkeypatch, tmp_path)
    registry = load_registry()
    assert registry.origins["aura.rim"] == "punkdetect_aura 1.0"
    result = run_command("analyze", write_portrait(tmp_path / "a.png"), "--traits", "aura", "--all")
    assert result.code == 0, result.err
    assert result.json["traits"]["aura"]["value"] == "none"
    listed = run_command("features", "--traits", "aura")
    assert b"from punkdetect_aura 1.0" in listed.out
    sys.modules.pop("punkdetect_aura", None)


def test_a_plug_in_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_distribution(tmp_path, "punkdetect_broken", "import no_such_module")
    install(monkeypatch, tmp_path)
    result = run_command("features")
    assert result.code == 3
    assert "the plug-in 'punkdetect_broken' of punkdetect_broken 1.0 cannot be imported" in result.err
    assert "no_such_module" in result.err


def test_a_plug_in_with_a_name_that_is_taken_is_refused_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = "from punkdetect.detectors.expression import DETECTORS\n"
    fake_distribution(tmp_path, "punkdetect_twin", code)
    install(monkeypatch, tmp_path)
    result = run_command("scan", write_portrait(tmp_path / "p" / "a.png"), "-o", tmp_path / "t.csv")
    assert result.code == 3
    assert "one from punkdetect, one from punkdetect_twin 1.0" in result.err
    assert not (tmp_path / "t.csv").exists()
