"""Things held in the mouth, wherever they begin: what is connected with it until it has left the head.

Owns the search that needs no bar: a cigarette may cover it. Must not know what the face looks like.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._mouth.beside import View
from punkdetect.detectors._mouth.sticks import is_ember
from punkdetect.landmarks.flat_colors import color_difference
from punkdetect.pixels import flood
from punkdetect.punks import BoolArray, ByteArray, IntArray

ROWS, STEPS = range(-5, 9), range(-1, 13)
"""Rows and columns of the second look: a pipe's bowl hangs up to five rows below the bar."""

BAR, MIDDLE = -ROWS.start, -STEPS.start
"""Row and column of the window with the middle of the bar."""

CHEEK_ROWS = (-3, -2)
"""Rows from the bar in which the width of the head is measured: above moustaches, under glasses."""

BODY_ROWS, BODY_STEPS = slice(BAR - 2, BAR + 6), slice(MIDDLE + 2, MIDDLE + 11)
"""Where the main colour of a thing is sought: beyond the lips, near enough not to be hair."""

ONE_COLOR = 45
"""Sum of the channel differences up to which two pixels belong to one thing: the two browns of hand-made
cigars differ by 17, a pipe's stem and its face by 47 at least."""

LEAST_BODY = 3
"""Pixels of one colour that a thing has at least: the shortest cigarette has three."""

LEAST_RUN = 2
"""Pixels of it side by side at least: the stem of a bent pipe has two in no row, but its bowl has."""

MOST_BODY = 34
"""Pixels of one colour that a thing has at most; the largest bowl with its stem has 24, hair more."""

HIGHEST, LOWEST = -2, 6
"""Highest and lowest row, from the bar, of what is held."""

EMBERS = 2
"""Glowing pixels beside the mouth at most: an ember has one or two, red hair more."""

LEAST_PROTRUDING = 2
"""Columns in which a thing has background both above and below it."""

SMOKE = 2
"""Columns in which the colour of what is held may be further up or down: smoke is in two, hair in more."""


def find_held(view: View) -> tuple[BoolArray, ByteArray]:
    """Return the pixels of what is held, in every window (none: nothing), and its colour, shape (M, 4).

    Connected with the mouth, past the jaw, of one colour that goes on neither upwards nor downwards as hair
    and cloth do; and either with an ember at its end or in front of the background.
    """
    held = view.held & view.foreign
    held[:, :, : MIDDLE + 2] = False
    color = _main_color(view, held)
    alike = (color_difference(view.rgba, color[:, None, None]) <= ONE_COLOR) & view.foreign
    alike[:, :, : MIDDLE + 1] = False
    elsewhere = np.concatenate([alike[:, 1 : BAR + HIGHEST], alike[:, BAR + LOWEST + 1 :]], axis=1)
    alike[:, : BAR + HIGHEST] = alike[:, BAR + LOWEST + 1 :] = False
    body = flood(alike, alike & held, diagonal=True)
    tip = _find_tip(view, body)
    size = body.sum(axis=(1, 2))
    thing = (size >= LEAST_BODY) & (size <= MOST_BODY) & (body.sum(axis=2).max(axis=1) >= LEAST_RUN)
    thing &= past_jaw(view, body | tip).any(axis=(1, 2)) & (elsewhere.any(axis=1).sum(axis=1) <= SMOKE)
    glowing = is_ember(view.rgba) & view.foreign
    glows = (tip & glowing).any(axis=(1, 2)) & (glowing.sum(axis=(1, 2)) <= EMBERS)
    thing &= glows | (_count_protruding(view, body | tip) >= LEAST_PROTRUDING)
    return body & thing[:, None, None], color


def _main_color(view: View, held: BoolArray) -> ByteArray:
    """Return the colour that most of the held pixels share: shape (M, 4)."""
    part = view.rgba[:, BODY_ROWS, BODY_STEPS]
    pixels = part.reshape(len(part), part.shape[1] * part.shape[2], 4)
    counts = held[:, BODY_ROWS, BODY_STEPS].reshape(pixels.shape[:2])
    # the held ones first, in their order: there are few
    most = max(int(counts.sum(axis=1).max(initial=0)), 1)
    first = np.argsort(~counts, axis=1, kind="stable")[:, :most]
    each = np.arange(len(pixels))[:, None]
    pixels, counts = pixels[each, first], counts[each, first]
    votes = np.zeros(counts.shape, np.intp)
    for other in range(most):
        votes += (color_difference(pixels, pixels[:, other, None]) <= ONE_COLOR) & counts[:, other, None]
    color: ByteArray = pixels[each[:, 0], (votes * counts).argmax(axis=1)]
    return color


def past_jaw(view: View, held: BoolArray) -> BoolArray:
    """Return what is held past the jaw, or takes the place of its outline: shape (M, R, C)."""
    steps = np.arange(held.shape[2])
    beyond_lips = steps > MIDDLE
    jaw = np.full(len(held), 0)
    for row in CHEEK_ROWS:
        outside = ~view.of_face[:, BAR + row] & beyond_lips
        jaw = np.maximum(jaw, np.where(outside.any(axis=1), outside.argmax(axis=1), held.shape[2]))
    there = held & (steps >= jaw[:, None])[:, None]
    past_outline = there & ((steps >= jaw[:, None] + 1)[:, None] | ~view.ink)
    return np.asarray(past_outline)


def _count_protruding(view: View, body: BoolArray) -> IntArray:
    """Count the columns in which a thing has background shortly above and below it: shape (M,)."""
    near_above, near_below = np.zeros(body.shape, bool), np.zeros(body.shape, bool)
    for step in (1, 2, 3):
        near_above[:, step:] |= view.behind[:, :-step]
        near_below[:, :-step] |= view.behind[:, step:]
    return np.asarray((body & near_above & near_below).any(axis=1).sum(axis=1))


def _find_tip(view: View, body: BoolArray) -> BoolArray:
    """Return the foreign pixels right behind the far end of a thing: shape (M, R, C)."""
    behind = np.zeros(body.shape, bool)
    behind[:, :, 1:] = body[:, :, :-1] & ~body[:, :, 1:] & view.foreign[:, :, 1:]
    return behind
