"""Signs of ties and bow ties on what lies under the chin.

Owns their shapes. Knows the window around the neck; must not know how sure a detector is of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.bitrows import Bits, bits_of, mask_of
from punkdetect.detectors._neck.view import REACH, WIDTH, NeckView, difference, is_shade
from punkdetect.pixels import find_pixels
from punkdetect.punks import BoolArray, IntArray
from punkdetect.records import Record

STARTS = range(REACH - 5, REACH + 5)
"""Columns in which strips and bows begin: necks are found to within three columns."""

WIDTHS = (1, 2, 3)
"""Columns of a tie; wider things on a shirt are jerseys."""

PALER, PALE = 140, 140
"""Sum of the channel differences from which a shirt is paler than the tie on it (white and yellow: 236), and
the darkest channel that the shirt around a knot has at least."""

COLLAR = 90
"""Sum of the channel differences up to which both halves of a collar are one shirt: one lies in shade."""

OTHER = 100
"""Sum of the channel differences from which what is beside a tie is not the tie."""

TIE_SHADES, STRIPED = (0.4, 2.5), 60
"""Brightness that a tie may have below its knot, and the sum of the channel differences that is let pass."""

STRIPE = 60
"""Sum of the channel differences from the shirt that even the pale stripes of a tie have."""

AGAIN = 40
"""Sum of the channel differences up to which a colour comes again elsewhere."""

BEARD = 3
"""Pixels on the chin from which a colour is a beard's."""

WINGS, KNOTS = (1, 2, 3), (1, 2, 3)
"""Columns of each wing of a bow and of its knot, which is at most as wide as both wings together."""

BOW_STARTS = 8
"""Columns around the middle in which a bow may begin."""

WING, KNOT = 40, 60
"""Sums of the channel differences: up to the first, both wings are of one colour; from the second, the knot
is of another (knots in shade differ by 100)."""

BESIDE = 60
"""Sum of the channel differences from which what is beside a bow is not the bow."""

WHITE = 200
"""Darkest channel from which wings or what is between them are a white shirt."""


class _Apart(Record):
    """How far pixels of a row are apart in colour.

    Parameters
    ----------
    by : tuple of ndarray of int16
        By the number of columns between them, the sums of the channel differences, (M, rows, columns left).
    """

    by: tuple[NDArray[np.int16], ...]

    def at(self, start: int, step: int, many: int) -> NDArray[np.int16]:
        """Return the differences between so many columns from one on and those some steps to the right."""
        return self.by[step][:, :, start : start + many]


def _tell_apart(view: NeckView, reach: int) -> _Apart:
    """Compare all pixels of each row with those up to some columns to the right."""
    rgb = view.rgb
    return _Apart(tuple(difference(rgb[..., step:], rgb[..., : WIDTH - step]) for step in range(reach + 1)))


def find_tie(view: NeckView) -> BoolArray:
    """Return the pixels of a strip between two halves of a paler shirt that goes on below.

    Parameters
    ----------
    view : NeckView

    Returns
    -------
    ndarray of bool, shape (M, rows, cols)
    """
    found = np.zeros(view.cloth.shape, np.bool_)
    framed, knots = _find_strips(view)
    for width in WIDTHS:
        item, row, col = find_pixels(knots[width] & ~view.plain[:, :, _columns(width // 2)])
        knot = _Strip(item, row, col + STARTS.start, width)
        tie = view.rgb[:, item, row, knot.middle]
        knot = knot.only(~_comes_again(view, knot, tie) & ~_is_beard(view, item, tie))
        for below in WIDTHS:
            for gap in (1, 2):
                for step in (-1, 0, 1):
                    if abs(2 * step + below - width) <= 1:  # middles differ by half a column at most
                        lower = _Strip(knot.item, knot.row + gap, knot.col + step, below)
                        _go_on(view, knot, lower, framed, found)
        for step in (-1, 1):
            _stay_narrow(view, knot, step, found)
            if width == 1:
                _hang_aside(view, knot, step, found)
    return found


class _Strip(Record):
    """Pieces of rows: item, row and first column, shapes (K,), and their width."""

    item: IntArray
    row: IntArray
    col: IntArray
    width: int

    @property
    def middle(self) -> IntArray:
        """The middle column."""
        return self.col + self.width // 2

    def only(self, which: BoolArray) -> _Strip:
        """Return some of them."""
        return _Strip(self.item[which], self.row[which], self.col[which], self.width)

    def mark(self, mask: BoolArray) -> None:
        """Put them into a mask."""
        for step in range(self.width):
            mask[self.item, self.row, self.col + step] = True


def _columns(step: int) -> slice:
    """Return the columns some steps to the right of where strips begin."""
    return slice(STARTS.start + step, STARTS.stop + step)


def _find_strips(view: NeckView) -> tuple[dict[int, BoolArray], dict[int, BoolArray]]:
    """Return, by width, where strips lie between two pixels of one cloth, and between two of a pale shirt."""
    apart = _tell_apart(view, WIDTHS[-1] + 1)
    light = view.rgb.sum(axis=0)
    pale = view.rgb.min(axis=0) >= PALE
    framed, knots = {}, {}
    for width in WIDTHS:
        left, right = _columns(-1), _columns(width)
        strip = view.cloth[:, :, left] & view.cloth[:, :, right]
        strip &= apart.at(STARTS.start - 1, width + 1, len(STARTS)) <= COLLAR
        darker = pale[:, :, left] & pale[:, :, right]
        shirt = np.minimum(light[:, :, left], light[:, :, right])
        for step in range(width):
            part = _columns(step)
            strip &= view.cloth[:, :, part]
            strip &= apart.at(STARTS.start - 1, step + 1, len(STARTS)) >= OTHER
            darker &= shirt - light[:, :, part] >= PALER
        framed[width], knots[width] = strip, strip & darker
    return framed, knots


def _go_on(
    view: NeckView, knot: _Strip, lower: _Strip, framed: dict[int, BoolArray], found: BoolArray
) -> None:
    """Mark the knots that go on in the strips below them."""
    start = lower.col - STARTS.start
    ok = (lower.row < view.cloth.shape[1]) & (start >= 0) & (start < len(STARTS))
    ok[ok] = framed[lower.width][lower.item[ok], lower.row[ok], start[ok]]
    knot, lower = knot.only(ok), lower.only(ok)
    rgb = view.rgb
    shirt = rgb[:, knot.item, knot.row, knot.col - 1]
    under = knot.row + 1
    on = is_shade(
        rgb[:, lower.item, lower.row, lower.middle],
        rgb[:, knot.item, knot.row, knot.middle],
        TIE_SHADES,
        STRIPED,
    )
    on &= difference(rgb[:, knot.item, under, knot.middle], shirt) >= STRIPE
    if min(knot.width, lower.width) == WIDTHS[-1]:
        # three columns in rows that follow each other are a jersey under an open shirt
        narrower = difference(rgb[:, knot.item, under, knot.col], shirt) < STRIPE
        on &= narrower & (lower.row > under)
    knot.only(on).mark(found)
    lower.only(on).mark(found)


def _hang_aside(view: NeckView, knot: _Strip, step: int, found: BoolArray) -> None:
    """Mark the knots whose tie hangs a column aside in the next row, along the edge of the shirt."""
    knot = knot.only(knot.row + 1 < view.cloth.shape[1])
    rgb, row = view.rgb, knot.row + 1
    tie, shirt = rgb[:, knot.item, knot.row, knot.col], rgb[:, knot.item, knot.row, knot.col + step]
    aside = view.cloth[knot.item, row, knot.col + step]
    aside &= difference(rgb[:, knot.item, row, knot.col + step], tie) <= AGAIN
    aside &= difference(rgb[:, knot.item, row, knot.col], shirt) <= COLLAR
    aside &= difference(rgb[:, knot.item, row, knot.col + 2 * step], tie) >= OTHER
    knot.only(aside).mark(found)
    knot.only(aside).replace(row=row[aside], col=(knot.col + step)[aside]).mark(found)


def _stay_narrow(view: NeckView, knot: _Strip, step: int, found: BoolArray) -> None:
    """Mark the knots whose colour is found in the row above or below in one to three columns alone.

    What frames the knot has to be white: on shirts in other colours such places are checks.
    """
    row = knot.row + step
    ok = (row >= 1) & (row < view.cloth.shape[1])
    ok &= view.rgb[:, knot.item, knot.row, knot.col - 1].min(axis=0) >= WHITE
    ok &= view.rgb[:, knot.item, knot.row, knot.col + knot.width].min(axis=0) >= WHITE
    knot, row = knot.only(ok), row[ok]
    cols = knot.col[:, None] + np.arange(-2, knot.width + 2)
    item = knot.item[:, None]
    tie = view.rgb[:, knot.item, knot.row, knot.middle][:, :, None]
    alike = view.cloth[item, row[:, None], cols]
    alike &= difference(view.rgb[:, item, row[:, None], cols], tie) <= AGAIN
    narrow = (
        alike.any(axis=1)
        & ~alike[:, 0]
        & ~alike[:, -1]
        & (alike.sum(axis=1) <= WIDTHS[-1] - (knot.width == WIDTHS[-1]))
    )
    narrow &= alike[:, 2 : 2 + knot.width].any(axis=1)
    knot.only(narrow).mark(found)


def _comes_again(view: NeckView, strip: _Strip, color: NDArray[np.int16]) -> BoolArray:
    """Say where a colour comes again in its row beyond what frames the strip: stripes, checks, braces."""
    columns = np.arange(WIDTH)
    beyond = (columns < strip.col[:, None] - 1) | (columns > strip.col[:, None] + strip.width)
    alike = difference(view.rgb[:, strip.item, strip.row], color[:, :, None]) <= AGAIN
    return np.asarray((view.cloth[strip.item, strip.row] & alike & beyond).any(axis=1))


def _is_beard(view: NeckView, item: IntArray, color: NDArray[np.int16]) -> BoolArray:
    """Say where a colour lies on the chin as well."""
    chin = slice(REACH - 5, REACH + 6)
    alike = difference(view.rgb[:, item, 0, chin], color[:, :, None]) <= AGAIN
    return np.asarray((view.cloth[item, 0, chin] & alike).sum(axis=1) >= BEARD)


def find_bow(view: NeckView) -> BoolArray:
    """Return the pixels of two wings of one colour with a knot between them, under the chin.

    Parameters
    ----------
    view : NeckView

    Returns
    -------
    ndarray of bool, shape (M, rows, cols)
    """
    found = np.zeros(view.cloth.shape, np.bool_)
    rows = _read_rows(view)
    for wing in WINGS:
        for knot in KNOTS:
            if knot <= 2 * wing:
                bow = _find_wings(rows, wing, knot)
                color = view.rgb[:, bow.item, bow.row, bow.col]
                bow = bow.only(~_comes_again(view, bow, color) & ~_is_beard(view, bow.item, color))
                bow.only(_is_bow(view, bow, wing)).mark(found)
    return found


class _Rows(Record):
    """What bows are looked for in: rows of the windows as bits, each of shape (M, rows).

    Bows have eight shapes and might begin in eight columns: on bits, all columns are one operation.

    Parameters
    ----------
    own, tinted, skin : ndarray of uint32
        Pixels of another colour than the clothes, those that are no white shirt, and skin.
    alike, knot, beside : sequence of ndarray of uint32
        By the number of columns between them, the pixels that are of one colour with the one so far to the
        right, as far from it as a wing from its knot, and as a bow from what is beside it.
    """

    own: Bits
    tinted: Bits
    skin: Bits
    alike: NDArray[np.uint32]
    knot: NDArray[np.uint32]
    beside: NDArray[np.uint32]


def _read_rows(view: NeckView) -> _Rows:
    """Write as bits what bows are looked for in."""
    m, rows, cols = view.cloth.shape
    reach = 2 * WINGS[-1] + KNOTS[-1] + 1
    apart = np.zeros((reach, m, rows, 3 * 8), np.int16)  # whole bytes of bits
    for step in range(1, reach):
        apart[step, :, :, : cols - step] = difference(view.rgb[..., step:], view.rgb[..., : cols - step])
    alike, knot, beside = (
        bits_of(part.reshape(reach * m, rows, 3 * 8)).reshape(reach, m, rows)
        for part in (apart <= WING, apart >= KNOT, apart >= BESIDE)
    )
    tinted = bits_of(view.cloth & (view.rgb.min(axis=0) < WHITE))
    return _Rows(tinted & ~bits_of(view.plain), tinted, bits_of(view.skin), alike, knot, beside)


def _find_wings(rows: _Rows, wing: int, knot: int) -> _Strip:
    """Return the pieces of rows in which two wings have a knot of another colour between them."""
    width, start, one = 2 * wing + knot, REACH - wing - 4, np.uint32(1)
    ok = rows.own & np.uint32(((1 << BOW_STARTS) - 1) << start)
    for step in range(1, width):
        ok &= rows.tinted >> np.uint32(step)
        ok &= (rows.knot if wing <= step < wing + knot else rows.alike)[step]
    ok &= (rows.beside[1] & ~rows.skin) << one
    ok &= rows.beside[width] & ~(rows.skin >> np.uint32(width))
    return _Strip(*find_pixels(mask_of(ok, WIDTH)), width)


def _is_bow(view: NeckView, bow: _Strip, wing: int) -> BoolArray:
    """Say which wings reach to the row above or below, and no farther to the sides, as a bow's do."""
    rgb = view.rgb
    item, color = bow.item, rgb[:, bow.item, bow.row, bow.col]
    shape = np.zeros(len(item), np.bool_)
    large = bow.width - wing >= 3
    for step in (-1, 1):
        row = bow.row + step
        ok = (row >= 0) & (row < view.cloth.shape[1])
        row = np.clip(row, 0, view.cloth.shape[1] - 1)
        for col in (bow.col, bow.col + bow.width - 1):
            ok &= view.cloth[item, row, col] & (difference(rgb[:, item, row, col], color) <= WING)
        for col in (bow.col - 1, bow.col + bow.width):
            ok &= ~view.cloth[item, row, col] | (difference(rgb[:, item, row, col], color) >= OTHER)
        # small bows are an hourglass: nothing of them where the knot goes on
        shape |= ok & (large | (difference(rgb[:, item, row, bow.col + wing], color) >= OTHER))
    return shape
