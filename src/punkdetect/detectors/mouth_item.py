"""Mouth item: what is smoked, and what covers the mouth.

Owns the trait `mouth_item`. Must not know how the face or the mouth was found, nor any other trait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from punkdetect.detectors._beside_mouth import OF_FACE, Mouths, View, look
from punkdetect.landmarks.flat_colors import color_difference
from punkdetect.pixels import flood, grow
from punkdetect.punks import (
    NOT_FOUND,
    SIDE,
    BoolArray,
    ByteArray,
    IntArray,
    Punks,
    make_column,
)
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.punks import TraitColumn

NONE, CIGARETTE, CIGAR, PIPE, VAPE, MASK, OTHER = range(7)
"""Codes of the values, in the order of the vocabulary."""

ROWS = range(-4, 8)
"""Rows looked at, counted from the (lower) row of the mouth bar: a pipe's bowl hangs up to five below it."""

STEPS = range(-3, 12)
"""Columns looked at, counted outwards from the end of the bar."""

BAR, END = -ROWS.start, -STEPS.start
"""Row and column of the window with the end of the bar."""

ONE_COLOR = 45
"""Sum of the channel differences up to which two pixels belong to one stick: the two browns of hand-made
cigars differ by 17, a pipe's stem and its face by 47 at least."""

FIRST_STEPS = range(1, 3)
"""Columns from the bar in which a stick may begin; before it there is only its outline."""

SHORTEST, LEAST_REACH = 3, 4
"""Pixels of one colour in a row that make a stick, and columns from the bar that it must reach: the shortest
(a cigar held by a narrow mouth) has 3 and reaches 4, where every head has ended."""

FACE_CHECK = 3
"""Rows above and below the far end of a stick where no face may be: it must have left the head."""

HALF = 0.5
"""Share of a stick beside which its colour goes on, from which it is no stick but hair or cloth; and share
of a pipe's rim up to which it may be of other foreign colours: outline, face and background are around it."""

STEM_SEEDS = ((1, 0), (1, 1), (2, 0), (2, 1), (1, 2), (1, -1), (0, 1))
"""Where the stem of a pipe may begin: row below the bar, columns outwards from its end."""

LEAST_PIPE, PIPE_REACH = 6, 5
"""Pixels of stem and bowl in one colour, and columns from the bar that they must reach; labelled pipes have
10 and reach 6 to 9."""

PIPE_DROP = range(3, 7)
"""Rows under the bar that the lowest pixel of a pipe may have: less is a stick, more is clothing or hair."""

LINE_STEPS = 3
"""Diagonal steps with background on both sides that make a cigarette holder: more than any strand of hair at
the jaw of the labelled portraits has."""

LINE_ROWS, LINE_COLS = range(7), range(2, 9)
"""Rows under the bar and columns from its end in which such a line may leave the jaw and go down."""

PALE_PAPER = 150
"""Least channel of a cigarette; the labelled ones have 198, grey vapes 89."""

GRAY = 24
"""Spread of the channels (largest less smallest) up to which a stick is grey: not a cigar's brown."""

BUBBLE_ROWS, BUBBLE_COLS = range(-2, 4), range(-3, 5)
"""Rows from the bar and columns from its middle in which a cross of five pixels of a bubble must lie."""

LEAST_BUBBLE, BUBBLE_SIZE = 9, 7
"""Pixels that a bubble has at least, columns and rows that it has at most: less is a blush or lips, more is
cloth or hair."""

VIVID = 50
"""Spread of the channels (largest less smallest) from which a colour has a hue; greys of beards have up to
30."""

SURE_BUBBLE = 0.8
"""Confidence of a bubble: no labelled portrait has one, none is taken for one."""

SURE_NONE, SURE_STICK, SURE_PIPE, SURE_LINE, SURE_MASK = 0.99, 0.98, 0.97, 0.8, 0.97
"""Confidence of each finding: of the labelled portraits no stick, pipe or mask is read wrongly; thin lines
are in one family only, so less is known of them."""


class LeavesTheMouth:
    """Looks for a stick or a pipe that begins at the mouth and leaves the head, and for cloth over it.

    From either end of the bar, past a black outline at most, a row of three or more pixels in one colour that
    is not the face's, that reaches past the jaw and is thin (hair and cloth go on up and down) is a stick: a
    cigarette if it is pale, a cigar if it is brown, a vape otherwise. A connected piece of one colour that
    begins under the end of the bar and hangs down outside of the jaw is a pipe. A thin diagonal line out of
    the jaw is a cigarette in its holder. A round piece of chewing-gum colour over the mouth, and a stem of
    green, are something else. Cloth over nose and mouth is a mask.

    Cannot see what does not stick out of the head (a toothpick on the cheek, a chin strap), nor smoke alone.
    """

    name = "mouth_item.leaves_the_mouth"
    version = 1
    trait = "mouth_item"
    vocabulary = TRAITS["mouth_item"]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return what every portrait has in or over its mouth.

        Parameters
        ----------
        punks : Punks
            N portraits.
        landmarks : Landmarks
            Of the same portraits; face, mouth and background are used.

        Returns
        -------
        TraitColumn
            Evidence is the stick, the pipe or the cloth; the mouth bar where there is none of them.
        """
        face, mouth = landmarks.face, landmarks.mouth
        mouths = Mouths(
            punks.rgba,
            landmarks.background.mask,
            np.stack([face.skin_rgb, face.second_rgb], axis=1),
            np.where(mouth.found, mouth.row + mouth.rows - 1, face.mouth_row),
            np.where(mouth.found, mouth.left_col, face.mouth_col),
            np.where(mouth.found, mouth.right_col, face.mouth_col + 2),
        )
        codes = np.full(len(punks), NONE)
        confidence = np.full(len(punks), SURE_NONE)
        item = np.zeros((len(punks), SIDE, SIDE), bool)
        bare = face.found & ~mouth.covered
        for outward in (1, -1):
            some = np.flatnonzero(bare & (codes == NONE))
            some = some[_begins_at_the_mouth(mouths, some, outward)]
            view = look(mouths, some, outward, ROWS, STEPS)
            stick, color = _find_stick(view)
            pipe = _find_pipe(view, look(mouths, some, -outward, ROWS, STEPS))
            for found, code, sure in (
                (pipe, np.full(len(some), PIPE), SURE_PIPE),
                (stick, _name_stick(color), SURE_STICK),
            ):
                there = np.asarray(found.any(axis=(1, 2)))
                codes[some[there]], confidence[some[there]] = code[there], sure
            view.put_back(np.where(stick.any(axis=(1, 2), keepdims=True), stick, pipe), item)
            view = look(mouths, np.flatnonzero(bare & (codes == NONE)), outward, LINE_ROWS, LINE_COLS)
            line = _find_line(view)
            there = np.asarray(line.any(axis=(1, 2)))
            codes[view.item[there]], confidence[view.item[there]] = CIGARETTE, SURE_LINE
            view.put_back(line, item)
        some = np.flatnonzero(bare & (codes == NONE))
        bubble = _find_bubble(mouths, some)
        blown = some[bubble.any(axis=(1, 2))]
        codes[blown], confidence[blown] = OTHER, SURE_BUBBLE
        item[some] |= bubble
        codes[mouth.covered], confidence[mouth.covered] = MASK, SURE_MASK
        codes[~face.found] = NOT_FOUND
        evidence = item | mouth.cover | (mouth.mask & (codes == NONE)[:, None, None])
        return make_column(self.trait, codes, confidence, evidence)


def _begins_at_the_mouth(mouths: Mouths, item: IntArray, outward: int) -> BoolArray:
    """Tell cheaply where a closer look is worth while: foreign pixels at the end of the bar."""
    near = look(mouths, item, outward, range(-1, 3), range(3))
    return np.asarray(near.foreign.any(axis=(1, 2)))


def _find_stick(view: View) -> tuple[BoolArray, ByteArray]:
    """Return the pixels of a stick in every window (none: no stick) and its colour, shape (M, 4)."""
    stick = np.zeros(view.usable.shape, bool)
    color = np.zeros((len(stick), 4), np.uint8)
    for row in (BAR + 1, BAR - 1, BAR):  # level with the bar last: it overrules the others
        run, here = _find_run(view, row)
        length = run.sum(axis=1)
        far = np.where(run, np.arange(run.shape[1]), 0).max(axis=1)
        found = (length >= SHORTEST) & (far - END >= LEAST_REACH)
        # neither hair nor cloth: at most two rows of this colour
        alike = (color_difference(view.rgba, here[:, None, None]) <= ONE_COLOR) & view.usable
        beside = [(run & alike[:, row + step]).sum(axis=1) >= HALF * length for step in (-2, -1, 1, 2)]
        found &= ~(beside[0] & beside[1]) & ~(beside[1] & beside[2]) & ~(beside[2] & beside[3])
        # past the jaw: no face above and below its far end
        for step in (-FACE_CHECK, FACE_CHECK):
            found &= ~view.of_face[np.arange(len(far)), row + step, far]
        stick[found] = False
        stick[found, row] = run[found]
        color[found] = here[found]
    return stick, color


def _find_run(view: View, row: int) -> tuple[BoolArray, ByteArray]:
    """Return the first foreign run of one colour outwards from the bar, (M, C), and its colour, (M, 4).

    It begins in one of the `FIRST_STEPS`, with no face between the bar and it; empty where nothing does.
    """
    each, steps = np.arange(len(view.item)), np.arange(view.usable.shape[2])
    foreign, first = view.foreign[:, row], END + FIRST_STEPS.start
    begin = first + foreign[:, first : END + FIRST_STEPS.stop].argmax(axis=1)[:, None]
    color = view.rgba[each, row, begin[:, 0]]
    alike = (color_difference(view.rgba[:, row], color[:, None]) <= ONE_COLOR) & foreign
    run = np.logical_and.accumulate(alike | (steps < begin), axis=1) & (steps >= begin)
    gap = (view.of_face[:, row] & (steps >= first) & (steps < begin)).any(axis=1)
    return run & ~gap[:, None], color


def _find_pipe(view: View, other_side: View) -> BoolArray:
    """Return the pixels of a pipe in every window; none where there is no pipe.

    What is on both sides of the mouth alike is a beard; what has other foreign colours all around is one
    shade of hair.
    """
    rows, cols = (np.array(part) for part in zip(*STEM_SEEDS, strict=True))
    rows, cols = rows + BAR, cols + END
    beard = color_difference(view.rgba[:, rows, cols], other_side.rgba[:, rows, cols]) <= OF_FACE
    seeds = view.foreign[:, rows, cols] & ~beard
    each, pick = np.arange(len(seeds)), seeds.argmax(axis=1)
    color = view.rgba[each, rows[pick], cols[pick]]
    seed = np.zeros(view.usable.shape, bool)
    seed[each, rows[pick], cols[pick]] = seeds.any(axis=1)
    body = (color_difference(view.rgba, color[:, None, None]) <= ONE_COLOR) & view.foreign
    body[:, : BAR + 1, : END + 1] = False  # the lips
    pipe = flood(body, seed)
    in_row = np.asarray(pipe.any(axis=2))
    lowest = np.where(in_row, np.arange(pipe.shape[1]), 0).max(axis=1) - BAR
    reach = np.where(pipe.any(axis=1), np.arange(pipe.shape[2]), 0).max(axis=1) - END
    good = ~in_row[:, : BAR - 1].any(axis=1)
    good &= (lowest >= PIPE_DROP.start) & (lowest < PIPE_DROP.stop)
    good &= (reach >= PIPE_REACH) & (pipe.sum(axis=(1, 2)) >= LEAST_PIPE)
    rim = grow(pipe, diagonal=False) & ~pipe
    good &= (rim & view.foreign).sum(axis=(1, 2)) <= HALF * rim.sum(axis=(1, 2))
    return np.asarray(pipe & good[:, None, None])


def _find_line(view: View) -> BoolArray:
    """Return the pixels of a thin diagonal of ink that leaves the jaw downwards, in every window.

    There is background on both sides of every step.
    """
    behind = view.behind
    ink = view.ink & ~behind
    step = ink[:, :-1, :-1] & ink[:, 1:, 1:] & behind[:, :-1, 1:] & behind[:, 1:, :-1]
    rows, cols = (size - LINE_STEPS + 1 for size in step.shape[1:])
    whole = np.logical_and.reduce([step[:, i : i + rows, i : i + cols] for i in range(LINE_STEPS)])
    line = np.zeros(ink.shape, bool)
    for i in range(LINE_STEPS + 1):
        line[:, i : i + rows, i : i + cols] |= whole
    return line


def _find_bubble(mouths: Mouths, item: IntArray) -> BoolArray:
    """Return the pixels of a bubble over or beside the bar of some mouths, in whole pictures: (M, 24, 24)."""
    bubble = np.zeros((len(item), SIDE, SIDE), bool)
    middle = (mouths.left_col[item] + mouths.right_col[item]) // 2
    rows = mouths.row[item, None] + np.asarray(BUBBLE_ROWS)
    view = View(mouths, item, rows, middle[:, None] + np.asarray(BUBBLE_COLS))
    center = view.rgba[:, 1:-1, 1:-1]
    block = ~view.behind[:, 1:-1, 1:-1] & _is_dyed(center)
    block &= color_difference(center, mouths.face_rgb[item, 0, None, None]) > OF_FACE
    for down, right in ((0, 1), (1, 0), (1, 2), (2, 1)):
        part = view.rgba[:, down : down + center.shape[1], right : right + center.shape[2]]
        block &= color_difference(part, center) <= ONE_COLOR
    some = np.flatnonzero(block.any(axis=(1, 2)))
    if not len(some):
        return bubble
    at = block[some].reshape(len(some), center.shape[1] * center.shape[2]).argmax(axis=1)
    row, col = np.divmod(at, center.shape[2])
    color = center[some, row, col]
    whole = mouths.rgba[item[some]]
    alike = (color_difference(whole, color[:, None, None]) <= ONE_COLOR) & (whole[..., 3] > 0)
    seed = np.zeros_like(alike)
    seed[np.arange(len(some)), view.rows[some, row + 1], view.cols[some, col + 1]] = True
    piece = flood(alike, seed, diagonal=False)
    wide, high = piece.any(axis=1).sum(axis=1), piece.any(axis=2).sum(axis=1)
    round_piece = piece.sum(axis=(1, 2)) >= LEAST_BUBBLE
    round_piece &= (np.maximum(wide, high) <= BUBBLE_SIZE) & (np.abs(wide - high) <= 2)
    bubble[some] = piece & round_piece[:, None, None]
    return bubble


def _is_dyed(rgba: ByteArray) -> BoolArray:
    """Tell which pixels have a hue that neither skin nor beards have: not from red to yellow."""
    red, green, blue = (rgba[..., channel].astype(np.int16) for channel in range(3))
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return np.asarray(((red < green) | (green < blue)) & (spread >= VIVID))


def _name_stick(color: ByteArray) -> IntArray:
    """Return the code of a stick by its colour: pale paper, brown leaf, green stem, or anything else."""
    red, green, blue = (color[:, channel].astype(np.intp) for channel in range(3))
    spread = color[:, :3].max(axis=1).astype(np.intp) - color[:, :3].min(axis=1)
    brown = (red > green) & (green >= blue) & (spread > GRAY)
    codes = np.where(brown, CIGAR, VAPE)
    codes[(green > red) & (green > blue) & (spread >= VIVID)] = OTHER
    codes[color[:, :3].min(axis=1) >= PALE_PAPER] = CIGARETTE
    return codes


DETECTORS = (LeavesTheMouth(),)
