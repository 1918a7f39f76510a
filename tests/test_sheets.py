"""A sheet gives exactly its tiles, named by their place, and says so when it cannot be cut that way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punkdetect.errors import NotAPunkError, UsageError
from punkdetect.sheets import check_name_pattern, cut_tiles, name_tiles


def lay_out(tiles: np.ndarray, columns: int, margin: int = 0, gap: int = 0, fill: int = 0) -> np.ndarray:
    """Draw tiles (N, t, t, 4) on a sheet, one by one."""
    tile = tiles.shape[1]
    rows = -(-len(tiles) // columns)
    height, width = (2 * margin + count * (tile + gap) - gap for count in (rows, columns))
    sheet = np.full((height, width, 4), fill, np.uint8)
    for at, content in enumerate(tiles):
        row, col = (margin + place * (tile + gap) for place in divmod(at, columns))
        sheet[row : row + tile, col : col + tile] = content
    return sheet


def some_tiles(count: int, tile: int = 24, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, tile, tile, 4), dtype=np.uint8)


@settings(max_examples=30, deadline=None)
@given(
    count=st.integers(1, 12),
    columns=st.integers(1, 5),
    tile=st.integers(24, 50),
    margin=st.integers(0, 30),
    gap=st.integers(0, 30),
)
def test_tiles_come_back_as_they_were_laid_out(
    count: int, columns: int, tile: int, margin: int, gap: int
) -> None:
    tiles = some_tiles(count, tile)
    cut = cut_tiles(lay_out(tiles, columns, margin, gap), tile=tile, margin=margin, gap=gap)
    assert (cut.rgba == tiles).all()
    assert cut.index.tolist() == list(range(count))
    assert cut.total == -(-count // columns) * columns
    assert cut.empty == cut.total - count


def test_empty_tiles_are_left_out_and_counted_and_the_others_keep_their_place() -> None:
    tiles = some_tiles(6)
    tiles[1, ..., 3] = 0  # colours that nobody sees
    tiles[2] = 255
    tiles[4] = (9, 8, 7, 100)
    cut = cut_tiles(lay_out(tiles, 3))
    assert cut.index.tolist() == [0, 3, 5]
    assert (cut.rgba == tiles[[0, 3, 5]]).all()
    assert (cut.empty, cut.total) == (3, 6)


def test_one_pixel_makes_a_tile_worth_reading() -> None:
    tiles = np.zeros((2, 24, 24, 4), np.uint8)
    tiles[1, 23, 23] = (0, 0, 0, 1)
    assert cut_tiles(lay_out(tiles, 2)).index.tolist() == [1]


def test_a_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(NotAPunkError, match="4 tiles, all empty"):
        cut_tiles(np.zeros((48, 48, 4), np.uint8))


def test_columns_leave_aside_what_lies_to_the_right() -> None:
    tiles = some_tiles(6)
    cut = cut_tiles(lay_out(tiles, 3), columns=2)
    assert (cut.rgba == tiles[[0, 1, 3, 4]]).all()
    assert cut.index.tolist() == [0, 1, 2, 3]


def test_pixels_left_over_are_refused_unless_they_are_plain() -> None:
    sheet = lay_out(some_tiles(4), 2)
    wider = np.concatenate([sheet, sheet[:, :5]], axis=1)
    taller = np.concatenate([sheet, sheet[:7]], axis=0)
    with pytest.raises(NotAPunkError, match=r"size 53x48 .* 5 columns and 0 rows"):
        cut_tiles(wider)
    with pytest.raises(NotAPunkError, match=r"size 48x55 .* 0 columns and 7 rows"):
        cut_tiles(taller)
    assert len(cut_tiles(wider, columns=2).rgba) == 4
    wider[:, 48:] = 200
    taller[48:, :, 3] = 0
    assert len(cut_tiles(wider).rgba) == 4
    assert len(cut_tiles(taller).rgba) == 4


@pytest.mark.parametrize(("height", "width", "columns"), [(23, 24, None), (24, 23, None), (24, 47, 2)])
def test_a_sheet_too_small_for_its_layout_is_refused(height: int, width: int, columns: int | None) -> None:
    with pytest.raises(NotAPunkError, match=f"size {width}x{height}"):
        cut_tiles(np.zeros((height, width, 4), np.uint8), columns=columns)


@pytest.mark.parametrize("layout", [{"tile": 23}, {"tile": 0}, {"margin": -1}, {"gap": -1}, {"columns": 0}])
def test_a_layout_that_fits_no_sheet_is_asked_wrongly(layout: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        cut_tiles(np.zeros((48, 48, 4), np.uint8), **layout)


def test_tiles_are_cut_from_any_view_of_an_array() -> None:
    tiles = some_tiles(4)
    sheet = lay_out(tiles, 2)
    sheet.flags.writeable = False
    assert (cut_tiles(sheet[:, ::-1]).rgba == tiles[[1, 0, 3, 2], :, ::-1]).all()


# Names


def test_tiles_are_named_after_the_sheet_and_their_place() -> None:
    assert name_tiles([0, 7, 12345], "punks") == ["punks_0000", "punks_0007", "punks_12345"]
    assert name_tiles([0], "punks", first_id=5000) == ["punks_5000"]


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("punk_{id:04d}", "punk_0042"),
        ("{id}.png", "42.png"),
        ("{id:064x}", f"{42:064x}"),
        ("{id:3d}", " 42"),
        ("{{{id}}}", "{42}"),
        ("{sheet}-{id:02X}", "s-2A"),
    ],
)
def test_a_pattern_names_tiles(pattern: str, name: str) -> None:
    assert name_tiles([40], "s", pattern=pattern, first_id=2) == [name]


@pytest.mark.parametrize(
    "pattern",
    [
        "punk",
        "{sheet}",
        "{}",
        "{0}",
        "{id",
        "id}",
        "{id.real}",
        "{id.__class__}",
        "{id[0]}",
        "{id!r}",
        "{id:04f}",
        "{id:999999999d}",
        "{id:{id}}",
        "{name}{id}",
        "{sheet:>99}{id}",
        "{id:04d}{",
    ],
)
def test_a_pattern_that_reaches_further_than_the_id_is_asked_wrongly(pattern: str) -> None:
    with pytest.raises(UsageError, match="name"):
        check_name_pattern(pattern)


def test_negative_ids_are_asked_wrongly() -> None:
    with pytest.raises(UsageError, match="first id -1"):
        name_tiles([0], "s", first_id=-1)
