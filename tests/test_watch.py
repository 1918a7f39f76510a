"""Watching a folder: what comes is analyzed, what is still being written waits, Ctrl-C ends it."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fakes import run_command, start_process, write_portrait
from punkdetect.cli._watch import look, watch


class EnoughError(Exception):
    """Ends a watch after the last step of a test."""


def watched(folder: Path, *steps: Callable[[], object], note: Callable[[str], None] = print) -> list[int]:
    """Watch a folder while these steps happen between looks; the number of files at every scan."""
    scans: list[int] = []
    left = list(steps)

    def wait(seconds: float) -> None:
        if not left:
            raise EnoughError
        left.pop(0)()

    with pytest.raises(EnoughError):
        watch([folder], lambda: scans.append(len(list(folder.iterdir()))), wait, note)
    return scans


def nothing() -> None:
    pass


def test_a_scan_follows_every_change_once_it_has_settled(tmp_path: Path) -> None:
    first, second = write_portrait(tmp_path / "a.png"), tmp_path / "b.png"
    steps = [nothing, lambda: write_portrait(second), nothing, nothing, nothing]
    assert watched(tmp_path, *steps) == [1, 2]
    assert watched(tmp_path, first.unlink, nothing, nothing) == [2, 1]
    assert watched(tmp_path, lambda: write_portrait(second, 3, 99), nothing) == [1, 1]


def test_a_picture_that_is_still_being_written_waits(tmp_path: Path) -> None:
    path = write_portrait(tmp_path / "a.png")

    def grow() -> None:
        path.write_bytes(path.read_bytes() + b"more")

    assert watched(tmp_path, grow, grow, grow, grow) == [1]
    assert watched(tmp_path, grow, grow, nothing) == [1, 1]


def test_what_changes_during_a_scan_is_scanned_afterwards(tmp_path: Path) -> None:
    write_portrait(tmp_path / "a.png")
    before = look([tmp_path])
    write_portrait(tmp_path / "b.png")
    assert look([tmp_path]) != before
    assert look([tmp_path]) == look([tmp_path])


def test_a_folder_that_is_gone_for_a_while_is_waited_for(tmp_path: Path) -> None:
    folder, away, said = tmp_path / "p", tmp_path / "away", []
    write_portrait(folder / "a.png")
    steps = [lambda: folder.rename(away), nothing, nothing, lambda: away.rename(folder), nothing]
    steps += [lambda: write_portrait(folder / "b.png"), nothing]
    assert watched(folder, *steps, note=said.append) == [1, 2]
    assert said == [f"{folder}: no such file or folder: waiting for it"]


def test_new_pictures_appear_in_the_output(tmp_path: Path) -> None:
    write_portrait(tmp_path / "p" / "a.png")
    command = [sys.executable, "-m", "punkdetect", "scan", "--watch", "p", "-o", "t.csv"]
    process = start_process(command, cwd=tmp_path, stderr=subprocess.PIPE)

    def names() -> list[str]:
        if not (tmp_path / "t.csv").exists():
            return []
        return [row["image"] for row in csv.DictReader((tmp_path / "t.csv").read_text().splitlines())]

    def wait_for(expected: list[str]) -> None:
        for _ in range(600):
            if names() == expected:
                return
            assert process.poll() is None
            time.sleep(0.1)
        raise AssertionError(f"{names()} is not {expected}")

    try:
        wait_for(["a.png"])
        write_portrait(tmp_path / "p" / "b.png")
        wait_for(["a.png", "b.png"])
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert b"1 of them by an earlier scan" in err
    last = err.decode().strip().splitlines()[-1]
    assert last == "interrupted: t.csv holds what was seen until now" or "run again with --resume" in last


def test_standard_input_cannot_be_watched(tmp_path: Path) -> None:
    result = run_command("scan", "-", "--watch", "-o", tmp_path / "t.csv")
    assert (result.code, "leave out -" in result.err) == (2, True)


@pytest.mark.parametrize("options", [[], ["-o", "t.csv", "--only", "new"]])
def test_a_watch_needs_a_file_and_chooses_by_itself(tmp_path: Path, options: list[str]) -> None:
    path = write_portrait(tmp_path / "a.png")
    assert run_command("scan", "--watch", path, *options).code == 2
