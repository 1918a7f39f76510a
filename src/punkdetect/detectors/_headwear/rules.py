"""The rules of `headwear`: which sign names which piece, and in what order they are asked.

Owns the order and the names. Must not know how faces, edges and outlines are found.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from punkdetect.bitrows import count, count_bits
from punkdetect.detectors._headwear.signs import BRIM, SMALL_BRIM, Signs
from punkdetect.detectors._once import once
from punkdetect.landmarks.hat import LOBE_COLS, Outline
from punkdetect.landmarks.head_bands import MIDDLE_BIT
from punkdetect.landmarks.head_cover import SIDE_ROWS, is_natural
from punkdetect.landmarks.head_rows import ROW, ROWS, at, columns, extents, in_rows, keep
from punkdetect.landmarks.ornaments import is_gold
from punkdetect.pixels import lab_distance
from punkdetect.punks import BoolArray, FloatArray, IntArray
from punkdetect.records import Record
from punkdetect.vocabulary import TRAITS

VALUES = TRAITS["headwear"]

VISOR = 3
"""Columns that a visor stands out where hair of its colour hangs beside the face."""

VISOR_ROWS = 3
"""Rows that a visor has at most."""

TALL, TOP_HAT, BOWLER = 5, 4, 4
"""Rows of crown above the brim of a tall hat, of a top hat with a stepped brim, and of a bowler."""

OVER_HEAD = -9
"""Row, counted from the eyes, that the crown of a tall hat reaches: it stands high over the head."""

FLAT, FLAT_TOP, ROUND_TOP = 0.8, 6, 7
"""Share of the crown's width that a flat top has, its least width, and the greatest width of a round one."""

WIDE_CROWN, BOWLER_BRIM = 9, 2
"""Columns of a bowler's crown at least, and of its brim on one side at most."""

CONE_HEIGHT, CONE = 6, ((2, 7), (3, 8), (4, 11))
"""Rows of a cone over a brim; and columns that it has at most some rows below its top."""

BEANIE_CONE, WIZARD_CONE, SHARP = 7, 9, 2
"""Rows of a cone without a brim that is a beanie, or a wizard's hat, which ends in a point this wide."""

TIPS = 2
"""Pixels of background between a crown and the raised sides of its brim."""

BERET_ROWS, BERET_BULGE = 7, 2
"""Rows of a beret at most, and columns that it hangs over its band on one side."""

POLICE_ROWS, TURBAN_ROWS = 9, 8
"""Rows of a cap that is wider above its band on both sides, and of a turban."""

PATTERN, BAND, RIB, VISOR_PIXELS = 10.0, 8.0, 3, 5
"""CIELAB distance from a hat's main colour, and least lightness, from which a pixel belongs to a band; pixels
of seven, and of nine, that make it one."""

HIGH = -8
"""Row, counted from the eyes, from which a dome is higher than hair that lies on the head."""

GRAY_CLOTH, LEAST_LIGHT, LESS_THAN_SKIN = 6.0, 25.0, 4.0
"""Chroma up to which a smooth tight cover is grey cloth, its least lightness (black is hair), and by how much
the skin is more colourful at least."""

EAR_ROWS, LEAST_EAR, EARS_APART = 4, 3, 3
"""Rows under the top of the head that animal ears reach down; pixels of each at least; and how many the two
differ by at most."""

POINTS, CROWN_ROWS, CROWN_WIDTH, SMALL_CROWN = 3, 2, 14, 11
"""Points of a crown at least; rows under the top in which they are; columns of it at most, or where only its
regular points tell."""

SILVER_LIGHTNESS, SILVER_CHROMA = 68.0, 22.0
"""Silver and white are lighter and less colourful than this."""

UNLIKE_HAIR, CROWN_LIGHTNESS, BELOW_CROWN = 15.0, 25.0, 4
"""CIELAB distance of a crown from the hair some rows below, and its least lightness."""

GOLD_BAND, GOLD_ROWS = 8, 6
"""Golden pixels across the forehead, of nine, and rows of a flat crown of gold."""

LEAST_PIECE, LOW_PIECE, LOW_ROW = 3, 6, -1
"""Pixels of an ornament; below the brows, where the arms of glasses lie, it has more than this."""

FILLED, WRAPPED_FILLED, WHOLE = 0.4, 0.35, 0.6
"""Shares of the rectangle around an ornament that it fills, and of all foreign pixels that are in it."""

WRAPPED, WRAPPED_COLS, WRAPPED_ROWS = 26, 8, 5
"""Pixels, columns and rows of cloth that is wrapped around the hair."""

CENTRE, OFF_CENTRE, LARGEST_TIARA, TIARA_DEPTH = 3, 1.5, 24, 3
"""Middle column of the head, and by how much the middle of a tiara is beside it; its largest size; and rows
below the top of the head in which it begins."""

CLIP, FLOWER, FLOWER_SIDE, BOW, LINE = 4, 12, 4, 30, 7
"""Pixels of a clip, a flower and a bow at most; rows and columns of a flower; columns of a thin band."""

STRAP, STRAP_ROWS, LEAST_STRAPS = 8.0, (1, 2, 3), 2
"""CIELAB distance between the top of a helmet and its straps, rows below the eyes in which those are, and in
how many of them they are seen."""

CERTAIN, LIKELY, FAIR, DOUBTFUL, GUESS = 0.96, 0.92, 0.8, 0.6, 0.4
"""Confidence of each rule: about the mean of its shares of right answers on the labelled collections and on
drawn portraits, whose hats are stranger than most."""


class Rule(Record):
    """One way to recognise a piece of headwear.

    Parameters
    ----------
    value : str
    applies : ndarray of bool, shape (N,)
    confidence : float
    shows : str
        Which mask of `Signs.shown` decided.
    """

    value: str
    applies: BoolArray
    confidence: float
    shows: str


class Decision(Record):
    """What the rules decide.

    Parameters
    ----------
    codes : ndarray of int, shape (N,)
        Of `VALUES`; `none` where no rule applies.
    confidence : ndarray of float, shape (N,)
    shows : dict of str to ndarray of bool, shape (N,)
        By the masks of `Signs.shown`, the portraits that each decided about.
    """

    codes: IntArray
    confidence: FloatArray
    shows: dict[str, BoolArray]


@once
def decide(signs: Signs) -> Decision:
    """Let the first rule that applies decide about each head."""
    codes = np.full(len(signs.head), VALUES.index("none"))
    confidence = np.where(signs.cover.known, CERTAIN, LIKELY)
    undecided = np.ones(len(signs.head), np.bool_)
    shows = {"forehead": undecided.copy()}
    for rule in _rules(signs):
        mine = rule.applies & undecided
        codes[mine], confidence[mine] = VALUES.index(rule.value), rule.confidence
        shows["forehead"] &= ~mine
        shows[rule.shows] = shows.get(rule.shows, np.zeros_like(mine)) | mine
        undecided &= ~mine
    return Decision(codes, confidence, shows)


def _rules(signs: Signs) -> Iterator[Rule]:
    """Yield all rules; the first that applies decides."""
    yield Rule("halo", signs.ornaments.ring, LIKELY, "ring")
    yield Rule("hood", signs.hood.closed | signs.hood.lined, LIKELY, "hood")
    yield from _goggles(signs)
    yield from _brim_all_around(signs)
    yield from _one_sided(signs)
    yield from _crowns(signs)
    yield Rule("animal_ears", _has_ears(signs), FAIR, "hat")
    yield Rule("headband", signs.ornaments.band_on_skin, LIKELY, "band")
    yield from _domes(signs)
    yield from _bands_and_pieces(signs)


def _goggles(signs: Signs) -> Iterator[Rule]:
    """Name goggles: pushed up, they belong to a helmet when its straps run down both sides of the face."""
    head = signs.head
    top = head.lab_at(signs.hat.top, CENTRE)
    straps = np.ones(len(head), np.bool_)
    for side in (head.left, head.right):
        alike = [lab_distance(head.lab_at(row, side), top) < STRAP for row in STRAP_ROWS]
        straps &= np.sum(alike, axis=0) >= LEAST_STRAPS
    yield Rule("helmet", signs.ornaments.goggles & straps & ~is_natural(top), LIKELY, "hat")
    yield Rule("other", signs.ornaments.goggles, LIKELY, "goggles")


def _brim_all_around(signs: Signs) -> Iterator[Rule]:
    """Name hats by their crown, where a brim stands out on both sides."""
    hat, around = signs.hat, signs.all_around
    small = (hat.brim.min(axis=1) >= 1) & (hat.brim.sum(axis=1) >= SMALL_BRIM)
    is_hat = signs.worn | (signs.cover.straight & hat.clear.any(axis=1) & around)
    is_hat &= (around | small) & ~signs.jagged
    brim, rows = signs.brim_row, signs.brim_row - hat.top
    open_row = in_rows(hat.gaps, hat.base - 4, hat.base - 1, 0).max(axis=1)
    tips = (open_row >= TIPS) & (hat.brim.max(axis=1) >= VISOR)
    above = np.where(rows >= 2, at(hat.width, brim - 2), signs.top_width)
    flat = (signs.top_width >= FLAT * np.maximum(above, 1)) & (signs.top_width >= FLAT_TOP)
    step = _largest_step(hat, brim)
    cone = signs.narrows_upwards(CONE[1:2]) & (rows >= CONE_HEIGHT) & ~tips
    widest = in_rows(hat.width, hat.top, brim - 2, 0).max(axis=1)
    round_top = (rows >= BOWLER) & (widest >= WIDE_CROWN) & (signs.top_width <= ROUND_TOP)
    yield Rule("wizard_hat", is_hat & around & cone, CERTAIN, "hat")
    yield Rule("cowboy_hat", is_hat & around & tips, CERTAIN, "hat")
    yield Rule("top_hat", is_hat & around & flat & (rows >= TALL) & (hat.top <= OVER_HEAD), LIKELY, "hat")
    yield Rule("top_hat", is_hat & flat & (rows >= TOP_HAT) & (step >= BRIM), FAIR, "hat")
    yield Rule("bucket_hat", is_hat & around & (step <= 1), FAIR, "hat")
    narrow = hat.reach.min(axis=1) <= BOWLER_BRIM
    yield Rule("top_hat", is_hat & around & narrow & round_top, DOUBTFUL, "hat")
    yield Rule("fedora", is_hat & around, LIKELY, "hat")


def _largest_step(hat: Outline, brim: IntArray) -> IntArray:
    """How far a row near the brim reaches out over the one above it, at most: (N,)."""
    largest = np.zeros(len(brim), np.intp)
    for side in range(2):
        over = np.maximum(hat.over[:, side], -1)
        steps = np.diff(over, axis=1, prepend=-1)
        first, last = np.maximum(brim - 2, hat.top + 2), hat.base + 1
        largest = np.maximum(largest, in_rows(steps, first, last, 0).max(axis=1))
    return largest


def _one_sided(signs: Signs) -> Iterator[Rule]:
    """Name what stands out of the head on one side: a tail, a soft hat, a visor."""
    hat, cover = signs.hat, signs.cover
    tail = np.zeros(len(signs.head), np.bool_)
    for side, other in ((0, 1), (1, 0)):
        tail |= (
            hat.hangs[:, side]
            & (hat.reach[:, side] >= BRIM)
            & (hat.outside[:, side] >= 4)
            & (hat.outside[:, other] <= 2)
            & (hat.reach[:, other] <= 1)
        )
    cloth = signs.worn | (cover.even & cover.ends & ~cover.natural)
    yield Rule("bandana", cloth & tail & ~signs.jagged, FAIR, "hat")

    brim = hat.brim
    one = signs.lopsided | ((brim.max(axis=1) >= BRIM) & (brim.min(axis=1) <= 1))
    one &= ~signs.all_around
    each, larger = np.arange(len(brim)), (brim[:, 1] >= brim[:, 0]).astype(np.intp)
    row, over = hat.brim_row[each, larger], hat.over[each, larger]
    thickness, clear = hat.thickness[each, larger], hat.clear[each, larger]
    most = brim.max(axis=1)
    overhangs = (thickness >= 2) & (at(over, hat.base) <= most - BERET_BULGE) & cover.known
    yield Rule("beret", signs.worn & one & overhangs & (signs.height <= BERET_ROWS), DOUBTFUL, "hat")
    visor = one & ~signs.jagged
    low = (thickness <= VISOR_ROWS) & (row >= hat.base - 2)
    yield Rule("cap", visor & signs.worn & low, CERTAIN, "hat")
    closed = in_rows(hat.figure_gaps, hat.top, signs.brim_row - 1, 0).sum(axis=1) <= 1
    yield Rule("cap", visor & cover.even & clear & (most >= VISOR) & closed, DOUBTFUL, "hat")


def _has_ears(signs: Signs) -> BoolArray:
    """Whether two pieces foreign to the hair stand up on both sides of the head, and none between: (N,)."""
    near_top = (signs.hat.top + EAR_ROWS)[:, None] >= ROW
    left, middle, right = (count(keep(signs.ornaments.foreign & columns(c), near_top)) for c in LOBE_COLS)
    alike = (np.minimum(left, right) >= LEAST_EAR) & (np.abs(left - right) <= EARS_APART)
    return np.asarray(signs.hat.lobes & alike & (middle == 0))


def _crowns(signs: Signs) -> Iterator[Rule]:
    """Name a crown: points in a row over a closed band; or a flat band of gold."""
    head, cover, hat, pieces = signs.head, signs.cover, signs.hat, signs.crown_pieces
    points = in_rows(pieces, hat.top, hat.top + CROWN_ROWS, 0)
    points[points < POINTS] = 0
    row = points.argmax(axis=1) + ROWS.start
    base = row + 1 + (at(pieces, row + 1) > 1) * (1 + (at(pieces, row + 2) > 1))
    closed = (points.max(axis=1) >= POINTS) & (at(pieces, base) == 1) & (at(hat.width, base) <= CROWN_WIDTH)
    band = head.lab_at(base, CENTRE)
    tip = head.lab_at(row, extents(at(hat.crown, row))[0])
    foreign = count_bits(at(signs.ornaments.piece, base)) >= LEAST_PIECE
    metal = _is_metal(band) | _is_metal(tip) | foreign | ~cover.natural
    worn = signs.worn | foreign | (cover.even & cover.ends)
    yield Rule("crown", closed & metal & worn, FAIR, "hat")
    below = base + BELOW_CROWN
    hair = (at(head.cover, below) & MIDDLE_BIT) > 0
    contrast = hair & (lab_distance(band, head.lab_at(below, CENTRE)) > UNLIKE_HAIR)
    regular = count_bits(at(hat.crown, row)) == points.max(axis=1)
    small = (at(hat.width, base) <= SMALL_CROWN) & (band[:, 0] > CROWN_LIGHTNESS)
    yield Rule("crown", closed & regular & contrast & small, DOUBTFUL, "hat")
    golden = is_gold(head.lab_of_face(hat.base)).sum(axis=1) >= GOLD_BAND
    flat = golden & (signs.height <= GOLD_ROWS) & cover.known & cover.straight
    some = np.flatnonzero(flat)
    part, edge = head.take(some), cover.edge[some, None]
    golden_hair = part.cover & part.has(is_gold(part.lab)) & part.outside(-1)
    flat[some] = count(keep(golden_hair, (edge <= ROW) & (ROW < SIDE_ROWS))) <= 1
    yield Rule("crown", flat, DOUBTFUL, "hat")


def _is_metal(lab: FloatArray) -> BoolArray:
    """Tell whether colours (N, 3) are gold or silver."""
    silver = (lab[:, 0] > SILVER_LIGHTNESS) & (np.hypot(lab[:, 1], lab[:, 2]) < SILVER_CHROMA)
    return is_gold(lab) | silver


def _domes(signs: Signs) -> Iterator[Rule]:
    """Name hats without a brim, by lobes, bulges, bands and colours."""
    cover, hat, worn = signs.cover, signs.hat, signs.worn
    patterned = worn & ~cover.plain
    yield Rule("animal_ears", patterned & hat.lobes, GUESS, "hat")
    least, most = hat.bulge.min(axis=1), hat.bulge.max(axis=1)
    last = signs.head.lab_of_face(hat.base)
    other = lab_distance(last, cover.main[:, None]) > PATTERN
    visor = other.sum(axis=1) >= VISOR_PIXELS
    yield Rule("cap", patterned & (least >= 1) & visor & (signs.height <= POLICE_ROWS), LIKELY, "hat")
    yield Rule("bandana", patterned & (least >= 1) & (signs.height <= TURBAN_ROWS), GUESS, "hat")
    soft = (most >= BERET_BULGE) & (least <= 1) & (signs.height <= BERET_ROWS)
    yield Rule("beret", patterned & soft, GUESS, "hat")
    yield Rule("other", worn & (cover.fringe >= 1) & (hat.top >= HIGH), FAIR, "hat")
    cone = cover.straight & signs.narrows_upwards((CONE[0], CONE[2])) & (cover.ends | ~cover.natural)
    sharp = (signs.top_width <= SHARP) & (signs.height >= WIZARD_CONE)
    yield Rule("wizard_hat", cone & sharp, DOUBTFUL, "hat")
    yield Rule("beanie", cone & (signs.height >= BEANIE_CONE), FAIR, "hat")
    above = signs.head.lab_of_face(hat.base - 1)
    bands = [
        ((lab_distance(row, cover.main[:, None]) > PATTERN) & (row[..., 0] > BAND))[:, 1:8].sum(axis=1) >= RIB
        for row in (last, above)
    ]
    cloth = worn & ~signs.shade_of_skin
    afro = cover.plain & (least + most >= BRIM)
    yield Rule("beanie", cloth & (bands[0] | bands[1]) & ~afro, FAIR, "hat")
    wide = (hat.reach >= 1).all(axis=1)
    yield Rule("beanie", cloth & ~cover.plain & wide, GUESS, "hat")
    yield Rule("beanie", cloth & ~cover.plain & (hat.top <= HIGH), GUESS, "hat")
    chroma = np.hypot(cover.main[:, 1], cover.main[:, 2])
    skin_chroma = np.hypot(signs.head.skin_lab[:, 1], signs.head.skin_lab[:, 2])
    gray = (chroma < GRAY_CLOTH) & (cover.main[:, 0] > LEAST_LIGHT) & (skin_chroma >= chroma + LESS_THAN_SKIN)
    yield Rule("bandana", cloth & (~cover.natural | gray), FAIR, "hat")


def _bands_and_pieces(signs: Signs) -> Iterator[Rule]:
    """Name what leaves the hair to be seen."""
    worn = signs.ornaments
    rows, cols = worn.last_row - worn.first_row + 1, worn.last_col - worn.first_col + 1
    box, whole = rows * cols, worn.size >= WHOLE * worn.all_size
    yield Rule("headband", worn.band_on_hair, LIKELY, "band")
    wrapped = (worn.size >= WRAPPED) & (cols >= WRAPPED_COLS) & (rows >= WRAPPED_ROWS)
    yield Rule("bandana", wrapped & whole & (worn.size >= WRAPPED_FILLED * box), GUESS, "piece")
    yield Rule("headband", worn.foreign_band, DOUBTFUL, "band")
    piece = (worn.size >= LEAST_PIECE) & whole & (worn.size >= FILLED * box)
    piece &= (worn.first_row < LOW_ROW) | (worn.size > LOW_PIECE)
    centred = np.abs((worn.first_col + worn.last_col) / 2 - CENTRE) <= OFF_CENTRE
    high = worn.first_row <= signs.hat.top + TIARA_DEPTH
    tiara = (
        centred & high & (worn.size <= LARGEST_TIARA) & (cols >= LEAST_PIECE) & (cols >= rows) & (rows >= 2)
    )
    yield Rule("tiara", piece & tiara, FAIR, "piece")
    yield Rule("hair_clip", piece & (worn.size <= CLIP), GUESS, "piece")
    compact = (worn.size <= FLOWER) & (rows <= FLOWER_SIDE) & (cols <= FLOWER_SIDE)
    yield Rule("flower", piece & compact & worn.two_toned, DOUBTFUL, "piece")
    yield Rule("bow", piece & (worn.size <= BOW), GUESS, "piece")
    yield Rule("headband", piece & (cols >= LINE) & (rows <= 2), DOUBTFUL, "piece")
    yield Rule("tiara", count(worn.gold) > 0, LIKELY, "gold")
