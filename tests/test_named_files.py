"""Files that a person named: read whole, or refused with what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from punkdetect.errors import UsageError
from punkdetect.named_files import read_named, read_named_text


def refusal(path: Path, most: int | None = None) -> str:
    """What is said of a file that cannot be read."""
    with pytest.raises(UsageError) as error:
        read_named_text(path, "a table", most)
    return error.value.message


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    writer = os.open(tmp_path / "pipe.csv", os.O_RDWR)  # so that opening it would not block the tests
    os.write(writer, b"image\n")
    try:
        assert "cannot be read as a table: not a regular file" in refusal(tmp_path / "pipe.csv", 3)
    finally:
        os.close(writer)


def test_what_is_not_there_or_a_folder_is_said_so(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "gone.csv")
    assert "not a regular file" in refusal(tmp_path)
    assert "null" in refusal(tmp_path / "a\0b")


def test_a_file_may_be_as_long_as_it_may_and_no_longer(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"x" * 2048)
    assert len(read_named(path, "a table", 2048)) == len(read_named(path, "a table")) == 2048
    assert "more than 1 KiB is too much for a table" in refusal(path, 2047)


def test_text_is_utf_8_with_or_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xef\xbb\xbfimage")
    assert read_named_text(path, "a table") == "image"
    path.write_bytes(b"im\xffge")
    assert "t.csv: not UTF-8 text (byte 2): save it as UTF-8" in refusal(path)
