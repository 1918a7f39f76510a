"""The grid on portraits of real collections, as people have them: what must hold, in figures."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from enlarged import BICUBIC, LANCZOS, WAYS, Rgba, flatten, frame, jpeg, resize, share_near
from not_punks import make_not_punks
from punkdetect.errors import NotAPunkError
from punkdetect.grid import Recovery, recover_grid

SOME = 3
"""Every third portrait is enough for what costs more than a blink."""


def read(path: Path) -> Rgba:
    return np.asarray(Image.open(path).convert("RGBA"))


@pytest.fixture(scope="module")
def originals(shared_data: Path) -> dict[str, Rgba]:
    """The drawn originals, 24x24, by file name."""
    paths = sorted((shared_data / "bespoke" / "images24").glob("*.png"))
    assert len(paths) > 100
    return {path.name: read(path) for path in paths}


@pytest.fixture(scope="module")
def see_through(shared_data: Path) -> list[Rgba]:
    """Sixty portraits before nothing, cut from a sheet."""
    sheet = read(next((shared_data / "cryptopunks").glob("*.png")))
    tiles = sheet.reshape(-1, 24, sheet.shape[1] // 24, 24, 4).swapaxes(1, 2).reshape(-1, 24, 24, 4)
    return [np.ascontiguousarray(tile) for tile in tiles[::83]]


@pytest.fixture(scope="module")
def opaque(originals: dict[str, Rgba], see_through: list[Rgba]) -> list[Rgba]:
    """Portraits of both collections without alpha."""
    return [flatten(p) for p in [*originals.values(), *see_through]]


def truly_differing(path: Path, original: Rgba) -> np.ndarray[Any, Any]:
    """Return the cells that are another colour in an enlarged file than in its original, bool (24, 24).

    A file that differs was drawn again in 1-8 cells, by far more than enlarging does to the middle of a cell.
    """
    large = read(path)
    middle = ((np.arange(24) + 0.5) * len(large) / 24).astype(int)
    differs = np.abs(large[middle][:, middle].astype(int) - original).max(axis=-1) > 10
    assert differs.sum() <= 8
    return differs


@pytest.mark.parametrize("folder", ["images512", "images256_blurred"])
def test_files_that_people_have_give_their_originals(
    shared_data: Path, originals: dict[str, Rgba], folder: str
) -> None:
    good = cells = 0
    for path in sorted((shared_data / "bespoke" / folder).glob("*.png")):
        original = originals[path.name]
        found = recover_grid(read(path))
        counted = ~truly_differing(path, original)
        near = np.abs(found.rgba.astype(int) - original).max(axis=-1) <= 10
        good += int(near[counted].sum())
        cells += int(counted.sum())
    assert good >= 0.999 * cells


@pytest.mark.parametrize(
    ("way", "least"),
    [("20x, JPEG 75", 0.995), ("bicubic 512", 0.995), ("Lanczos 512, JPEG 80", 0.99)],
)
def test_smoothed_and_compressed_portraits_come_back(opaque: list[Rgba], way: str, least: float) -> None:
    found = [recover_grid(WAYS[way](portrait)) for portrait in opaque]
    assert np.mean([share_near(f.rgba, p) for f, p in zip(found, opaque, strict=True)]) >= least


@pytest.mark.parametrize("size", [1000, 3000])
def test_nearest_enlargements_come_back_to_the_last_bit(
    originals: dict[str, Rgba], see_through: list[Rgba], size: int
) -> None:
    for portrait in [*originals.values(), *see_through][:: 3 if size == 1000 else 12]:
        assert (recover_grid(resize(portrait, size)).rgba == portrait).all()


def test_transparent_portraits_keep_their_alpha(see_through: list[Rgba]) -> None:
    for portrait in see_through:
        assert (recover_grid(resize(portrait, 336)).rgba == portrait).all()
        assert share_near(recover_grid(resize(portrait, 512, BICUBIC)).rgba, portrait) > 0.99


@pytest.mark.parametrize("white", [True, False])
@pytest.mark.parametrize("way", ["clean", "smoothed", "compressed"])
def test_portraits_in_a_plain_border_come_back(opaque: list[Rgba], way: str, white: bool) -> None:
    rng = np.random.default_rng(1)
    shares = []
    for portrait in opaque[::SOME]:
        large = resize(portrait, 512, LANCZOS) if way == "smoothed" else resize(portrait, 480)
        widths = [round(len(large) * share) for share in rng.uniform(0.01, 0.2, 4)]
        color = (255, 255, 255, 255) if white else (*rng.integers(0, 256, 3), 255)
        framed = frame(large, widths[0] if white else widths, color)
        try:
            found = recover_grid(jpeg(framed, 80) if way == "compressed" else framed)
            shares.append(share_near(found.rgba, portrait))
        except NotAPunkError:
            shares.append(0.0)
    assert np.mean(shares) >= 0.99


def test_pictures_of_an_image_model_are_recovered_without_force(shared_data: Path) -> None:
    folder = shared_data / "ai_made"
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        names = [row["image"] for row in csv.DictReader(file) if row["grid"] == "24"]
    assert len(names) > 20
    recovered = 0
    away = []
    for name in names:
        picture = read(folder / "images" / f"{name}.png")
        try:
            found = recover_grid(picture)
        except NotAPunkError:
            continue
        recovered += 1
        away.append(median_away(picture, found))
    assert recovered >= 0.95 * len(names)
    assert max(away) <= 8


def median_away(picture: Rgba, found: Recovery) -> float:
    """Return by how many levels the pixel in the middle of the median cell differs from the cell."""
    rows, columns = (
        (found.offset[axis] + found.cell[axis] * (np.arange(24) + 0.5)).astype(int) for axis in (0, 1)
    )
    middles = picture[rows[:, None], columns].astype(int)
    return float(np.median(np.abs(middles - found.rgba).max(axis=-1)))


def test_at_most_1_percent_of_all_portraits_are_refused(opaque: list[Rgba]) -> None:
    refused = [
        (way, i)
        for way, enlarge in WAYS.items()
        for i, portrait in enumerate(opaque[:: 2 * SOME])
        if not is_taken(enlarge(portrait))
    ]
    assert len(refused) <= 0.01 * len(WAYS) * len(opaque[:: 2 * SOME]), refused


def test_at_most_1_percent_of_300_other_pictures_are_taken_for_portraits(opaque: list[Rgba]) -> None:
    taken = [f"{p.kind}: {p.name}" for p in make_not_punks(opaque, seed=2) if is_taken(p.rgba)]
    assert len(taken) <= 3, taken


def is_taken(rgba: Rgba) -> bool:
    try:
        recover_grid(rgba)
    except NotAPunkError:
        return False
    return True
