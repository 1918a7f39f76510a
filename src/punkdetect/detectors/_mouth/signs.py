"""The search of the rule of `mouth_item`: what is smoked, and what covers the mouth.

Owns the order in which the signs are heard, and what each finding is worth. Must not know how the face or
the mouth was found, nor any other trait.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from punkdetect.detectors._mouth import held, objects, sticks
from punkdetect.detectors._mouth.beside import (
    BEHIND,
    INK,
    PLAIN,
    Mouths,
    View,
    colors_of_faces,
    free_islands,
    kinds_of_pixels,
)
from punkdetect.detectors._mouth.bubble import find_bubble, is_dyed
from punkdetect.detectors._mouth.held import ONE_COLOR
from punkdetect.detectors._mouth.names_of_things import (
    CIGAR,
    CIGARETTE,
    MASK,
    NONE,
    OTHER,
    PIPE,
    VAPE,
    has_ink_stem,
    name_object,
)
from punkdetect.detectors._once import once
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.flat_colors import BLACK, color_difference, follow_color
from punkdetect.pixels import flood, grow
from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, FloatArray, IntArray
from punkdetect.records import Record

NEAR_ROWS, NEAR_STEPS = range(-1, 3), range(-1, 4)
"""Rows from the bar and columns from its middle of the first, cheap look."""

PIPE_DROP, BOWL, LONG_STEM = 3, 3, 3
"""Rows under the bar that the bowl of a pipe reaches; rows that it is high where it does not hang, and that
all else is high at most; columns of stem before it: cigars are thick from the first column or the next."""

HEAD, LARGEST_HEAD = 4, 14
"""Pixels of another colour behind the end of a pale stick that make it a lollipop: an ember has one or two,
hair more."""

PALE = 150
"""Least channel of paper: cigarettes have 198 and more, vapes up to 144."""

AT_END_ROWS = range(-1, 7)
"""Rows from the bar that sticks and pipes may have a few columns from its end."""

REACH = 3
"""Columns from the middle of the mouth that something held reaches at least: lips reach two."""

LINE_ROWS, LINE_COLS = range(7), range(2, 9)
"""Rows under the bar and columns from its end in which a thin line may leave the jaw and go down."""

MOST_OF_HAIR = 0.5
"""Share of the pixels of a thing from which it is of the colour of hair, and so is hair."""

ONE_THING, LONGEST = ((MASK, 60), (PIPE, 100)), 12
"""Sum of the channel differences up to which neighbours are one cloth (the straps are paler), and one wood;
steps to their ends at most."""

SURE_NONE, SURE_STICK, SURE_PIPE, SURE_OBJECT, SURE_HELD = 0.99, 0.8, 0.8, 0.95, 0.8
"""Confidence of each finding: things of one or of several colours that are followed from the mouth are named
rightly 430 times of 436 in collections that others drew, always in real ones, and 296 times of 327 in those
of the project; what is found otherwise, and not by that, three times of four."""

SURE_LINE, SURE_BUBBLE, SURE_MASK, UNSEEN_MASK = 0.8, 0.9, 0.95, 0.8
"""Thin lines are in one labelled family only and bubbles in none, so less is known of them; a mask that was
not seen as a panel of cloth is one nine times of ten in collections of others, six in drawn ones."""

ODD_FACES = ((0.8, 0.97), (0.7, 0.9), (0.6, 0.6))
"""Scores of faces under which less of what is expected is seen, and the confidence then at most."""


class MouthSigns(Record):
    """What the rule finds in and around every mouth.

    Parameters
    ----------
    mouths : Mouths
        What it searched in.
    codes : ndarray of int, shape (N,)
        Of the values of `mouth_item`; -1 where there is no face.
    confidence : ndarray of float64, shape (N,)
    item : ndarray of bool, shape (N, 24, 24)
        The pixels of what is held, or lies over the mouth.
    evidence : ndarray of bool, shape (N, 24, 24)
        What is held with its outline, or the cloth; the mouth bar where there is none of them.
    """

    mouths: Mouths
    codes: IntArray
    confidence: FloatArray
    item: BoolArray
    evidence: BoolArray


@once
def signs_of(landmarks: Landmarks) -> MouthSigns:
    """Look for cloth and for what is held, by every mouth, and name it."""
    mouth = landmarks.mouth
    face = mouth.place(landmarks.face)
    rgba, faces = landmarks.inked.rgba, colors_of_faces(landmarks.inked.rgba, face)
    mouths = Mouths(
        rgba,
        landmarks.palette,
        free_islands(kinds_of_pixels(landmarks.inked.palette, landmarks.background.mask, faces), face)
        | np.where(mouth.raised | mouth.lowered, np.uint8(PLAIN), np.uint8(0)),
        faces,
        np.where(mouth.found, mouth.row + mouth.rows - 1, face.mouth_row),
        np.where(mouth.found, mouth.left_col, face.mouth_col),
        np.where(mouth.found, mouth.right_col, face.mouth_col + 2),
        face.mouth_col + 1,
        np.maximum(mouth.rows, 1),
    )
    bare = face.found & ~mouth.covered
    codes, confidence, item = _search_both_sides(mouths, bare)
    mask = mouth.covered & ~mouth.wrapped
    codes[mask], confidence[mask] = MASK, np.where(mouth.panel[mask], SURE_MASK, UNSEEN_MASK)
    confidence[mouth.wrapped] = SURE_MASK
    some = np.flatnonzero((bare & (codes == NONE)) | (mask & ~mouth.panel))
    bubble = find_bubble(mouths, some)
    blown = some[bubble.any(axis=(1, 2))]
    codes[blown], confidence[blown] = OTHER, SURE_BUBBLE
    item[some] |= bubble
    codes[~face.found] = NOT_FOUND
    for score, at_most in ODD_FACES:
        confidence[face.score < score] = np.minimum(confidence[face.score < score], at_most)
    evidence = (
        item | (mouth.cover & (codes == MASK)[:, None, None]) | (mouth.mask & (codes == NONE)[:, None, None])
    )
    for code, most in ONE_THING:
        some = np.flatnonzero(codes == code)
        evidence[some] = _follow_to_ends(mouths, some, evidence[some], most)
    with_outline = np.flatnonzero((codes > NONE) & (codes != MASK))
    outline = grow(item[with_outline], diagonal=True) & (mouths.kinds[with_outline] & (BEHIND | INK) == INK)
    evidence[with_outline] |= outline
    return MouthSigns(mouths, codes, confidence, item, evidence)


def _follow_to_ends(mouths: Mouths, item: IntArray, seed: BoolArray, most: int) -> BoolArray:
    """Return all pixels of things that go on beyond what was found of them: cloth, a bowl."""
    rgba = mouths.rgba[item]
    ink = rgba[..., :3].sum(axis=-1, dtype=np.int16) <= BLACK
    return follow_color(
        rgba, (mouths.kinds[item] & BEHIND == 0) & ~ink, seed, most, np.full(len(item), LONGEST)
    )


Finding = tuple[IntArray, FloatArray, View, BoolArray]
"""Codes and confidences of the portraits of a view, and the pixels of what was found in its windows."""


def _search_both_sides(mouths: Mouths, bare: BoolArray) -> tuple[IntArray, FloatArray, BoolArray]:
    """Find what is held in bare mouths, (N,); on the right first.

    Returns codes and confidences, (N,), and the pixels of what is held, (N, 24, 24).
    """
    n = len(bare)
    sides = np.flatnonzero(np.concatenate([bare, bare]))
    codes, confidence = np.full(2 * n, NONE), np.full(2 * n, SURE_NONE)
    connected = View(mouths, _connected(mouths, sides), held.ROWS, held.STEPS)
    searches: tuple[Callable[[IntArray], Finding], ...] = (
        lambda _: _search_objects(connected),
        lambda some: _search_at_end(mouths, some),
        lambda some: _search_line(mouths, some),
        lambda _: _search_anywhere(connected.take(np.flatnonzero(codes[connected.side] == NONE))),
    )
    findings = []
    for search in searches:
        kinds, sure, view, thing = search(sides[codes[sides] == NONE])
        codes[view.side], confidence[view.side] = kinds, np.where(kinds == NONE, SURE_NONE, sure)
        findings.append((view, thing))
    on_left = codes[:n] == NONE
    item = np.zeros((n, SIDE, SIDE), bool)
    for view, thing in findings:
        counts = (view.side < n) | on_left[view.item]
        view.put_back(thing & counts[:, None, None], item)
    return (
        np.where(on_left, codes[n:], codes[:n]),
        np.where(on_left, confidence[n:], confidence[:n]),
        item,
    )


def _search_at_end(mouths: Mouths, some: IntArray) -> Finding:
    """Find sticks and pipes that begin at the end of the bar."""
    near = View(mouths, some, range(-1, 3), range(3), from_end=True)
    some = some[(near.usable & ~near.plain).any(axis=(1, 2))]
    # whatever is long enough is in this column, where most faces have their outline
    further = View(mouths, some, AT_END_ROWS, range(sticks.SHORTEST, sticks.SHORTEST + 1), from_end=True)
    some = some[(further.usable & ~further.plain).any(axis=(1, 2))]
    view = View(mouths, some, sticks.ROWS, sticks.STEPS, from_end=True)
    stick, color = sticks.find_stick(view)
    pipe = sticks.find_pipe(view)
    is_stick, is_pipe = (np.asarray(thing.any(axis=(1, 2))) for thing in (stick, pipe))
    codes = np.where(is_stick, _name_stick(color), np.where(is_pipe, PIPE, NONE))
    brown = np.flatnonzero(codes == CIGAR)
    bowl = sticks.find_bowl(view.foreign[brown] & sticks.is_brown(view.rgba[brown]), stick[brown])
    codes[brown[bowl.any(axis=(1, 2))]] = PIPE
    stick[brown] |= bowl
    sure = np.where(is_stick, SURE_STICK, SURE_PIPE)
    return codes, sure, view, np.where(is_stick[:, None, None], stick, pipe)


def _search_line(mouths: Mouths, some: IntArray) -> Finding:
    """Find thin lines that leave the jaw."""
    view = View(mouths, some, LINE_ROWS, LINE_COLS, from_end=True)
    line = sticks.find_line(view)
    return np.where(line.any(axis=(1, 2)), CIGARETTE, NONE), np.full(len(some), SURE_LINE), view, line


def _search_objects(connected: View) -> Finding:
    """Find things of several colours that are connected with the mouth and past the jaw."""
    view, body = objects.find_objects(connected)
    codes = name_object(view, body)
    return codes, np.full(len(codes), SURE_OBJECT), view, body


def _connected(mouths: Mouths, some: IntArray) -> IntArray:
    """Return the sides of which something is held without a gap up to where lips have ended."""
    near = View(mouths, some, NEAR_ROWS, range(REACH - 1, REACH + 1))
    solid = np.asarray((~near.behind & ~near.plain).any(axis=1))
    some = some[solid[:, 0] & solid[:, 1]]
    near = View(mouths, some, NEAR_ROWS, NEAR_STEPS)
    return some[near.held[:, :, REACH - NEAR_STEPS.start].any(axis=1)]


def _search_anywhere(connected: View) -> Finding:
    """Find what is connected with the mouth until it has left the head."""
    body, color = held.find_held(connected)
    found = np.flatnonzero(body.any(axis=(1, 2)))
    view, body, color = connected.take(found), body[found], color[found]
    hair = (body & objects.colors_elsewhere(view)).sum(axis=(1, 2)) > MOST_OF_HAIR * body.sum(axis=(1, 2))
    found = np.flatnonzero(~hair)
    view, body = view.take(found), body[found]
    codes = _name_held(view, body, color[found])
    return codes, np.full(len(codes), SURE_HELD), view, body & (codes != NONE)[:, None, None]


def _name_stick(color: ByteArray) -> IntArray:
    """Return the code of a stick by its colour: pale paper, brown leaf, green stem, or anything else."""
    codes = np.where(sticks.is_brown(color), CIGAR, VAPE)
    codes[is_dyed(color) & (color[:, 1] > color[:, 0]) & (color[:, 1] > color[:, 2])] = OTHER
    codes[color[:, :3].min(axis=1) >= PALE] = CIGARETTE
    return codes


def _name_held(view: View, body: BoolArray, color: ByteArray) -> IntArray:
    """Return the code of a thing by its colour and shape: shape (M,)."""
    brown = sticks.is_brown(color)
    pale = color[:, :3].min(axis=1) >= PALE
    thick = body.sum(axis=1) >= BOWL
    columns = body.any(axis=1)
    lowest = np.where(body.any(axis=2), np.arange(body.shape[1]), 0).max(axis=1) - held.BAR
    first_thick = np.where(thick.any(axis=1), thick.argmax(axis=1), 0)
    bowl = (lowest >= PIPE_DROP) | (first_thick >= columns.argmax(axis=1) + LONG_STEM)
    head = _count_head(view, body)
    codes = np.full(len(body), VAPE)
    codes[brown] = CIGAR
    codes[brown & bowl] = PIPE
    codes[pale] = CIGARETTE
    codes[pale & (head >= HEAD)] = OTHER
    codes[is_dyed(color)] = OTHER
    stem = has_ink_stem(view, body)
    codes[stem & (brown | (pale & thick.any(axis=1)))] = PIPE
    codes[(codes != PIPE) & (body.sum(axis=1).max(axis=1) > BOWL)] = NONE  # hair
    return codes


def _count_head(view: View, body: BoolArray) -> IntArray:
    """Count the pixels of the one colour that follows behind the far end of a thing: shape (M,).

    0 where nothing follows, and where it is so large that it is hair.
    """
    each, steps = np.arange(len(body)), np.arange(body.shape[2])
    far = np.where(body.any(axis=1), steps, 0).max(axis=1)
    row = body[each, :, far].argmax(axis=1)
    behind = np.minimum(far + 1, body.shape[2] - 1)
    seed = np.zeros(body.shape, bool)
    seed[each, row, behind] = view.foreign[each, row, behind]
    alike = (
        color_difference(view.rgba, view.rgba[each, row, behind][:, None, None]) <= ONE_COLOR
    ) & view.foreign
    size = flood(alike, seed & alike, diagonal=False).sum(axis=(1, 2))
    return np.asarray(np.where(size <= LARGEST_HEAD, size, 0), np.intp)
