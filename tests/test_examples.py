"""The examples at the end of a command's help work as typed."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from fakes import run_command
from punkdetect.cli import cli

COMMANDS = ("audit", "caption", "export", "rarity")


@pytest.fixture
def checkout(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the checkout's data and config, to write into."""
    for name in ("data", "configs"):
        (tmp_path / name).symlink_to(repository / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_a_command_work_as_typed(name: str, checkout: Path) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for line in (command.epilog or "").splitlines()[2:]:
        result = run_command(*shlex.split(line)[1:])
        assert result.code == 0, f"{line}: {result.err}"
