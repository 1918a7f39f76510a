"""Jewels at the ears: lone pieces in a colour that nothing else beside the face has.

Owns what tells an earring from hair, arms of glasses, smoke and shadows. Must not know where the face is in
the portrait, nor what the kinds of earrings are called.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.detectors._ears.seeds import COLORED, LOBE_ROWS, STANDS_OUT, find_ring_seeds, find_seeds
from punkdetect.detectors._ears.shapes import count_enclosed, extent, find_bends, is_closed_ring
from punkdetect.detectors._ears.views import (
    CHEEK_COL,
    FACE_COL,
    FAINTLY,
    INK,
    LEFT_COLS,
    LENS_ROW,
    MOUTH_ROWS,
    ONE_PIECE,
    ROWS,
    Sides,
    difference_of,
    is_shade,
    spread_of,
    within,
)
from punkdetect.pixels import flood, grow
from punkdetect.punks import BoolArray, FloatArray, IntArray

LOWEST = 8
"""Row from which on down there are necklaces and clothes."""

LARGEST = 10
"""Pixels up to which a piece is jewellery and not hair, cloth or a headset."""

LARGEST_RING, WIDEST_RING = 16, 6
"""Pixels and columns up to which what goes all around a gap is a hoop; such drawn ones have up to 14."""

WIDEST = 4
"""Columns that an earring has at most; a beam out of the eyes is longer."""

SMALL = 3
"""Pixels of a piece that could be an earring, and of others in its colour, which leave a doubt."""

OWN_COLOR = 100
"""Sum of the channel differences by which an earring's colour differs from all else beside the face: shaded
hair repeats its colours, or comes near them."""

REPEATED = 1
"""Pixels beside the face, besides its twin on the other ear, that may come near an earring's colour."""

REPEATED_RING = 0.5
"""The same for each pixel of a ring, a shape that hair hardly has: smoke may rise behind a silver hoop."""

TWIN_COLS = 3
"""Columns by which the twin on the other ear may be further in or out, as faces are turned."""

HELD_ROWS = 1
"""Rows above the mouth that things held in it reach up to, as thick as they are."""

LONG_BAR = 3
"""Columns from which a level line is a tie around a braid."""

LEAST_SOLID = 5
"""Pixels from which what is only two rows high and bends around nothing is no earring but an arm or cloth."""

UNLIKE_SMOKE = 100
"""Channel spread from which it is no smoke: that is grey, mixed at most with what is behind it."""

OFF_FACE = -2
"""Column up to which bells and blooms are away from the face that they are held by."""

STEM = 20
"""Pixels up to which what leads to the mouth is a pipe and not hair."""

GEM = 4
"""Pixels that a stone in an earring has at most."""

COLORLESS = 24
"""Channel spread up to which a pixel is grey, silver or white: a gleam of grey hair looks like silver."""

SURE, LESS_SURE, DISPUTED = 0.99, 0.9, 0.8
"""Chance of being right where an earring (or its absence) is plain, where something comes near, and where it
may be a gleam in grey hair or a tear: people agree on four of nine such."""


def find_jewels(sides: Sides) -> tuple[BoolArray, FloatArray]:
    """Find the earring of each view: its pixels, shape of the views, and how sure that is (2N,)."""
    jewels = np.zeros(sides.figure.shape, np.bool_)
    sure = np.full(len(jewels), SURE)
    view, row, col = find_seeds(sides)
    worn = find_worn(sides)
    # most seeds are strands in the colour of many others: no need to know their shape
    difference = difference_of(sides.rgb[:, view], sides.rgb[:, view, row, col][:, :, None, None])
    alike = (difference <= OWN_COLOR) & (sides.seen & worn)[view]
    lone = alike.sum(axis=(1, 2)) <= LARGEST_RING * (1 + REPEATED_RING)
    view, row, col = view[lone], row[lone], col[lone]
    # first as a piece of one colour, then with the shaded part that gold and silver may have
    for shaded in (False, True):
        if len(view):
            pieces, small, accepted, how_sure = _grow_pieces(sides, worn, view, row, col, shaded)
            for which in np.flatnonzero(accepted):
                jewels[view[which]] |= pieces[which]
            np.minimum.at(sure, view, how_sure)
            # what is too large stays so with its shades
            rest = small & ~(accepted | jewels[view, row, col])
            view, row, col = view[rest], row[rest], col[rest]
    _add_rings(sides, jewels)
    _add_gems(sides, worn, jewels)
    _leave_out_held(sides, jewels)
    return jewels, sure


def _add_rings(sides: Sides, jewels: BoolArray) -> None:
    """Add rings in a colour that need not shine, such as wood and dark metal."""
    view, row, col = find_ring_seeds(sides, jewels)
    color = sides.rgb[:, view, row, col][:, :, None, None]
    similar = (difference_of(sides.rgb[:, view], color) <= FAINTLY) & sides.figure[view]
    seed = np.zeros(similar.shape, np.bool_)
    seed[np.arange(len(view)), row, col] = True
    piece = flood(similar, seed)
    width = extent(piece)[1]
    room = np.zeros(piece.shape[1:], np.bool_)
    room[LOBE_ROWS.start - ROWS.start : -1, 1:-1] = True
    rings = is_closed_ring(piece) & (width <= WIDEST_RING) & ~(piece & ~room).any(axis=(1, 2))
    rings &= piece.sum(axis=(1, 2)) <= LARGEST_RING
    rings &= (similar & ~piece).sum(axis=(1, 2)) <= REPEATED
    for which in np.flatnonzero(rings):
        jewels[view[which]] |= piece[which]


def _leave_out_held(sides: Sides, jewels: BoolArray) -> None:
    """Take away ends of what is held in the mouth, and smoke over it that hangs at no other ear."""
    view = np.flatnonzero(jewels.any(axis=(1, 2)))
    own = jewels[view]
    color = _mean_color(sides.rgb[:, view], own)
    # what leads to the mouth, in whatever colours but those of skin, hair and outline
    path = (sides.figure & ~(sides.bare | sides.shade | sides.known))[view] & (sides.light[view] > INK)
    path[:, : LENS_ROW + 1 - ROWS.start] = False
    way = flood(path | own, own)
    led = way[:, within(MOUTH_ROWS, ROWS), CHEEK_COL - LEFT_COLS.start :].any(axis=(1, 2))
    led &= ~own[:, :, OFF_FACE - LEFT_COLS.start :].any(axis=(1, 2))
    led &= (own.sum(axis=(1, 2)) > SMALL) | ((way & ~own).sum(axis=(1, 2)) <= STEM)
    other = sides.other(view)
    paired = ((difference_of(sides.rgb[:, other], color) <= OWN_COLOR) & jewels[other]).any(axis=(1, 2))
    smoke = spread_of(color)[:, 0, 0] < UNLIKE_SMOKE
    smoke |= own[:, MOUTH_ROWS.start - ROWS.start :].any(axis=(1, 2))
    held = led | (smoke & sides.held[view])
    jewels[view[held & ~(paired | is_closed_ring(own))]] = False


def _mean_color(rgb: NDArray[np.int16], mask: BoolArray) -> NDArray[np.int16]:
    """Return the mean colour of what each mask shows: (3, M, 1, 1)."""
    mean = (rgb * mask).sum(axis=(2, 3)) // mask.sum(axis=(1, 2))
    return np.asarray(mean[:, :, None, None], np.int16)


def find_worn(sides: Sides) -> BoolArray:
    """Find what is beside the face besides skin, glasses, clothes and what is held in the mouth."""
    worn = sides.figure & ~sides.bare & ~sides.lens
    worn[:, LOWEST + 1 - ROWS.start :] = False  # clothes
    worn[:, :, CHEEK_COL - LEFT_COLS.start :] = False  # eyes and paint may have any colour
    # smoke rises over what is held
    view = np.flatnonzero(sides.held)
    worn[view, :, : OFF_FACE - LEFT_COLS.start] &= (
        spread_of(sides.rgb[:, view])[:, :, : OFF_FACE - LEFT_COLS.start] >= UNLIKE_SMOKE
    )
    worn[sides.held, MOUTH_ROWS.start - HELD_ROWS - ROWS.start :] = False
    return worn


def _grow_pieces(
    sides: Sides, worn: BoolArray, view: IntArray, row: IntArray, col: IntArray, shaded: bool
) -> tuple[BoolArray, BoolArray, BoolArray, FloatArray]:
    """Grow seeds to the pieces they belong to.

    Returns their pixels; which are small enough; which are earrings; how sure that is.
    """
    color = sides.rgb[:, view, row, col][:, :, None, None]
    difference = np.where(sides.seen[view], difference_of(sides.rgb[:, view], color), 3 * 255)
    seed = np.zeros(difference.shape, np.bool_)
    seed[np.arange(len(view)), row, col] = True
    may_belong = ~sides.bare[view]
    may_belong[:, : 2 - ROWS.start, CHEEK_COL - LEFT_COLS.start :] = (
        False  # the eye, whose white is like pearl
    )
    near, similar = difference <= OWN_COLOR, difference <= ONE_PIECE
    if shaded:
        shade = is_shade(sides.rgb[:, view], color) & sides.figure[view]
        near, similar = near | shade, similar | shade
    similar &= may_belong
    piece = flood(similar, seed)
    # a chain alternates: links that hang a row apart belong together, with what is between them
    alone = np.flatnonzero(piece.sum(axis=(1, 2)) == 1)
    links = similar[alone]
    between = links[:, :-2] & links[:, 2:] & (sides.light[view[alone], 1:-1] > INK)
    links[:, 1:-1] |= between & may_belong[alone, 1:-1]
    piece[alone] = flood(links, seed[alone])
    size = piece.sum(axis=(1, 2))
    height, width = extent(piece)
    room = np.zeros((2, *difference.shape[1:]), np.bool_)
    room[0, within(range(LOBE_ROWS.start, LOWEST), ROWS), 1:-1] = True
    room[1, LOBE_ROWS.start - ROWS.start : -1, 1:-1] = True  # only lines and rings hang down so far
    hangs = (width == 1) | is_closed_ring(piece)
    fits = ~(piece & ~room[hangs.astype(np.intp)]).any(axis=(1, 2))
    fits &= (size <= LARGEST_RING) & (width <= WIDEST_RING)
    large = np.flatnonzero(fits & ((size > LARGEST) | (width > WIDEST)))
    fits[large] = count_enclosed(piece[large]) >= size[large] // 3
    small = np.asarray(fits.copy())
    # what lies on the cheek is whiskers or paint, unless it is a ring or hangs down from beside it
    on_cheek = piece[:, :, CHEEK_COL - LEFT_COLS.start :].any(axis=(1, 2))
    some = np.flatnonzero(fits & on_cheek & ((size != 2) | (height != 2)))
    fits[some] = find_bends(piece[some])[0]
    accepted, how_sure = np.zeros(len(view), np.bool_), np.full(len(view), SURE)
    some = np.flatnonzero(fits)  # most seeds belong to larger things
    accepted[some], how_sure[some] = _judge_pieces(
        sides, worn, view[some], color[:, some], piece[some], near[some], difference[some], shaded
    )
    return piece, small, accepted, how_sure


def _judge_pieces(
    sides: Sides,
    worn: BoolArray,
    view: IntArray,
    color: NDArray[np.int16],
    piece: BoolArray,
    near: BoolArray,
    difference: NDArray[np.int16],
    shaded: bool,
) -> tuple[BoolArray, FloatArray]:
    """Tell which pieces of the shape of earrings are some, and how sure that is: (M,) each."""
    size, around = piece.sum(axis=(1, 2)), grow(piece)
    near_other = difference_of(sides.rgb[:, sides.other(view)], color) <= OWN_COLOR
    if shaded:
        near_other |= is_shade(sides.rgb[:, sides.other(view)], color)
    repeated = _count_repeats(worn, sides.other(view), piece, near & worn[view], near_other)
    bends = find_bends(piece)
    ring = bends[0] & (size > SMALL)
    accepted = is_closed_ring(piece)
    accepted |= repeated <= np.where(ring, np.maximum(REPEATED, size * REPEATED_RING), REPEATED)
    sure = np.where((size <= SMALL) & (repeated <= REPEATED + SMALL), LESS_SURE, SURE)
    some = np.flatnonzero(accepted)
    view, color, piece, around, difference = (
        view[some],
        color[:, some],
        piece[some],
        around[some],
        difference[some],
    )
    height, width = extent(piece)
    bar = (height == 1) & (width >= LONG_BAR)
    bar |= (height <= 2) & (size[some] >= LEAST_SOLID) & ~(bends[0] | bends[1] | bends[2])[some]
    other_things = bar | _floats(sides, view, around, difference)
    # dots and ear loops of a mask are on the face
    on_face = piece[:, LENS_ROW + 1 - ROWS.start :, FACE_COL - LEFT_COLS.start :].any(axis=(1, 2))
    other_things |= sides.masked[view] & on_face & ~ring[some]
    other_things |= (
        _is_arm(sides, view, piece) | _is_strap(sides, view, piece) | _is_on_stick(sides, view, piece)
    )
    clearest = np.where(around & ~piece, difference, 3 * 255).min(axis=(1, 2))
    disputed = _may_be_other(sides, view, color, piece, around)
    how_sure = np.where(disputed, DISPUTED, np.where(clearest < STANDS_OUT, LESS_SURE, SURE))
    sure[some] = np.where(other_things, sure[some], how_sure)
    accepted[some] = ~other_things
    return np.asarray(accepted), sure


def _count_repeats(
    worn: BoolArray, other: IntArray, piece: BoolArray, near: BoolArray, near_other: BoolArray
) -> IntArray:
    """Count the pixels worn on either side, besides pieces and their twins, in colours near theirs: (M,)."""
    # a twin hangs on the other ear, a row higher or lower at most, and some columns further in or out
    rows, cols = np.asarray(grow(piece).any(axis=2)), np.asarray(piece.any(axis=1))
    for _ in range(TWIN_COLS + 1):
        wider = cols.copy()
        wider[:, 1:] |= cols[:, :-1]
        wider[:, :-1] |= cols[:, 1:]
        cols = wider
    twin = rows[:, :, None] & cols[:, None]
    return np.asarray((near & ~piece).sum(axis=(1, 2)) + (near_other & worn[other] & ~twin).sum(axis=(1, 2)))


def _floats(sides: Sides, view: IntArray, around: BoolArray, difference: NDArray[np.int16]) -> BoolArray:
    """Whether pieces touch nothing, as smoke and stars do, nor hang beside a head without outline: (M,)."""
    touched = around & sides.figure[view] & (difference > OWN_COLOR)
    near_skin = grow(around) & sides.bare[view]
    return np.asarray(~(touched | near_skin).any(axis=(1, 2)))


def _is_arm(sides: Sides, view: IntArray, piece: BoolArray) -> BoolArray:
    """Whether pieces are solid bars that lead level from the lens of glasses to the ear: (M,)."""
    height, width = extent(piece)
    level = (width >= 2) & (height <= 2) & (piece.sum(axis=(1, 2)) == height * width)
    level &= ~piece[:, LENS_ROW + 1 - ROWS.start :].any(axis=(1, 2)) & sides.bridged[view]
    inwards = np.zeros_like(piece)
    inwards[:, :, 1:] = piece[:, :, :-1]
    open_end = inwards & ~piece & (sides.bare | ~sides.figure)[view]
    return np.asarray(level & ~open_end.any(axis=(1, 2)))


def _is_strap(sides: Sides, view: IntArray, piece: BoolArray) -> BoolArray:
    """Whether pieces stand beside goggles, between the upper and the lower edge of their frame: (M,)."""
    height, width = extent(piece)
    upright = (piece.sum(axis=(1, 2)) == height * width) & (height >= 2) & (width <= 2)
    black = (sides.figure & (sides.light <= INK))[view]
    edge = black[:, :, CHEEK_COL - LEFT_COLS.start :].all(axis=2)
    upright &= ~((piece[:, :, :-1] & ~piece[:, :, 1:]) & ~black[:, :, 1:]).any(axis=(1, 2))
    rows = np.asarray(piece.any(axis=2))
    over, under = np.zeros_like(rows), np.zeros_like(rows)
    over[:, :-1], under[:, 1:] = rows[:, 1:], rows[:, :-1]
    glint = piece[:, :, FACE_COL - LEFT_COLS.start] & black[:, :, CHEEK_COL - LEFT_COLS.start]
    inside = piece[:, :, FACE_COL - LEFT_COLS.start :].any(axis=2)
    glint_all = upright & (inside == rows).all(axis=1) & (glint == rows).all(axis=1)
    return np.asarray(
        glint_all | upright & (over & ~rows & edge).any(axis=1) & (under & ~rows & edge).any(axis=1)
    )


def _is_on_stick(sides: Sides, view: IntArray, piece: BoolArray) -> BoolArray:
    """Whether a line leads from the mouth to pieces, as to the bloom of a flower or a bowl: (M,)."""
    rows = slice(MOUTH_ROWS.start - ROWS.start, None)
    above, line, below = (
        sides.rgb[:, view, rows.start + step : piece.shape[1] - 1 + step] for step in (-1, 0, 1)
    )
    piece = piece[:, rows.start : -1]
    stick = (sides.figure & ~sides.bare & (sides.light > INK))[view, rows.start : -1]
    stick &= (difference_of(line, above) >= ONE_PIECE) & (difference_of(line, below) >= ONE_PIECE)
    inside = np.logical_or.accumulate(piece, axis=2) & ~piece
    led: BoolArray = np.asarray(piece.any(axis=2) & inside.any(axis=2) & ~(inside & ~stick).any(axis=2))
    return np.asarray(led.any(axis=1))


def _add_gems(sides: Sides, worn: BoolArray, jewels: BoolArray) -> None:
    """Add stones of another colour that are set between the pixels of a jewel or hang from it."""
    views = np.flatnonzero(jewels.any(axis=(1, 2)))
    views = views[~is_closed_ring(jewels[views])]  # in a ring there is what is behind it
    own = jewels[views]
    held = np.zeros_like(own)
    held[:, 1:] = own[:, :-1]
    held[:, :, 1:-1] |= own[:, :, :-2] & own[:, :, 2:]
    allowed = (sides.figure & ~(sides.bare | sides.known | sides.lens) & (sides.light > INK))[views] & ~own
    allowed[:, : LENS_ROW - ROWS.start, CHEEK_COL - LEFT_COLS.start :] = False  # the eye
    held &= allowed
    some = np.flatnonzero(held.any(axis=(1, 2)))
    if not len(some):
        return
    view, own, allowed = views[some], own[some], allowed[some]
    seed = np.zeros_like(own)
    row, col = np.divmod(held[some].reshape(len(some), -1).argmax(axis=1), own.shape[2])
    seed[np.arange(len(some)), row, col] = True
    color = sides.rgb[:, view, row, col][:, :, None, None]
    near = difference_of(sides.rgb[:, view], color) <= ONE_PIECE
    gem = flood(near & allowed, seed)
    other = sides.other(view)
    near_other = (difference_of(sides.rgb[:, other], color) <= ONE_PIECE) & ~jewels[other]
    repeated = _count_repeats(worn, other, gem, near & worn[view] & ~own, near_other)
    fits = (gem.sum(axis=(1, 2)) <= GEM) & (repeated <= REPEATED)
    jewels[view[fits]] |= gem[fits]


def _may_be_other(
    sides: Sides, view: IntArray, color: NDArray[np.int16], piece: BoolArray, around: BoolArray
) -> BoolArray:
    """Whether people doubt that a piece is worn: a gleam in grey hair, or one of several tears: (M,)."""
    beside = around & ~piece & (sides.figure & ~sides.bare & ~sides.lens)[view]
    beside &= sides.light[view] > INK
    spread = spread_of(sides.rgb[:, view])
    gleam = (spread <= COLORLESS) & (spread_of(color) <= COLORLESS) & beside
    gleam[:, :, FACE_COL - LEFT_COLS.start :] = False
    tears = (spread >= COLORED) & beside  # below the eyes and what is worn over them
    tears[:, : LENS_ROW + 1 - ROWS.start] = False
    tears[:, :, : FACE_COL - LEFT_COLS.start] = False
    return np.asarray((gleam | tears).any(axis=(1, 2)))
