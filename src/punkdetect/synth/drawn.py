"""Draws labelled portraits: the whole batch from plans, colours and layers.

Owns `draw` and `Drawn`: the last steps (shifts, colours, labels by what can be seen) for a block of portraits
at once. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, IntArray
from punkdetect.synth import backgrounds
from punkdetect.synth.compose import Layers, compose
from punkdetect.synth.dice import Dice
from punkdetect.synth.inking import Inked, choose_colors
from punkdetect.synth.inks import INK, MASK_OWNERS, OWNER, OWNERS, TINTED
from punkdetect.synth.labelling import label_block, stands_out
from punkdetect.synth.plan import Pins, Plan, make_plan
from punkdetect.vocabulary import ALL_TRAITS

BLOCK = 1024
"""Portraits that are finished at once: array operations are cheap by then, and memory stays small."""

CELLS = SIDE * SIDE


class Masks(Mapping[str, BoolArray]):
    """The pixels that show each trait, bool (N, 24, 24), made when asked for.

    Parameters
    ----------
    owners : ndarray of uint8, shape (N, 24, 24)
        Which sprite each visible pixel belongs to.
    hidden : ndarray of bool, shape (N,)
        Portraits whose mouth is covered: there the cover shows the expression.
    """

    def __init__(self, owners: ByteArray, hidden: BoolArray) -> None:
        self._owners = owners
        self._hidden = hidden

    def __getitem__(self, trait: str) -> BoolArray:
        table = np.zeros(len(OWNERS), bool)
        table[[OWNER[name] for name in MASK_OWNERS[trait]]] = True
        mask: BoolArray = table[self._owners]
        if trait == "expression":
            cover = np.isin(self._owners, (OWNER["mouth_item"], OWNER["neckwear"]))
            mask = np.where(self._hidden[:, None, None], cover, mask)
        return mask

    def __iter__(self) -> Iterator[str]:
        return iter(ALL_TRAITS)

    def __len__(self) -> int:
        return len(ALL_TRAITS)


@dataclass(frozen=True)
class Drawn:
    """Portraits drawn by this package.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    labels : mapping of str to ndarray of int, shape (N,)
        By trait, codes as in `TraitColumn`: an index into the vocabulary, or 0xRRGGBB; -1 is not labelled.
    masks : mapping of str to ndarray of bool, shape (N, 24, 24)
        By trait, the visible pixels of the sprites that show it.
    """

    rgba: ByteArray
    labels: Mapping[str, IntArray]
    masks: Mapping[str, BoolArray]

    def __len__(self) -> int:
        return len(self.rgba)


def draw(n: int, seed: int, start: int = 0) -> Drawn:
    """Draw `n` portraits.

    Parameters
    ----------
    n : int
    seed : int
        Not negative. Same seed, same bytes; portrait i is the same however many are drawn.
    start : int
        Number of the first portrait: `draw(2, s, start=3)` is the last two of `draw(5, s)`.

    Returns
    -------
    Drawn

    Raises
    ------
    ValueError
        If `n`, `seed` or `start` is negative.
    """
    if min(n, seed, start) < 0:
        raise ValueError("n, seed and start must not be negative")
    return _draw([{}] * n, seed, start)


def draw_pinned(pins: Sequence[Pins], seed: int) -> Drawn:
    """Draw one portrait for each set of given values, everything else at random.

    Parameters
    ----------
    pins : sequence of mapping
        Values of traits or of `plan.STYLE_PINS`.
    seed : int
    """
    return _draw(pins, seed, 0)


def _draw(pins: Sequence[Pins], seed: int, start: int) -> Drawn:
    blocks = []
    for first in range(0, len(pins), BLOCK):
        rows = pins[first : first + BLOCK]
        blocks.append(_draw_block(rows, seed, start + first))
    if not blocks:
        blocks.append(_draw_block([], seed, 0))
    rgba = np.concatenate([b[0] for b in blocks])
    owners = np.concatenate([b[1] for b in blocks])
    labels = {trait: np.concatenate([b[2][trait] for b in blocks]) for trait in ALL_TRAITS}
    return Drawn(rgba, labels, Masks(owners, labels["expression"] == 3))


def _draw_block(
    pins: Sequence[Pins], seed: int, start: int
) -> tuple[ByteArray, ByteArray, dict[str, IntArray]]:
    plans: list[Plan] = []
    layers: list[Layers] = []
    inked: list[Inked] = []
    for i, given in enumerate(pins):
        dice = Dice(seed, start + i)
        plan = make_plan(dice, given)
        plans.append(plan)
        layers.append(compose(plan))
        inked.append(choose_colors(dice, plan, given))
    n = len(plans)
    canvas = np.stack([layer.canvas for layer in layers]) if n else np.zeros((0, CELLS), np.uint16)
    canvas, moved = _shift(canvas.reshape(n, SIDE, SIDE), plans)
    owners = (canvas >> 8).astype(np.uint8)
    inks = (canvas & 0xFF).astype(np.uint8)
    _line(owners, inks, np.array([plan.lined for plan in plans], bool))
    palette = _palettes(inked)
    cells, ground, number = _backgrounds(plans, inked)
    figure = np.take_along_axis(palette, inks.reshape(n, CELLS).astype(np.intp), axis=1)
    seen = owners.reshape(n, CELLS) > 0
    packed = np.where(seen, figure, ground)
    clear = np.array([plan.background == "transparent" for plan in plans], bool)
    smoke = np.array([i.smoke_alpha for i in inked], np.uint8).reshape(n, 1)
    alpha = np.where(seen | ~clear[:, None], 255, 0).astype(np.uint8)
    alpha = np.where(seen & (inks.reshape(n, CELLS) == INK["smoke"]), smoke, alpha)
    rgba = np.empty((n, CELLS, 4), np.uint8)
    for channel, bits in enumerate((16, 8, 0)):
        rgba[..., channel] = packed >> bits & 255
    rgba[..., 3] = alpha
    rgba[alpha == 0] = 0
    labels = label_block(plans, layers, inked, owners, inks, palette, cells, number, moved)
    hidden = ~stands_out(owners, packed, "earrings")
    labels["earrings"] = np.where(hidden, NOT_FOUND, labels["earrings"])
    portraits = rgba.reshape(n, SIDE, SIDE, 4)
    mirrored = np.array([plan.mirrored for plan in plans], bool)
    portraits[mirrored] = portraits[mirrored][:, :, ::-1]
    owners[mirrored] = owners[mirrored][:, :, ::-1]
    return portraits, owners, labels


def _shift(canvas: NDArray[np.uint16], plans: Sequence[Plan]) -> tuple[NDArray[np.uint16], IntArray]:
    """Move the figures; what a figure that moves up leaves free at the bottom is its own last row again."""
    n = len(canvas)
    wanted = np.array([plan.shift for plan in plans], np.intp).reshape(n, 2)
    top = np.argmax((canvas >> 8).any(axis=2), axis=1)
    down = np.maximum(wanted[:, 0], -top)
    rows = np.clip(np.arange(SIDE)[None] - down[:, None], 0, SIDE - 1)
    above = np.arange(SIDE)[None] < down[:, None]
    cols = np.arange(SIDE)[None] - wanted[:, 1:]
    outside = (cols < 0) | (cols >= SIDE)
    at = np.arange(n)[:, None, None], rows[:, :, None], np.clip(cols, 0, SIDE - 1)[:, None, :]
    moved = np.where(outside[:, None, :] | above[:, :, None], np.uint16(0), canvas[at])
    return moved, np.stack([down, wanted[:, 1]], axis=1)


def _line(owners: ByteArray, inks: ByteArray, lined: BoolArray) -> None:
    """Draw a line around the figures of `lined` portraits, as some collections do."""
    if not lined.any():
        return
    solid = np.isin(
        owners[lined], [OWNER[o] for o in ("hair", "headwear", "skin", "clothes", "neck", "outline")]
    )
    padded = np.pad(solid, ((0, 0), (1, 1), (1, 1)))
    near = padded[:, :-2, 1:-1] | padded[:, 2:, 1:-1] | padded[:, 1:-1, :-2] | padded[:, 1:-1, 2:]
    ring = near & (owners[lined] == 0)
    rows = np.flatnonzero(lined)
    k, r, c = np.nonzero(ring)
    owners[rows[k], r, c] = OWNER["outline"]
    inks[rows[k], r, c] = INK["outline"]


def _palettes(inked: Sequence[Inked]) -> NDArray[np.int64]:
    """Return packed colours by ink, (N, 256): the second half is the first, seen through a tinted lens."""
    n = len(inked)
    plain = np.array([i.palette for i in inked], np.int64).reshape(n, TINTED)
    tint = np.array([i.tint for i in inked], np.int64).reshape(n, 1)
    share = np.array([i.tint_share for i in inked]).reshape(n, 1)
    seen = np.zeros_like(plain)
    for bits in (16, 8, 0):
        mixed = (plain >> bits & 255) * (1 - share) + (tint >> bits & 255) * share
        seen |= mixed.astype(np.int64) << bits
    return np.concatenate([plain, seen], axis=1)


def _backgrounds(
    plans: Sequence[Plan], inked: Sequence[Inked]
) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.int64]]:
    """Return each cell's colour number, its packed colour, and the packed colours by number."""
    n = len(plans)
    patterns = backgrounds.patterns()
    cells = (
        np.stack([patterns[p.background][p.pattern][0] for p in plans]) if n else np.zeros((0, SIDE, SIDE))
    )
    colors = np.zeros((n, backgrounds.MOST), np.int64)
    for i, one in enumerate(inked):
        colors[i, : len(one.background)] = one.background[: backgrounds.MOST]
    numbers = cells.reshape(n, CELLS).astype(np.intp)
    return numbers, np.take_along_axis(colors, numbers, axis=1), colors


__all__ = ["NOT_FOUND", "Drawn", "Masks", "draw", "draw_pinned"]
