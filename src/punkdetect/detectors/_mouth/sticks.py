"""Sticks, pipes and thin lines that begin at the very end of the mouth bar.

Owns the searches that are sure wherever the bar is seen to its end. Must not know what a find is called.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._mouth.beside import OF_FACE, View
from punkdetect.landmarks.flat_colors import color_difference
from punkdetect.pixels import flood, grow
from punkdetect.punks import BoolArray, ByteArray

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

MOST_PARTS = 2
"""Filters and bands that a stick may have before its longest part."""

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

BOWL_COLS, BOWL_ROWS, MOST_BOWL_ROWS = 3, 3, 6
"""Columns behind the end of the stem that a bowl may have; rows that two of them fill at least, and that it
has at most."""

GRAY = 24
"""Difference of red and blue up to which a colour is grey, not brown."""

LINE_STEPS = 3
"""Diagonal steps with background on both sides that make a cigarette holder: more than any strand of hair at
the jaw of the labelled portraits has."""


def find_stick(view: View) -> tuple[BoolArray, ByteArray]:
    """Return the pixels of a stick in every window (none: no stick) and its colour, shape (M, 4)."""
    stick = np.zeros(view.usable.shape, bool)
    color = np.zeros((len(stick), 4), np.uint8)
    for row in (BAR + 1, BAR - 1, BAR):  # level with the bar last: it overrules the others
        run, here = _find_run(view, row)
        length = run.sum(axis=1)
        far = np.where(run, np.arange(run.shape[1]), 0).max(axis=1)
        # a bowl at the end of a stem belongs to it
        long = np.flatnonzero((length >= SHORTEST) & is_brown(here))
        wood = view.foreign[long] & is_brown(view.rgba[long])
        bowl = find_bowl(wood, _in_row(run[long], row, len(ROWS)))
        in_col = np.asarray(bowl.any(axis=1), bool)
        reach = np.where(in_col, np.arange(run.shape[1]), 0).max(axis=1)
        far[long] = np.where(reach > 0, reach, far[long])
        after = np.minimum(far + 1, run.shape[1] - 1)
        glows = is_ember(view.rgba[np.arange(len(far)), row, after])
        found = np.flatnonzero((length >= SHORTEST) & (far - END + glows >= LEAST_REACH))
        # past the jaw: no face above and below its far end
        for step in (-FACE_CHECK, FACE_CHECK):
            found = found[~view.plain[found, row + step, far[found]]]
        # neither hair nor cloth: at most two rows of this colour
        near = slice(row - 2, row + 3)
        alike = color_difference(view.rgba[found, near], here[found, None, None]) <= ONE_COLOR
        alike &= view.usable[found, near] & run[found, None]
        above_2, above_1, _, below_1, below_2 = (alike.sum(axis=2) >= HALF * length[found, None]).T
        found = found[~(above_2 & above_1) & ~(above_1 & below_1) & ~(below_1 & below_2)]
        stick[found] = False
        stick[found, row] = run[found]
        color[found] = here[found]
    return stick, color


def _in_row(run: BoolArray, row: int, rows: int) -> BoolArray:
    """Return windows of so many rows with pixels in one of them."""
    whole = np.zeros((len(run), rows, run.shape[1]), bool)
    whole[:, row] = run
    return whole


def _find_run(view: View, row: int) -> tuple[BoolArray, ByteArray]:
    """Return the foreign run of one colour outwards from the bar, (M, C), and its colour, (M, 4).

    What is foreign begins in one of the `FIRST_STEPS`, with no face between the bar and it; a filter or a
    band of one or two pixels may come before the run. Empty where nothing begins there.
    """
    each, steps = np.arange(len(view.item)), np.arange(view.usable.shape[2])
    foreign, first = (view.usable & ~view.plain)[:, row], END + FIRST_STEPS.start
    start = first + foreign[:, first : END + FIRST_STEPS.stop].argmax(axis=1)[:, None]
    gap = (view.plain[:, row] & (steps >= first) & (steps < start)).any(axis=1)
    begin = start
    on_face = view.plain[:, row - 1] | view.plain[:, row + 1]  # hair has face beside its first pixel at most
    for last in (False,) * MOST_PARTS + (True,):
        color = view.rgba[each, row, begin[:, 0]]
        alike = (color_difference(view.rgba[:, row], color[:, None]) <= ONE_COLOR) & foreign
        run = np.logical_and.accumulate(alike | (steps < begin), axis=1) & (steps >= begin)
        length = run.sum(axis=1)[:, None]
        after = np.minimum(begin + length, len(steps) - 1)
        if not last:
            short = (length > 0) & (length < SHORTEST) & np.take_along_axis(foreign, after, axis=1)
            short &= np.take_along_axis(on_face, begin, axis=1)
            begin = np.where(short, after, begin)
    # the mouth may be a pixel narrower than the artist's stick begins: an ember leaves no doubt
    gap &= ~is_ember(view.rgba[each, row, after[:, 0]])
    return run & ~gap[:, None], color


def is_ember(rgba: ByteArray) -> BoolArray:
    """Tell which pixels glow red or orange."""
    red, green, blue = (rgba[..., channel].astype(np.int16) for channel in range(3))
    return np.asarray((red >= 200) & (green <= 150) & (blue <= 90) & (red - green >= 70))


def find_bowl(wood: BoolArray, stick: BoolArray) -> BoolArray:
    """Return the pixels of a bowl at the far end of a brown stem, in every window; none where there is none.

    It is of wood like the stem, though maybe in another shade, and three rows high where the stem has one
    or two; so no cigar is, whatever its ember and smoke.
    """
    columns = np.arange(stick.shape[2])
    far = np.where(stick.any(axis=1), columns, 0).max(axis=1)[:, None]
    near_end = (columns >= far - 1) & (columns <= far + BOWL_COLS)
    piece = flood(wood & near_end[:, None], stick & near_end[:, None], diagonal=False)
    height, stem = piece.sum(axis=1), (stick & wood).sum(axis=1)
    rows = piece.any(axis=2).sum(axis=1)
    high = (height >= BOWL_ROWS).sum(axis=1) >= 2
    before = stick.any(axis=1) & ~near_end
    good = high & (rows <= MOST_BOWL_ROWS) & (before.sum(axis=1) >= 1) & (stem.max(axis=1) <= 2)
    return np.asarray(piece & good[:, None, None])


def find_pipe(view: View) -> BoolArray:
    """Return the pixels of a pipe in every window; none where there is no pipe.

    What is on both sides of the mouth alike is a beard; what has other foreign colours all around is one
    shade of hair.
    """
    rows, cols = (np.array(part) for part in zip(*STEM_SEEDS, strict=True))
    rows, cols = rows + BAR, cols + END
    other = view.other_side(view.steps)
    beard = color_difference(view.rgba[:, rows, cols], other.rgba[:, rows, cols]) <= OF_FACE
    seeds = view.foreign[:, rows, cols] & ~beard
    each, pick = np.arange(len(seeds)), seeds.argmax(axis=1)
    color = view.rgba[each, rows[pick], cols[pick]]
    seed = np.zeros(view.usable.shape, bool)
    seed[each, rows[pick], cols[pick]] = seeds.any(axis=1) & is_brown(color)
    some = np.flatnonzero(seed.any(axis=(1, 2)))
    body = (color_difference(view.rgba[some], color[some, None, None]) <= ONE_COLOR) & view.foreign[some]
    body[:, : BAR + 1, : END + 1] = False  # the lips
    pipe = flood(body, seed[some])
    in_row = np.asarray(pipe.any(axis=2))
    lowest = np.where(in_row, np.arange(pipe.shape[1]), 0).max(axis=1) - BAR
    reach = np.where(pipe.any(axis=1), np.arange(pipe.shape[2]), 0).max(axis=1) - END
    good = ~in_row[:, : BAR - 1].any(axis=1)
    good &= (lowest >= PIPE_DROP.start) & (lowest < PIPE_DROP.stop)
    good &= (reach >= PIPE_REACH) & (pipe.sum(axis=(1, 2)) >= LEAST_PIPE)
    rim = grow(pipe, diagonal=False) & ~pipe
    good &= (rim & view.foreign[some]).sum(axis=(1, 2)) <= HALF * rim.sum(axis=(1, 2))
    pipes = np.zeros(seed.shape, bool)
    pipes[some] = pipe & good[:, None, None]
    return pipes


def is_brown(rgba: ByteArray) -> BoolArray:
    """Tell which pixels are of wood or tobacco: red over green over blue, and no grey."""
    red, green, blue = (rgba[..., channel].astype(np.int16) for channel in range(3))
    return np.asarray((red > green) & (green >= blue) & (red - blue > GRAY))


def find_line(view: View) -> BoolArray:
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
