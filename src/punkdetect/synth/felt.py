"""What hats drawn from measures are cut of: rows of letters, domes, and how artists shade them.

Owns no hat. Letters and frame as in `headwear`.
"""

from __future__ import annotations

from punkdetect.punks import SIDE
from punkdetect.synth.dice import Dice
from punkdetect.synth.sprites import LEFT, RIGHT

MIDDLE = (LEFT + RIGHT) // 2

ROUND = (3, 1, 0)
FLAT = (1, 0, 0)
STEEP = (4, 2, 1, 0)
TAPERED = (2, 1, 1, 0)
"""By how many columns a dome's upper rows are narrower than its lowest, on each side."""


class Felt:
    """Rows and columns to put letters on; what lies outside is cut off."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.letters = [["."] * SIDE for _ in range(SIDE)]

    def put(self, row: int, first: int, last: int, letter: str = "h") -> None:
        """Fill a row from one column to another, both included."""
        if 0 <= row < SIDE:
            for col in range(max(0, first), min(SIDE - 1, last) + 1):
                self.letters[row][col] = letter

    def dome(self, top: int, bottom: int, inset: int, profile: tuple[int, ...]) -> None:
        """Fill rows `top` to `bottom`; the upper ones are narrower by `profile`."""
        for row in range(top, bottom + 1):
            narrower = inset + (profile[row - top] if row - top < len(profile) else 0)
            self.put(row, LEFT + narrower, RIGHT - narrower)

    def change(self, row: int, of: str, to: str, every: int = 1, first: int = 0) -> None:
        """Change letters of a row, all or every second or third of them."""
        if 0 <= row < SIDE:
            for col in range(first, SIDE, every):
                if self.letters[row][col] == of:
                    self.letters[row][col] = to

    def shade(self, top: int, bottom: int) -> None:
        """Light from the left, a darker edge on the right, or ribs, dots, stripes: as often as artists do."""
        dice = self.dice
        how = dice.one(("", "", "", "light", "light", "dark", "both", "ribs", "dots", "stripes", "front"))
        if how in ("light", "both"):
            col, row = LEFT + dice.one((1, 2, 3)), top + dice.one((0, 1, 2))
            for r, c in ((row, col), (row, col + 1), (row + 1, col))[: dice.one((1, 2, 3))]:
                if self._is(r, c, "h"):
                    self.letters[r][c] = "l"
        for row in range(max(0, top), bottom + 1):
            used = [c for c in range(SIDE) if self.letters[row][c] == "h"]
            if how in ("dark", "both"):
                for col in used[-1 - (row % 2) :]:
                    self.letters[row][col] = "d"
            elif how == "ribs":
                self.change(row, "h", "d", 2)
            elif how == "dots" and row % 2:
                self.change(row, "h", "l", 3, row // 2 % 3)
            elif how == "stripes" and row % 2:
                self.change(row, "h", "b")
            elif how == "front":
                for col in used[len(used) // 2 :]:
                    self.letters[row][col] = "l"

    def _is(self, row: int, col: int, letter: str) -> bool:
        return 0 <= row < SIDE and 0 <= col < SIDE and self.letters[row][col] == letter

    def badge(self, row: int, col: int) -> None:
        """Sew a badge of one to six pixels onto the main colour."""
        size = self.dice.one(((1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2)))
        for r in range(row, row + size[0]):
            for c in range(col, col + size[1]):
                if self._is(r, c, "h"):
                    self.letters[r][c] = "g"
