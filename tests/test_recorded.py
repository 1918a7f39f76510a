"""What a journal says of many records: each comes back as it was said, the last word on a picture counts."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punkdetect.recorded import UNREAD, Entries, Entry, entry_line, is_failed, line_of, parse_line

NAMES = st.sampled_from(["a.png", "b.png", "sub/c.png", "\udcff.png", "line\nbreak.png", "-2", "-1"])
ENTRIES = st.builds(
    Entry,
    offset=st.integers(0, 1 << 50),
    length=st.integers(1, (1 << 32) - 1),
    crc=st.integers(0, (1 << 32) - 1),
    status=st.sampled_from(["ok", "corrupt", "not-a-punk"]),
    digest=st.one_of(st.just(UNREAD), st.binary(min_size=16, max_size=16).map(bytes.hex)),
)


@given(st.lists(st.tuples(NAMES, ENTRIES, st.booleans())), st.lists(NAMES))
def test_the_last_line_of_a_picture_counts_if_its_record_stands(
    said: list[tuple[str, Entry, bool]], asked: list[str]
) -> None:
    entries, expected = Entries(), {}
    for name, entry, stands in said:
        entries.add(name, entry, stands)
        expected.pop(name, None)
        if stands:
            expected[name] = entry
    entries.sort()
    assert dict(entries) == expected
    assert len(entries) == len(expected)
    assert [entries.get(name) for name in asked] == [expected.get(name) for name in asked]


@given(NAMES, ENTRIES)
def test_a_line_says_what_it_was_made_of(name: str, entry: Entry) -> None:
    assert parse_line(entry_line(name, entry).encode(), entry.offset) == (name, entry)
    assert is_failed(entry) == (entry.status != "ok")


GOOD = line_of("a.png", "ok", b"record", "0" * 32).encode()


def test_a_good_line_is_understood() -> None:
    assert parse_line(GOOD, 7) == ("a.png", Entry(7, 6, zlib.crc32(b"record"), "ok", "0" * 32))


@pytest.mark.parametrize(
    "line",
    [
        GOOD[:-1],
        GOOD.replace(b"6 ", b"0 ", 1),
        GOOD.replace(b"6 ", b"-6 ", 1),
        GOOD.replace(b"6 ", b"99999999999 ", 1),
        GOOD.replace(b"0" * 32, b"0" * 31),
        GOOD.replace(b"0" * 32, b"g" * 32),
        GOOD.replace(b'"a.png"', b"7"),
        GOOD.replace(b'"a.png"', b"[" * 100_000),
        GOOD.replace(b"a.png", b"\xff.png"),
        b"\n",
        b"6 ok\n",
    ],
)
def test_a_line_that_means_nothing_is_no_line(line: bytes) -> None:
    assert parse_line(line, 0) is None
