"""Very many names in little memory: each comes back as it went in, and costs little more than its letters."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punkdetect.errors import UnreadableError
from punkdetect.packed import PackedTexts
from punkdetect.sources import SourceError, SourceFile, SourceList, find_sources

# Whatever a file may be called, bytes that are no UTF-8 (surrogates) included.
TEXTS = st.text(st.characters(codec=None), max_size=8)


@given(st.lists(TEXTS))
def test_strings_come_back_as_they_went_in(texts: list[str]) -> None:
    packed = PackedTexts()
    for text in texts:
        packed.append(text)
    assert len(packed) == len(texts)
    assert list(packed) == texts
    assert [packed[i] for i in range(-len(texts), len(texts))] == texts + texts
    assert packed[1:-1] == texts[1:-1]
    with pytest.raises(IndexError):
        packed[len(texts)]


def test_files_and_errors_keep_their_order_their_names_and_their_paths() -> None:
    found = SourceList()
    error = UnreadableError("link loop")
    found.add(found.folder("", "p/"), "a.png")
    found.add_error("sub/b.png", "p/sub/b.png", error)
    found.add(found.folder("sub/", "p/sub/"), "c.png")
    expected = [SourceFile("a.png", "p/a.png"), SourceError("sub/b.png", error)]
    expected.append(SourceFile("sub/c.png", "p/sub/c.png"))
    assert list(found) == found[:] == [found[0], found[1], found[-1]] == expected
    assert [found.path(i) for i in range(3)] == ["p/a.png", "p/sub/b.png", "p/sub/c.png"]
    assert list(found.paths()) == ["p/a.png", "p/sub/c.png"]
    assert list(found.without({0})) == expected[1:]
    assert list(found.without({1})) == [expected[0], expected[2]]


def test_a_name_that_is_shared_becomes_the_path_be_it_of_a_file_or_an_error() -> None:
    found = SourceList()
    for top in ("p/", "q/"):
        found.add(found.folder("", top), "a.png")
    found.add_error("a.png", "r/a.png", UnreadableError("gone"))
    found.add(found.folder("", "q/"), "b.png")
    found.make_names_unique()
    assert [source.name for source in found] == ["p/a.png", "q/a.png", "r/a.png", "b.png"]


def test_what_was_found_takes_little_more_memory_than_the_letters_of_its_names(tmp_path: Path) -> None:
    n, letters = 3000, 20
    for i in range(n):
        (tmp_path / f"portrait_{i:07}.png").touch()
    find_sources([tmp_path])  # whatever is made once is made now
    tracemalloc.start()
    try:
        found = find_sources([tmp_path])
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) == n
    assert kept < n * (letters + 25), "where each name ends and its folder, and room to grow"
