"""Hats that cover the head, each drawn from a few measures; every function draws one and says how it sits.

Letters and frame as in `headwear`.
"""

from __future__ import annotations

from punkdetect.punks import SIDE
from punkdetect.synth.felt import FLAT, MIDDLE, ROUND, STEEP, TAPERED, Felt
from punkdetect.synth.sprites import LEFT, RIGHT


def cap(felt: Felt) -> str:
    """Draw a dome and a peak to one side, or to the front."""
    dice = felt.dice
    bottom = dice.one((7, 8, 8, 9))
    top = bottom - dice.one((3, 3, 4, 5))
    felt.dome(top, bottom, dice.one((0, 0, 1)), dice.one((ROUND, FLAT, TAPERED)))
    felt.shade(top, bottom)
    if dice.chance(0.35):
        felt.badge(top + 1, MIDDLE + dice.one((-1, 0, 1, 2)))
    if dice.chance(0.25):
        felt.put(top - 1, MIDDLE - 1, MIDDLE + dice.one((-1, 0)), dice.one("hdb"))
    peak = dice.one("hdbk")
    front = dice.chance(0.2)
    thick = dice.one((1, 1, 2))
    for i in range(thick):
        if front:  # seen from before: the peak lies over the brows
            felt.put(bottom + i, LEFT + i - dice.one((0, 1)), RIGHT - i + dice.one((0, 1)), peak)
        else:
            felt.put(bottom + i, dice.one((LEFT, MIDDLE, MIDDLE + 2)), RIGHT + dice.one((2, 3, 4, 5)), peak)
    return "cover"


def beanie(felt: Felt) -> str:
    """Draw a knitted dome, mostly with a cuff, often with a bobble."""
    dice = felt.dice
    bottom = dice.one((7, 8, 8, 9))
    top = bottom - dice.one((4, 4, 5, 6))
    inset = dice.one((0, 0, 0, 1))
    felt.dome(top, bottom, inset, dice.one((ROUND, ROUND, FLAT, STEEP, TAPERED)))
    felt.shade(top, bottom)
    cuff, color = dice.one((0, 1, 2, 2, 3)), dice.one("bdlh")
    wider = dice.one((0, 0, 1))
    for row in range(bottom + 1 - cuff, bottom + 1):
        felt.put(row, LEFT + inset - wider, RIGHT - inset + wider, color)
        if dice.chance(0.4):
            felt.change(row, color, dice.one("dlb"), 2, row % 2)
    if dice.chance(0.4):
        half, at, ball = dice.one((0, 1, 1, 2)), MIDDLE + dice.one((0, 0, 1)), dice.one("blgh")
        for row in range(top - dice.one((1, 2)), top):
            felt.put(row, at - half, at + half, ball)
    if dice.chance(0.15):  # flaps over the ears
        for row in range(bottom + 1, bottom + dice.one((3, 4, 5))):
            felt.put(row, LEFT - 1, LEFT, "h")
            felt.put(row, RIGHT, RIGHT + 1, "h")
    return "cover"


def bucket_hat(felt: Felt) -> str:
    """Draw a low crown whose brim slopes down and outwards."""
    dice = felt.dice
    bottom = dice.one((8, 9, 9))
    brim = dice.one((2, 2, 3))
    top = bottom - brim - dice.one((2, 3, 3, 4))
    felt.dome(top, bottom - brim, 1, dice.one((FLAT, FLAT, (2, 0), (0,))))
    felt.shade(top, bottom - brim)
    if dice.chance(0.5):
        felt.put(bottom - brim, LEFT + 1, RIGHT - 1, dice.one("bdl"))
    for i in range(brim):  # it slopes down and outwards
        felt.put(bottom - brim + 1 + i, LEFT - i - dice.one((0, 1)), RIGHT + i + dice.one((0, 1)), "h")
    felt.change(bottom, "h", dice.one("hhdl"))
    if dice.chance(0.3):  # and its front is bent up
        felt.put(bottom, LEFT + 1, RIGHT - 1, ".")
    return "cover"


def _brimmed(felt: Felt, bottom: int, reach: int, letter: str) -> None:
    """Draw a straight brim, `reach` columns wider than the head on each side."""
    uneven = felt.dice.one((0, 0, 0, 1))
    felt.put(bottom, LEFT - reach, RIGHT + reach - uneven, letter)


def cowboy_hat(felt: Felt) -> str:
    """Draw a dented crown; the wide brim turns up at both ends."""
    dice = felt.dice
    bottom = dice.one((7, 8, 8))
    top = bottom - dice.one((3, 4, 4, 5))
    felt.dome(top, bottom - 1, 1, dice.one((FLAT, (1, 1, 0), (0, 0))))
    felt.shade(top, bottom - 1)
    if dice.chance(0.7):  # the dent of the crown
        wide = dice.one((0, 1, 2))
        felt.put(top, MIDDLE - wide, MIDDLE + wide, dice.one(".d."))
    if dice.chance(0.7):
        felt.put(bottom - 1, LEFT + 1, RIGHT - 1, dice.one("bdgk"))
    reach = dice.one((3, 4, 4, 5))
    felt.put(bottom, LEFT - reach + 1, RIGHT + reach - 1)
    up = dice.one((1, 1, 2))
    for i in range(1, up + 1):  # the brim turns up at both ends
        felt.put(bottom - i, LEFT - reach, LEFT - reach + dice.one((0, 1)) + (up - i))
        felt.put(bottom - i, RIGHT + reach - dice.one((0, 1)) - (up - i), RIGHT + reach)
    if dice.chance(0.4):
        felt.put(bottom + 1, LEFT - reach + 3, RIGHT + reach - 3, dice.one("hdd"))
    return "cover"


def top_hat(felt: Felt) -> str:
    """Draw a tall straight crown, or the round one of a bowler, on a straight brim."""
    dice = felt.dice
    bottom = dice.one((7, 8, 8))
    bowler = dice.chance(0.25)
    top = bottom - (dice.one((4, 4, 5)) if bowler else dice.one((6, 6, 7, 8)))
    inset = dice.one((0, 1, 1, 2))
    felt.dome(top, bottom - 1, inset, (3, 1, 0) if bowler else dice.one(((0,), (0,), (1, 0))))
    felt.shade(top, bottom - 1)
    if not bowler and dice.chance(0.2):  # wider on top
        felt.put(max(top, 0), LEFT + inset - 1, RIGHT - inset + 1)
    if dice.chance(0.8):
        for row in range(bottom - dice.one((1, 1, 2)), bottom):
            felt.put(row, LEFT + inset, RIGHT - inset, "b")
    _brimmed(felt, bottom, dice.one((1, 2, 2, 3)), dice.one("hhdk"))
    return "cover"


def fedora(felt: Felt) -> str:
    """Draw a low, pinched crown with a band, on a straight brim."""
    dice = felt.dice
    bottom = dice.one((7, 8, 8))
    top = bottom - dice.one((3, 4, 4))
    felt.dome(top, bottom - 1, 1, dice.one(((2, 1, 0), (1, 0), (1, 1, 0))))
    felt.shade(top, bottom - 1)
    if dice.chance(0.5):  # the pinch
        at = MIDDLE + dice.one((-1, 0, 1))
        felt.put(top, at, at + dice.one((0, 1)), dice.one("d."))
    felt.put(bottom - 1, LEFT + 1, RIGHT - 1, dice.one("bbbdkl"))
    reach = dice.one((1, 2, 2, 3))
    _brimmed(felt, bottom, reach, dice.one("hhhd"))
    if dice.chance(0.25):  # snapped down in front
        felt.put(bottom + 1, RIGHT - 2, RIGHT + reach, "h")
    if dice.chance(0.15):
        felt.put(bottom - 2, RIGHT - 2, RIGHT - 2, "g")
        felt.put(bottom - 3, RIGHT - 1, RIGHT - 1, "g")
    return "cover"


def wizard_hat(felt: Felt) -> str:
    """Draw a cone, leaning and sometimes bent, on a brim."""
    dice = felt.dice
    bottom = dice.one((7, 8, 8, 9))
    top = dice.one((0, 0, 0, 1, 2))
    lean, wide = dice.between(-0.5, 0.5), dice.between(3.2, 5.4)
    height = bottom - top
    for row in range(top, bottom):
        half = wide * ((row - top + 0.6) / height) ** dice.between(0.9, 1.1)
        at = MIDDLE + lean * (bottom - row)
        felt.put(row, round(at - half), round(at + half))
    if dice.chance(0.3):  # a bent tip
        end = MIDDLE + round(lean * height)
        side = 1 if lean > 0 else -1
        felt.put(top, min(end, end + 3 * side), max(end, end + 3 * side))
    felt.shade(top, bottom - 1)
    for _ in range(dice.one((0, 0, 2, 3))):
        felt.badge(top + 2 + int(dice.number() * (height - 2)), MIDDLE - 3 + int(dice.number() * 6))
    if dice.chance(0.6):
        felt.change(bottom - 1, "h", "b")
    reach = dice.one((1, 2, 3, 3, 4))
    _brimmed(felt, bottom, reach, dice.one("hhdk"))
    if dice.chance(0.4):
        felt.put(bottom + 1, LEFT - reach - 1, LEFT + 1)
        felt.put(bottom + 1, RIGHT - 1, RIGHT + reach + 1)
    return "cover"


def beret(felt: Felt) -> str:
    """Draw a flat disc that hangs over one side, on a band."""
    dice = felt.dice
    bottom = dice.one((6, 7, 7, 8))
    top = bottom - dice.one((2, 3, 3, 4))
    over, other = dice.one((1, 2, 3, 3)), dice.one((0, 0, 1, 2))
    for row in range(top, bottom):
        narrower = (3, 1, 0, 0, 0)[row - top]
        felt.put(row, LEFT - over + narrower, RIGHT + other - narrower - (1 if other == 0 else 0))
    felt.shade(top, bottom - 1)
    felt.put(bottom, LEFT, RIGHT, dice.one("hddbk"))
    if dice.chance(0.6):
        felt.put(top - 1, MIDDLE - dice.one((0, 1, 2)), MIDDLE, dice.one("hdk"))
    if dice.chance(0.2):
        felt.badge(bottom - 2, RIGHT - 3)
    return "cover"


def bandana(felt: Felt) -> str:
    """Draw a cloth close to the skull, with its knot and ends behind."""
    dice = felt.dice
    bottom = dice.one((7, 8, 8, 9))
    top = dice.one((4, 4, 5))
    felt.dome(top, bottom, 0, dice.one((ROUND, ROUND, FLAT, (2, 1, 0))))
    felt.shade(top, bottom)
    if dice.chance(0.35):
        for row in range(top + 1, bottom):
            felt.change(row, "h", "l", dice.one((2, 3)), row % 3)
    if dice.chance(0.35):
        felt.put(bottom, LEFT, RIGHT, dice.one("dlb"))
    if dice.chance(0.7):  # the knot and its ends
        row = bottom - dice.one((0, 1))
        felt.put(row, LEFT - dice.one((1, 2)), LEFT - 1, dice.one("hd"))
        for i in range(1, dice.one((2, 3, 4))):
            at = LEFT - 1 - dice.one((0, 1, 2))
            felt.put(row + i, at - dice.one((0, 1)), at, dice.one("hhd"))
    return "cover"


def hood(felt: Felt) -> str:
    """Draw a cloth around the face, down to the shoulders."""
    dice = felt.dice
    top, thick, shoulders = dice.one((1, 2, 3)), dice.one((1, 2, 2, 3)), dice.one((18, 20, 21))
    inner_top, pointed = dice.one((6, 7, 8)), dice.chance(0.25)
    for row in range(top, SIDE):
        narrower = max(0, dice.one((3, 4)) - 2 * (row - top)) + (2 if pointed and row == top else 0)
        outside = thick + (max(0, row - shoulders) + 1 if row >= shoulders else 0)
        first, last = LEFT - outside + narrower, RIGHT + outside - narrower
        felt.put(row, first, last)
        if inner_top <= row < shoulders:
            round_top = max(0, 2 - (row - inner_top)) + max(0, row - shoulders + 3)
            felt.put(row, LEFT + round_top, RIGHT - round_top, ".")
    edge = dice.one(("", "d", "d", "l"))
    if edge:  # the inside of the hood
        for row in range(inner_top, shoulders):
            inside = [c for c in range(LEFT - 1, RIGHT + 2) if felt.letters[row][c] == "."]
            if inside:
                felt.put(row, inside[0] - 1, inside[0] - 1, edge)
                felt.put(row, inside[-1] + 1, inside[-1] + 1, edge)
        felt.put(inner_top - 1, LEFT + 2, RIGHT - 2, edge)
    return "hood"


def helmet(felt: Felt) -> str:
    """Draw a hard dome, open as a soldier's or closed around the face as a knight's."""
    bottom, top = felt.dice.one((7, 8, 8)), felt.dice.one((3, 4, 4))
    felt.dome(top, bottom, 0, felt.dice.one((ROUND, ROUND, FLAT)))
    felt.shade(top, bottom)
    kind = felt.dice.one((_horned, _hard_hat, _soldiers, _racers, _knights, _crested))
    return kind(felt, top, bottom)


def _horned(felt: Felt, top: int, bottom: int) -> str:
    dice = felt.dice
    color, high = dice.one("lgb"), dice.one((3, 4, 5))
    for i in range(high):
        out = min(2, i + 1) if i < high - 1 else dice.one((1, 2))
        felt.put(bottom - 1 - i, LEFT - out - (i < 2), LEFT - out, color)
        felt.put(bottom - 1 - i, RIGHT + out, RIGHT + out + (i < 2), color)
    if dice.chance(0.6):
        felt.put(bottom, LEFT, RIGHT, dice.one("dbg"))
    if dice.chance(0.4):  # what guards the nose
        for row in range(bottom, bottom + dice.one((2, 4))):
            felt.put(row, MIDDLE, MIDDLE, "d")
    return "cover"


def _hard_hat(felt: Felt, top: int, bottom: int) -> str:
    dice = felt.dice
    felt.put(bottom, LEFT - dice.one((1, 2)), RIGHT + dice.one((1, 2, 3)), dice.one("hhd"))
    for row in range(top - dice.one((0, 1)), bottom):
        felt.put(row, MIDDLE, MIDDLE + dice.one((0, 1)), dice.one("dl"))
    if dice.chance(0.4):
        felt.badge(bottom - 2, MIDDLE)
    return "cover"


def _soldiers(felt: Felt, top: int, bottom: int) -> str:
    felt.put(bottom, LEFT - 1, RIGHT + 1, felt.dice.one("hd"))
    for row in range(bottom + 1, bottom + felt.dice.one((1, 2, 6))):
        felt.put(row, LEFT - 1, LEFT - 1, "d")
        felt.put(row, RIGHT + 1, RIGHT + 1, "d")
    return "cover"


def _cheeks(felt: Felt, top: int, bottom: int) -> int:
    """Draw what covers the ears and cheeks; return the row where it ends."""
    dice = felt.dice
    wider, end = dice.one((0, 1, 1)), bottom + dice.one((6, 9, 11, 12))
    for row in range(top + 1, end):
        for first in (LEFT - wider, RIGHT - dice.one((0, 1))):
            felt.put(row, first, first + wider + dice.one((0, 1)))
    return end


def _racers(felt: Felt, top: int, bottom: int) -> str:
    dice = felt.dice
    end = _cheeks(felt, top, bottom)
    if dice.chance(0.6):
        for row in range(top, bottom):
            felt.put(row, MIDDLE, MIDDLE + dice.one((0, 1)), "b")
    if dice.chance(0.5):  # what guards the chin
        felt.put(end - 1, LEFT, RIGHT + 1, dice.one("hdk"))
    return "hood"


def _knights(felt: Felt, top: int, bottom: int) -> str:
    end = _cheeks(felt, top, bottom)
    for row in range(bottom + 1, min(end, bottom + 9)):
        felt.put(row, MIDDLE, MIDDLE, felt.dice.one("hd"))
    return "hood"


def _crested(felt: Felt, top: int, bottom: int) -> str:
    _cheeks(felt, top, bottom)
    for row in range(max(0, top - 3), top):
        felt.put(row, LEFT + row % 2, RIGHT - row % 2, "b")
    return "hood"


def other(felt: Felt) -> str:
    """Draw a cook's, a judge's, a pilot's: whatever has no word of its own."""
    kind = felt.dice.one((_cooks, _cone, _fez, _headphones, _goggles, _mortarboard, _officers))
    return kind(felt, felt.dice.one((7, 8)))


def _cooks(felt: Felt, bottom: int) -> str:
    dice = felt.dice
    top = dice.one((0, 1, 2))
    for row in range(top, bottom - 1):
        puff = 1 if row - top in (1, 2) else 0
        felt.put(row, LEFT - puff + (row == top), RIGHT + puff - (row == top), "l")
        felt.change(row, "l", "d", dice.one((3, 4)), row % 3)
    for row in (bottom - 1, bottom):
        felt.put(row, LEFT + 1, RIGHT - 1, dice.one("ld"))
    return "cover"


def _cone(felt: Felt, bottom: int) -> str:
    dice = felt.dice
    top = dice.one((0, 1))
    for row in range(top, bottom):
        half = (row - top + 1) // 2 * dice.between(0.9, 1.1)
        felt.put(row, round(MIDDLE - half), round(MIDDLE + half), "hbhl"[row % dice.one((2, 3, 4))])
    felt.put(top, MIDDLE - 1, MIDDLE + 1, "g")
    return "on"


def _fez(felt: Felt, bottom: int) -> str:
    felt.dome(bottom - felt.dice.one((4, 5)), bottom, 1, (1, 1, 1, 0))
    felt.put(bottom - 4, RIGHT - 1, RIGHT - 1, "g")
    for row in range(bottom - 3, bottom):
        felt.put(row, RIGHT, RIGHT, "g")
    return "cover"


def _headphones(felt: Felt, bottom: int) -> str:
    dice = felt.dice
    top = dice.one((3, 4))
    felt.put(top, LEFT + 2, RIGHT - 2)
    for row in range(top + 1, 11):
        inset = 1 if row == top + 1 else 0
        felt.put(row, LEFT + inset - 1, LEFT + inset - 1)
        felt.put(row, RIGHT - inset + 1, RIGHT - inset + 1)
    cup = dice.one("hbdk")
    for row in range(dice.one((10, 11)), dice.one((14, 15))):
        felt.put(row, LEFT - 2, LEFT - dice.one((0, 1)), cup)
        felt.put(row, RIGHT + dice.one((0, 1)), RIGHT + 2, cup)
    return "on"


def _goggles(felt: Felt, bottom: int) -> str:
    row = bottom - 1
    felt.put(row + 1, LEFT, RIGHT, "k")
    for first in (LEFT + 1, MIDDLE + 1):
        for r in range(row, row + 3):
            felt.put(r, first, first + 3, "k")
        felt.put(row + 1, first + 1, first + 2, felt.dice.one("lgG"))
    return "on"


def _mortarboard(felt: Felt, bottom: int) -> str:
    dice = felt.dice
    felt.put(bottom - 4, LEFT - dice.one((1, 2, 3)), RIGHT + dice.one((1, 2, 3)))
    felt.put(bottom - 5, MIDDLE - 3, MIDDLE + 3)
    for row in range(bottom - 3, bottom + 1):
        felt.put(row, LEFT + 1, RIGHT - 1, dice.one("hd"))
    for row in range(bottom - 3, bottom + 2):
        felt.put(row, RIGHT + 1, RIGHT + 1, "g")
    return "cover"


def _officers(felt: Felt, bottom: int) -> str:
    for row, wider in ((bottom - 4, 0), (bottom - 3, 1), (bottom - 2, 1)):
        felt.put(row, LEFT - wider, RIGHT + wider)
    felt.badge(bottom - 3, MIDDLE)
    felt.put(bottom - 1, LEFT, RIGHT, felt.dice.one("bk"))
    felt.put(bottom, LEFT + 1, RIGHT + felt.dice.one((0, 1, 2)), "k")
    return "cover"
