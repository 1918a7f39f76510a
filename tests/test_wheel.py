"""The built wheel, installed by itself and run from an empty folder: everything it needs is inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fakes import run_command
from punkdetect.vocabulary import COLORS, TRAITS


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    made = subprocess.run([*command, str(repository)], capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stdout + made.stderr
    [path] = folder.glob("punkdetect-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel holds, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    command += ["--disable-pip-version-check", "--target", str(folder), str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def run(installed: Path, folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with the installed package before the one of the checkout."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PUNKDETECT")}
    environment["PYTHONPATH"] = str(installed)
    command = [sys.executable, *args]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def punkdetect(installed: Path, folder: Path, *args: str) -> str:
    """Run the command in a folder and return what it printed."""
    done = run(installed, folder, "-m", "punkdetect", *args)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_packaged_files_are_found_inside_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    script = (
        "from punkdetect.packaged import CONFIG, DEMO, LABELS, local_or_packaged\n"
        "for name in (CONFIG, LABELS, DEMO): print(local_or_packaged(name).resolve())"
    )
    paths = [Path(line) for line in run(installed, tmp_path, "-c", script).stdout.splitlines()]
    assert len(paths) == 3
    for path in paths:
        assert path.is_relative_to(installed.resolve()), path
        assert path.exists(), path


def test_the_wheel_holds_every_file_that_the_checkout_ships(wheel: Path, repository: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = repository / "src"
    shipped = {p.relative_to(package).as_posix() for p in (package / "punkdetect").rglob("*") if p.is_file()}
    shipped = {name for name in shipped if "__pycache__" not in name}
    beside = [repository / "configs" / "features.yaml", repository / "data" / "validation_labels.csv"]
    beside += (repository / "data" / "demo").glob("*.png")
    shipped |= {f"punkdetect/_packaged/{p.relative_to(repository).as_posix()}" for p in beside}
    assert held == shipped


def test_a_demo_portrait_is_analyzed_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    demo = sorted((installed / "punkdetect" / "_packaged" / "data" / "demo").glob("*.png"))[0]
    report = json.loads(punkdetect(installed, tmp_path, "analyze", str(demo), "--all"))
    assert report["status"] == "ok"
    assert set(report["traits"]) == set(TRAITS) - set(report.get("withheld", {}))
    assert {f"{name}_hex" for name in report["colors"]} == set(COLORS)
    assert not list(tmp_path.iterdir())


def test_the_answers_of_the_wheel_are_those_of_the_checkout(
    installed: Path, repository: Path, tmp_path: Path
) -> None:
    demo = repository / "data" / "demo"
    config = repository / "configs" / "features.yaml"
    here = run_command("scan", demo, "--all", "--config", config, "--quiet")
    assert here.code == 0, here.err
    assert punkdetect(installed, tmp_path, "scan", str(demo), "--all", "--quiet") == here.out.decode()


def test_validate_measures_the_demo_rows_at_once(installed: Path, tmp_path: Path) -> None:
    out = json.loads(punkdetect(installed, tmp_path, "validate", "--json", "-"))
    text = punkdetect(installed, tmp_path, "validate")
    assert "pictures found for" in text
    assert "demo" in json.dumps(out)
    assert not list(tmp_path.iterdir())


def test_features_lists_every_trait(installed: Path, tmp_path: Path) -> None:
    listed = punkdetect(installed, tmp_path, "features")
    assert all(trait in listed for trait in (*TRAITS, *COLORS))


def test_the_command_says_its_version(installed: Path, tmp_path: Path, wheel: Path) -> None:
    assert wheel.name.split("-")[1] in punkdetect(installed, tmp_path, "--version")


def test_models_lie_beside_the_modules_that_use_them(installed: Path, tmp_path: Path) -> None:
    script = (
        "from punkdetect.detectors import load_registry\n"
        "from punkdetect.model_cards import read_model_card\n"
        "from pathlib import Path\n"
        "for d in load_registry().detectors.values():\n"
        "    card = getattr(d, 'model_card', None)\n"
        "    if card is not None:\n"
        "        read_model_card(Path(card))\n"
        "        print(Path(card).resolve())\n"
    )
    done = run(installed, tmp_path, "-c", script)
    assert done.returncode == 0, done.stderr
    assert all(Path(line).is_relative_to(installed.resolve()) for line in done.stdout.splitlines())


def test_the_pages_are_inside_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    demo = installed / "punkdetect" / "_packaged" / "data" / "demo"
    punkdetect(installed, tmp_path, "report", "--images", str(demo), "-o", "report.html")
    assert "demo_01_smile_hoop.png" in (tmp_path / "report.html").read_text()
