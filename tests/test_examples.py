"""The examples at the end of a command's help work as typed by whoever has a `punk.png` and `punks`."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import click
import pytest

from fakes import run_command
from punkdetect.cli import cli

COMMANDS = ("analyze", "audit", "caption", "explain", "export", "rarity", "recover", "report", "scan")


@pytest.fixture
def own(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a person's own pictures and labels, under the names that the examples give them."""
    shutil.copytree(repository / "data" / "demo", tmp_path / "punks")
    shutil.copy(tmp_path / "punks" / "demo_01_smile_hoop.png", tmp_path / "punk.png")
    shutil.copy(repository / "data" / "validation_labels.csv", tmp_path / "labels.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_a_command_work_as_typed(name: str, own: Path) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for line in (command.epilog or "").splitlines()[2:]:
        words = shlex.split(line)[1:]
        spread = [sorted(map(str, Path().glob(word))) if "*" in word else [word] for word in words]
        result = run_command(*(word for some in spread for word in some))
        assert result.code == 0, f"{line}: {result.err}"
