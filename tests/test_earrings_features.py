"""The numbers that describe what lies beside a face: of that head alone, and true of what is drawn."""

from __future__ import annotations

import numpy as np

from drawn_faces import batch, describe, draw
from punkdetect.detectors._ears.features import SLOTS, earrings_features, without_rule
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks

COLORS = {"G": (250, 215, 40, 255), "T": (40, 190, 190, 255)}

RING = {(14, 3): "GGG", (15, 3): "G.G", (16, 3): "GGG"}
"""A golden ring beside the left jaw of the plain head, whose outline is in column 6."""

STUDS = {(14, 6): "G", (14, 16): "G"}
"""A golden point at either ear, in the outline."""

DROP = {(14, 5): "T", (15, 5): "T", (16, 5): "G"}
"""Two pixels, and one of another colour under them, at the left ear."""

LOCKS = {(row, col): "hG"[(row + col) % 2] for row in range(9, 18) for col in (4, 5, 17, 18)}
"""Hair beside the face in two colours, like a checker: as much gold as any earring, but everywhere."""


def test_a_bare_head_has_no_pieces() -> None:
    described = describe(earrings_features, draw())
    assert [described[f"{slot}_there"][0] for slot in SLOTS] == [0, 0, 0]


def test_a_ring_is_a_piece_that_goes_around_a_gap_on_either_side() -> None:
    left = draw(RING, COLORS)
    right = draw({(row, 22 - col - 2): letters for (row, col), letters in RING.items()}, COLORS)
    described = describe(earrings_features, left, right)
    assert described["first_size"].tolist() == [8, 8]
    assert described["first_closed"].tolist() == [1, 1]
    assert described["first_enclosed"].tolist() == [1, 1]
    assert described["first_twinned"].tolist() == [0, 0]
    assert described["other_there"].tolist() == [0, 0]


def test_studs_at_both_ears_are_twins() -> None:
    described = describe(earrings_features, draw(STUDS, COLORS))
    assert described["first_size"][0] == described["other_size"][0] == 1
    assert described["first_twinned"][0] == described["first_gold"][0] == 1
    assert described["first_same"][0] == 0


def test_a_drop_of_two_colors_is_one_thing() -> None:
    described = describe(earrings_features, draw(DROP, COLORS))
    assert described["first_size"][0] < described["first_whole_size"][0] == 3
    assert described["first_whole_height"][0] == 3


def test_a_color_that_comes_again_and_again_is_told_as_such() -> None:
    described = describe(earrings_features, draw(STUDS, COLORS), draw(LOCKS, COLORS))
    assert described["first_rarity"][0] <= len(STUDS)
    assert described["first_rarity"][1] >= len(LOCKS) // 4
    assert described["first_score"][0] > described["first_score"][1]


def test_what_the_rule_says_is_told_as_far_as_it_is_sure() -> None:
    described = describe(earrings_features, draw(), draw(RING, COLORS))
    assert described["rule_says_none"][0] > 0.9 > 0 == described["rule_says_none"][1]
    assert described["rule_says_hoop"][1] > 0.9
    assert described["rule_size_most"].tolist() == [0, 8]


def test_without_the_rule_a_head_has_its_pieces_and_the_rule_finds_nothing() -> None:
    punks = Punks(batch(draw(RING, COLORS), draw()))
    names, values = earrings_features(punks, Landmarks(punks))
    ring, bare = without_rule(names, values)
    place = {name: i for i, name in enumerate(names)}
    of_rule = [place[name] for name in names if "rule" in name]
    assert np.array_equal(ring[of_rule], bare[of_rule])
    assert np.array_equal(bare, values[1])
    others = np.delete(np.arange(len(names)), of_rule)
    assert np.array_equal(ring[others], values[0, others])
    assert ring[place["rule_says_none"]] > 0.9 > values[0, place["rule_says_none"]]
