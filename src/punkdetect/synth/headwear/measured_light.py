"""What lies on the hair, each drawn from a few measures; every function draws one and says how it sits.

Letters and frame as in `headwear`.
"""

from __future__ import annotations

from punkdetect.synth.felt import MIDDLE, Felt
from punkdetect.synth.sprites import LEFT, RIGHT


def crown(felt: Felt) -> str:
    """Draw a base with spikes, and jewels."""
    dice = felt.dice
    bottom = dice.one((6, 6, 7, 7, 8))
    inset = dice.one((0, 0, 1, 1, 2))
    first, last = LEFT + inset, RIGHT - inset
    base, spike = dice.one((1, 2, 2, 3)), dice.one((1, 2, 2, 3))
    for row in range(bottom - base + 1, bottom + 1):
        felt.put(row, first, last)
    period = dice.one((2, 2, 3, 4, 5))
    for i in range(spike):
        row = bottom - base - i
        for col in range(first, last + 1):
            away = (col - first) % period
            if min(away, period - away) <= (0 if i or period < 4 else 1):
                felt.put(row, col, col)
    if dice.chance(0.3):
        felt.change(bottom - base - spike + 1, "h", dice.one("gGl"))
    if dice.chance(0.6):
        felt.change(bottom - (base > 1), "h", dice.one("gG"), dice.one((2, 3, 4)), first + 1)
    if dice.chance(0.3):
        felt.change(bottom, "h", dice.one("bdl"))
    return dice.one(("cover", "on"))


def tiara(felt: Felt) -> str:
    """Draw a thin band with a peak in the middle."""
    dice = felt.dice
    row, inset = dice.one((6, 7, 7, 8)), dice.one((0, 0, 1, 2))
    felt.put(row, LEFT + inset, RIGHT - inset)
    tall = dice.one((1, 1, 2, 2))
    for i in range(1, tall + 1):
        half = max(0, dice.one((1, 2)) - i + 1)
        felt.put(row - i, MIDDLE - half, MIDDLE + half)
    if dice.chance(0.5):
        for side in (-3, 3):
            felt.put(row - 1, MIDDLE + side, MIDDLE + side)
    if dice.chance(0.8):
        felt.put(row - dice.one((0, tall)), MIDDLE, MIDDLE, "g")
    if dice.chance(0.4):
        felt.change(row, "h", dice.one("Ggl"), dice.one((2, 3)), LEFT % 2)
    return "on"


def headband(felt: Felt) -> str:
    """Draw one to three rows across the forehead."""
    dice = felt.dice
    row, tall, color = dice.one((7, 8, 8, 9)), dice.one((1, 2, 2, 3)), dice.one("hhb")
    wider = dice.one((0, 0, 1))
    for i in range(tall):
        felt.put(row + i, LEFT - wider, RIGHT + wider, color)
    how = dice.one(("", "", "middle", "edges", "beads", "logo"))
    if how == "middle" and tall > 1:
        felt.put(row + tall // 2, LEFT - wider, RIGHT + wider, dice.one("lbd"))
    elif how == "edges" and tall > 2:
        felt.put(row, LEFT, RIGHT, "l")
        felt.put(row + tall - 1, LEFT, RIGHT, "l")
    elif how == "beads":
        felt.change(row, color, dice.one("lgd"), dice.one((2, 3)), LEFT)
    elif how == "logo":
        at = MIDDLE + dice.one((-1, 0, 1))
        felt.put(row + tall // 2, at, at + dice.one((0, 1)), "g")
    if dice.chance(0.2):
        felt.put(row + tall, LEFT - 2, LEFT - 1, color)
        felt.put(row + tall + 1, LEFT - 2, LEFT - 2, color)
    return "on"


def bow(felt: Felt) -> str:
    """Draw two wings and a knot."""
    dice = felt.dice
    row, at = dice.one((2, 3, 3, 4, 5)), MIDDLE + dice.one((-4, -3, 0, 0, 3, 4))
    wide, high = dice.one((2, 2, 3, 4)), dice.one((1, 1, 2))
    for i in range(1, wide + 1):
        tall = min(high, i) if dice.chance(0.9) else high
        for r in range(row - tall, row + tall + 1):
            felt.put(r, at - i, at - i)
            felt.put(r, at + i, at + i)
    felt.put(row, at, at, dice.one("dblk"))
    if high > 1 or dice.chance(0.3):
        felt.put(row + 1, at, at, dice.one("dbh"))
    if dice.chance(0.3):
        felt.put(row - 1, at - wide + 1, at - wide + 1, dice.one("dl"))
        felt.put(row - 1, at + wide - 1, at + wide - 1, dice.one("dl"))
    return "on"


def hair_clip(felt: Felt) -> str:
    """Draw a bar of a few pixels in the hair."""
    dice = felt.dice
    row, at = dice.one((6, 7, 7, 8)), dice.one((LEFT + 1, LEFT + 2, RIGHT - 4, RIGHT - 3))
    long, slope = dice.one((2, 3, 3, 4)), dice.one((0, 0, 1, -1))
    for i in range(long):
        felt.put(row + slope * i, at + i, at + i)
        if dice.chance(0.1):
            felt.put(row + slope * i + 1, at + i, at + i, dice.one("dh"))
    if dice.chance(0.4):
        felt.put(row, at, at, dice.one("lg"))
    return "on"


def flower(felt: Felt) -> str:
    """Draw a blossom at one side, or a wreath."""
    dice = felt.dice
    if dice.chance(0.35):  # a wreath
        row = dice.one((5, 6, 7))
        leaf = dice.one("bdG")
        felt.put(row, LEFT, RIGHT, leaf)
        period = dice.one((2, 3, 4))
        for col in range(LEFT + dice.one((0, 1)), RIGHT + 1, period):
            felt.put(row, col, col)
            if dice.chance(0.6):
                felt.put(row - 1, col, col, dice.one("hhg"))
        return "on"
    row, at = dice.one((5, 6, 7)), dice.one((LEFT - 1, LEFT + 1, RIGHT - 2, RIGHT))
    for r, c in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        felt.put(row + r, at + c, at + c)
    if dice.chance(0.4):
        for r, c in ((-1, -1), (1, 1), (-1, 1), (1, -1)):
            felt.put(row + r, at + c, at + c, dice.one("hdl"))
    felt.put(row, at, at, "g")
    if dice.chance(0.4):
        felt.put(row + 1, at + dice.one((-2, 2)), at, dice.one("bG"))
        felt.put(row + 1, at, at)
    return "on"


def animal_ears(felt: Felt) -> str:
    """Draw two ears: of a cat, a rabbit, a bear."""
    dice = felt.dice
    kind, foot = dice.one(("cat", "cat", "bunny", "bear")), dice.one((4, 4, 5))
    inside, apart = dice.one("bgld"), dice.one((3, 4, 4, 5))
    high = {"cat": dice.one((3, 3, 4)), "bunny": dice.one((4, 5)), "bear": 3}[kind]
    for side in (-1, 1):
        at = MIDDLE + side * apart
        for i in range(high):
            half = {"cat": (high - i) / 2, "bunny": 1.0, "bear": 1.5 if i < high - 1 else 1.0}[kind]
            first, last = round(at - half), round(at + half)
            felt.put(foot - i, first, last)
            if last - first > 1 and i < high - 1:
                felt.put(foot - i, first + 1, last - 1, inside)
    if dice.chance(0.3):
        felt.put(foot + 1, LEFT + 1, RIGHT - 1, dice.one("hdk"))
    return "on"


def halo(felt: Felt) -> str:
    """Draw a ring above the head."""
    dice = felt.dice
    top, half, hole = dice.one((0, 0, 1, 2)), dice.one((3, 4, 4, 5)), dice.one((0, 1, 1, 2))
    felt.put(top, MIDDLE - half + 1, MIDDLE + half - 1)
    for row in range(top + 1, top + 1 + hole):
        felt.put(row, MIDDLE - half, MIDDLE - half)
        felt.put(row, MIDDLE + half, MIDDLE + half)
    if hole:
        felt.put(top + 1 + hole, MIDDLE - half + 1, MIDDLE + half - 1, dice.one("hhld"))
    if dice.chance(0.4):
        felt.put(top, MIDDLE - 1, MIDDLE + dice.one((0, 1, 2)), "l")
    return "on"
