"""Hair cut to measure: shapes that follow the head they grow on.

Owns the cuts described by numbers (how high, how wide, how far down each side, which fringe, which edge).
Shapes that no numbers describe are text grids in `hair_grids`. Knows heads; knows no colours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE, BoolArray
from punkdetect.synth.heads import Head


@dataclass(frozen=True)
class Cut:
    """How hair is cut.

    Parameters
    ----------
    name : str
    style : str
        `straight`, `wavy`, `curly` or `braids`.
    length : str
        `short`, `medium` or `long`: how far down the longer side reaches.
    crown : int
        Rows above the skull.
    flare : float
        Columns beyond the head at its widest.
    fringe : str
        Outline of the hair over the forehead, one of `FRINGES`.
    low : int
        Row of the fringe above the eyes: 2 touches the brows.
    left, right : str
        How far down each side: `temple`, `ear`, `jaw`, `chin`, `shoulder`, `end`; or `shaved`.
    edge : str
        `smooth`, `spiky`, `wavy`, `jagged`, `dots`, `strands` or `flick` (ends turned outwards).
    spread : float
        Columns gained from the ears to the ends of long hair.
    lean : int
        Columns by which the top is shifted.
    square : float
        Shape of the top: 2 is round, 4 nearly square.
    round_off : float
        Columns lost again below the ears, as a ball of hair does.
    """

    name: str
    style: str
    length: str
    crown: int = 1
    flare: float = 0.5
    fringe: str = "even"
    low: int = 3
    left: str = "ear"
    right: str = "temple"
    edge: str = "smooth"
    spread: float = 0.0
    lean: int = 0
    square: float = 3.0
    round_off: float = 0.0

    @property
    def varies(self) -> bool:
        """Whether anything about it is random."""
        return self.crown > 1 or self.fringe == "gaps" or self.edge in ("spiky", "wavy", "jagged", "dots")


FRINGES = ("even", "high", "swept", "swept_back", "center", "widow", "gaps", "curtain", "step", "over_eye")

CUTS = (
    # straight
    Cut("crew", "straight", "short", 0, 0, "even", 5, "temple", "temple"),
    Cut("side part", "straight", "short", 1, 0.5, "swept", 4, "ear", "temple"),
    Cut("other part", "straight", "short", 1, 0.5, "swept_back", 4, "ear", "ear"),
    Cut("bowl", "straight", "short", 1, 1, "even", 2, "ear", "ear", square=3.5),
    Cut("slick", "straight", "short", 1, 0, "high", 5, "ear", "temple"),
    Cut("spikes", "straight", "short", 1, 0.5, "gaps", 4, "ear", "temple", "spiky"),
    Cut("quiff", "straight", "short", 3, 0.5, "step", 4, "ear", "temple", lean=1),
    Cut("flat top", "straight", "short", 3, 0, "even", 5, "temple", "temple", square=9),
    Cut("widow", "straight", "short", 1, 0.5, "widow", 4, "ear", "temple"),
    Cut("bob", "straight", "medium", 1, 1.2, "even", 3, "jaw", "jaw", square=3),
    Cut("long bob", "straight", "medium", 1, 1.5, "center", 4, "chin", "chin", spread=0.6),
    Cut("half bob", "straight", "medium", 1, 1.2, "swept", 4, "jaw", "shaved"),
    Cut("curtains", "straight", "medium", 1, 1, "curtain", 4, "jaw", "jaw"),
    Cut("long part", "straight", "long", 1, 1.3, "center", 5, "end", "end", spread=1),
    Cut("long fringe", "straight", "long", 1, 1.5, "even", 3, "end", "end"),
    Cut("long side", "straight", "long", 1, 1.6, "swept", 4, "end", "ear", spread=1),
    Cut("long swept", "straight", "long", 1, 1.2, "swept_back", 4, "end", "shoulder"),
    Cut("behind", "straight", "long", 0, 1.0, "high", 5, "end", "ear", spread=0.5),
    Cut("pixie", "straight", "short", 1, 0.6, "swept", 3, "ear", "ear"),
    Cut("over one eye", "straight", "medium", 1, 1.1, "over_eye", 3, "chin", "jaw"),
    Cut("undercut", "straight", "short", 2, 0, "step", 5, "shaved", "temple", lean=1),
    Cut("blunt bangs", "straight", "long", 1, 1.8, "even", 2, "end", "end", square=3.6),
    Cut("flicked", "straight", "medium", 1, 1, "swept_back", 4, "chin", "chin", "flick", 1.2),
    Cut("sleek", "straight", "long", 0, 0.9, "center", 6, "shoulder", "end"),
    Cut("shag", "straight", "medium", 2, 1.3, "gaps", 3, "jaw", "chin", "spiky"),
    Cut("straight up", "straight", "short", 3, 0, "even", 5, "temple", "temple", "spiky", square=5),
    # wavy
    Cut("soft bob", "wavy", "medium", 1, 1.6, "swept", 4, "jaw", "jaw", "wavy"),
    Cut("waves bangs", "wavy", "long", 1, 1.7, "even", 3, "end", "end", "wavy", spread=1),
    Cut("wavy crop", "wavy", "short", 1, 0.8, "widow", 4, "ear", "ear", "wavy"),
    Cut("wavy over eye", "wavy", "long", 1, 1.5, "over_eye", 3, "end", "shoulder", "wavy", spread=1),
    Cut("tousled", "wavy", "short", 2, 1, "gaps", 4, "ear", "ear", "wavy"),
    Cut("wave", "wavy", "short", 2, 0.6, "swept", 4, "ear", "temple", "wavy", lean=1),
    Cut("pompadour", "wavy", "short", 3, 0.6, "step", 5, "ear", "temple", "wavy", lean=1, square=2.5),
    Cut("surfer", "wavy", "medium", 1, 1.3, "curtain", 4, "jaw", "jaw", "wavy"),
    Cut("waves medium", "wavy", "medium", 1, 1.6, "center", 4, "chin", "chin", "wavy", spread=0.7),
    Cut("waves long", "wavy", "long", 1, 1.8, "center", 5, "end", "end", "wavy", spread=1.4),
    Cut("waves side", "wavy", "long", 1, 1.6, "swept", 4, "end", "shoulder", "wavy", spread=1),
    Cut("mane", "wavy", "long", 2, 2.6, "swept_back", 4, "end", "end", "wavy", spread=1),
    Cut("lion", "wavy", "long", 2, 2, "gaps", 4, "shoulder", "end", "wavy", spread=1.6),
    # curly
    Cut("curls", "curly", "short", 2, 1, "gaps", 4, "ear", "temple", "jagged"),
    Cut("short afro", "curly", "short", 2, 1.3, "even", 5, "ear", "ear", "jagged", square=2.3),
    Cut("tight curls", "curly", "short", 1, 0.6, "gaps", 5, "temple", "temple", "jagged"),
    Cut("wild", "curly", "short", 3, 2, "gaps", 4, "ear", "ear", "dots", square=2.2),
    Cut("afro", "curly", "medium", 3, 3.4, "even", 4, "chin", "chin", "smooth", square=2.0, round_off=3),
    Cut("round afro", "curly", "medium", 3, 3, "widow", 5, "chin", "chin", "jagged", 0, 0, 2.0, 2.5),
    Cut("mop", "curly", "medium", 2, 2.4, "gaps", 3, "jaw", "chin", "dots", 0, 0, 2.2, 1),
    Cut("big curls", "curly", "long", 2, 2.6, "gaps", 4, "end", "end", "dots", spread=1.6, square=2.2),
    Cut("ringlets", "curly", "long", 1, 2, "center", 5, "end", "end", "jagged", spread=1),
    Cut("wild long", "curly", "long", 3, 3, "even", 5, "shoulder", "shoulder", "dots", spread=1, square=2),
    Cut("curly crop", "curly", "short", 1, 1, "swept", 4, "ear", "temple", "jagged"),
    Cut("curly bangs", "curly", "medium", 2, 1.8, "gaps", 2, "jaw", "jaw", "jagged"),
    Cut("tall curls", "curly", "short", 4, 0.8, "even", 5, "temple", "temple", "jagged"),
    Cut("curly side", "curly", "long", 2, 2, "swept", 4, "end", "jaw", "dots", spread=1),
    Cut("frizz", "curly", "long", 2, 3, "center", 4, "shoulder", "shoulder", "jagged", spread=1.5),
    # braids
    Cut("twists", "braids", "short", 2, 0.8, "gaps", 5, "ear", "ear", "strands"),
    Cut("side braids", "braids", "long", 1, 1.4, "swept_back", 5, "end", "jaw", "strands"),
    Cut("dreads short", "braids", "medium", 1, 1.4, "gaps", 5, "jaw", "jaw", "strands"),
    Cut("dreads", "braids", "long", 1, 1.8, "center", 5, "end", "end", "strands", spread=0.6),
    Cut("box braids", "braids", "long", 1, 1.5, "swept", 5, "end", "end", "strands"),
    Cut("locs", "braids", "long", 2, 2.2, "gaps", 5, "end", "shoulder", "strands", spread=1.2),
)  # fmt: skip
"""Cuts that follow the head; several variants of each are drawn from its name."""

VARIANTS = 3
"""How often one cut is drawn with other random edges."""


def _end_row(head: Head, to: str) -> int:
    return {
        "shaved": head.top + 2,
        "temple": head.eye - 1,
        "ear": head.eye + 1,
        "jaw": head.mouth[0],
        "chin": head.chin,
        "shoulder": SIDE - 2,
        "end": SIDE - 1,
    }[to]


def _hairline(head: Head, cut: Cut, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return, for each column, the first row that the hair leaves free."""
    width = head.right - head.left
    u = np.clip((np.arange(SIDE) - head.left) / width, 0, 1)
    base = head.eye - cut.low
    if cut.fringe == "high":
        line = np.full(SIDE, head.top + 2.0)
    elif cut.fringe == "swept":
        line = base + 1 - 3.2 * u
    elif cut.fringe == "swept_back":
        line = base - 2.2 + 3.2 * u
    elif cut.fringe == "center":
        line = base - 1.5 + 5 * np.abs(u - 0.5) ** 1.2 * 1.6
    elif cut.fringe == "curtain":
        line = base - 2 + 6.5 * np.abs(u - 0.45) ** 1.3 * 1.5
    elif cut.fringe == "over_eye":
        line = np.where(u > 0.62, head.eye + 2.0, base - 2 + 3 * u)
    elif cut.fringe == "widow":
        line = np.where(np.abs(u - 0.5) < 0.12, base + 1, base - 1 + 2 * (np.abs(u - 0.5) > 0.42))
    elif cut.fringe == "gaps":
        line = base + rng.integers(-1, 2, SIDE).astype(float)
    elif cut.fringe == "step":
        line = base - 1 + np.where(u < 0.35, 1, 0) + np.where(u > 0.75, -1, 0)
    else:
        line = np.full(SIDE, float(base))
    lowest = head.eye + (2 if cut.fringe == "over_eye" else -1)
    return np.clip(np.round(line), head.top + 1, lowest).astype(int)


def cut_hair(head: Head, cut: Cut, variant: int) -> BoolArray:
    """Return the pixels of a cut on a head: bool (24, 24)."""
    seed = [variant, *cut.name.encode(), *head.name.encode()]
    rng = np.random.Generator(np.random.PCG64(seed))
    rows, cols = np.arange(SIDE), np.arange(SIDE)
    crown = head.top - cut.crown + int(rng.integers(0, 2)) * (cut.crown > 1)
    middle = (head.left + head.right) / 2
    half = (head.right - head.left) / 2 + cut.flare + 0.3
    # a dome from the crown to the eyes, then sides that may spread
    down = np.clip((head.eye - rows) / max(head.eye - crown + 1, 1), 0, 1)
    dome = half * np.clip(1 - down**cut.square, 0, 1) ** (1 / cut.square)
    reach = dome + cut.spread * np.clip((rows - head.eye) / (SIDE - head.eye), 0, 1)
    reach -= cut.round_off * np.clip((rows - head.nose[0]) / 4, 0, 1) ** 2
    lean = cut.lean * np.clip((head.eye - rows) / 8, 0, 1)
    left = np.round(middle + lean - reach).astype(int)
    right = np.round(middle + lean + reach).astype(int)
    if cut.edge == "wavy":
        phase = rng.integers(0, 4, 2)
        beat = np.array([0, 1, 1, 0])
        low = rows > head.top + 1
        left = left - np.where(low, beat[(rows + phase[0]) % 4], 0)
        right = right + np.where(low, beat[(rows + phase[1]) % 4], 0)
    inside = (cols >= left[:, None]) & (cols <= right[:, None]) & (rows >= crown)[:, None]
    ends = np.where(cols < middle, _end_row(head, cut.left), _end_row(head, cut.right))
    side = rows[:, None] <= ends
    free = (
        (rows[:, None] >= _hairline(head, cut, rng))
        & (cols > head.left + _overlap(head, cut, 0))
        & (cols < head.right - _overlap(head, cut, 1))
    )
    below = rows[:, None] > head.mouth[0]
    neck = (cols >= head.neck[0] - (cut.length != "long")) & (cols <= head.neck[1] + 1)
    covered = below & (head.skin | neck | (cols >= head.neck[0]) & (cols <= head.right - 2))
    # beside the face hair grows outside of its line; the jaw stays free
    face = (rows[:, None] > head.eye) & head.skin
    hair = inside & side & ~free & ~face & ~covered
    if "shaved" in (cut.left, cut.right):
        part = cols >= middle if cut.right == "shaved" else cols < middle
        hair &= ~(part & (rows[:, None] > head.top + 1))
    return _roughen(hair, head, cut, rng)


def _overlap(head: Head, cut: Cut, side: int) -> int:
    """Return how many columns of the face the hair hides at its side; never an eye."""
    to = (cut.left, cut.right)[side]
    room = head.eye_left - head.left - 1 if side == 0 else head.right - head.eye_right - 2
    if room < 1:
        return 0
    return 1 if to in ("jaw", "chin", "shoulder", "end") and cut.flare >= 1 else 0


BESIDE = ((0, 1), (2, 1), (1, 0), (1, 2))
CORNERS = ((0, 0), (0, 2), (2, 0), (2, 2))
"""Where neighbours lie in a mask that has a border of one."""


def count_beside(mask: BoolArray, places: tuple[tuple[int, int], ...] = BESIDE) -> NDArray[np.int8]:
    """Return how many of the neighbours at `places` each pixel of a (24, 24) mask has."""
    bordered = np.zeros((SIDE + 2, SIDE + 2), np.int8)
    bordered[1:-1, 1:-1] = mask
    count = np.zeros((SIDE, SIDE), np.int8)
    for row, col in places:
        count += bordered[row : row + SIDE, col : col + SIDE]
    return count


def _roughen(hair: BoolArray, head: Head, cut: Cut, rng: np.random.Generator) -> BoolArray:
    rows, cols = np.indices(hair.shape)
    near = count_beside(hair) > 0
    diagonal = count_beside(hair, CORNERS) > 0
    outside = ~head.shape & ~hair
    beside = (cols < head.left) | (cols > head.right) | (rows < head.top)
    noise = rng.random(hair.shape)
    if cut.edge == "spiky":
        ring = near & outside & (rows < head.top + 1)
        hair = hair | ring & ((cols + int(rng.integers(0, 2))) % 2 == 0)
    elif cut.edge == "jagged":
        hair = hair | near & outside & beside & (noise < 0.5)
    elif cut.edge == "dots":
        hair = hair | near & outside & beside & (noise < 0.45)
        hair = hair | diagonal & ~near & outside & beside & (noise < 0.7)
    elif cut.edge == "flick":
        ends = np.flatnonzero(hair.any(axis=1))[-1]
        hair = hair | near & outside & beside & (rows >= ends - 1) & (rows <= ends)
    elif cut.edge == "strands":
        rim = hair & (rows > head.eye) & ((cols < head.left - 1) | (cols > head.right + 1))
        hair = hair & ~(rim & (cols % 2 == 0) & (rows > head.mouth[0] - 1))
        top = near & outside & (rows < head.top) & (cols % 2 == 0)
        hair = hair | top
    return hair
