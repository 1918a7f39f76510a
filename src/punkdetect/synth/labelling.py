"""Labels of drawn portraits by what can be seen, not by what was meant.

Hair wholly under a hat is none, a covered earring is none, a covered mouth is hidden; what is seen only in
part, so that people would disagree, is not labelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import NOT_FOUND, SIDE, BoolArray, ByteArray, IntArray
from punkdetect.synth.faces import EYES
from punkdetect.synth.inks import INK, MASK_OWNERS, OWNER, OWNERS, TINTED
from punkdetect.synth.plan import Plan
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.synth.compose import Layers
    from punkdetect.synth.inking import Inked

CELLS = SIDE * SIDE

HAIR_SEEN = 3
"""Pixels of hair from which on people say that there is hair."""

STYLE_SEEN = 14
"""Pixels of hair from which on its style can be told."""

SHARE_SEEN = 0.55
"""Share of a small thing that must be seen for its kind to be told."""

MAIN_SHARE = 0.4
"""Share of a background that its main colour must have to be named as the one colour."""

CLOTHES_SEEN = 5
"""Pixels of clothes from which on they have a colour."""

CLEAR_LENS = 0.3
"""Share of tint up to which the colour of an iris behind a lens can still be named."""

STANDS_OUT, SIDES_CLEAR = 60, 0.6
"""Sum of the channel differences from which a pixel stands out of its neighbour, and share of its neighbours
that it does so from when it is seen."""

_CODE = {trait: {value: code for code, value in enumerate(values)} for trait, values in TRAITS.items()}


def label_block(
    plans: Sequence[Plan],
    layers: Sequence[Layers],
    inked: Sequence[Inked],
    owners: ByteArray,
    inks: ByteArray,
    palette: NDArray[np.int64],
    cells: NDArray[np.intp],
    background_colors: NDArray[np.int64],
    moved: IntArray,
) -> dict[str, IntArray]:
    """Return the labels of a block of portraits, before any is mirrored.

    Parameters
    ----------
    plans, layers, inked : sequences of length N
    owners, inks : ndarray of uint8, shape (N, 24, 24)
        What is seen at last.
    palette : ndarray of int, shape (N, 256)
    cells : ndarray of int, shape (N, 576)
        Number of the background colour of each cell.
    background_colors : ndarray of int, shape (N, 24)
    moved : ndarray of int, shape (N, 2)
        Rows and columns by which the figure was shifted.

    Returns
    -------
    dict of str to ndarray of int, shape (N,)
        By trait; -1 is not labelled.
    """
    n = len(plans)
    flat = owners.reshape(n, CELLS)
    counts = np.stack([(flat == code).sum(axis=1) for code in range(len(OWNERS))], axis=1)

    def count(trait: str) -> IntArray:
        found: IntArray = counts[:, [OWNER[owner] for owner in MASK_OWNERS.get(trait, (trait,))]].sum(axis=1)
        return found

    def planned(trait: str) -> IntArray:
        codes = _CODE[trait]
        return np.array([codes.get(getattr(plan, trait), NOT_FOUND) for plan in plans], np.intp).reshape(n)

    labels: dict[str, IntArray] = {}
    labels["type"] = np.array([_CODE["type"][plan.head.type] for plan in plans], np.intp).reshape(n)
    for trait in ("headwear", "eyewear", "earrings", "facial_hair", "mouth_item", "neckwear"):
        meant = planned(trait)
        whole = np.array([getattr(layer, trait) for layer in layers], np.intp).reshape(n)
        share = count(trait) / np.maximum(whole, 1)
        seen = np.where(share >= SHARE_SEEN, meant, np.where(count(trait) == 0, 0, NOT_FOUND))
        labels[trait] = np.where(meant == 0, 0, seen)
    labels["expression"] = _expression(plans, layers, inked, flat, moved)
    _label_hair(labels, plans, count("hair"))
    labels["skin_tone"] = np.where(count("skin") >= 12, planned("skin_tone"), NOT_FOUND)
    labels["background"] = planned("background")
    words = _CODE["background_color"]
    names = np.array([words.get(i.background_name, NOT_FOUND) for i in inked], np.intp).reshape(n)
    labels["background_color"] = names
    labels["eye_color"] = _eye_color(plans, inked, flat, inks.reshape(n, CELLS))
    _label_colors(labels, plans, flat, inks.reshape(n, CELLS), palette, cells, background_colors, counts)
    return labels


def stands_out(owners: ByteArray, packed: NDArray[np.int64], owner: str) -> BoolArray:
    """Tell in which portraits a small thing can be told from what it lies on; true where there is none.

    A golden stud in blonde hair or a black one on the outline is there, but nobody sees it.

    Parameters
    ----------
    owners : ndarray of uint8, shape (N, 24, 24)
    packed : ndarray of int, shape (N, 576)
        Colours, 0xRRGGBB.
    owner : str

    Returns
    -------
    ndarray of bool, shape (N,)
    """
    its = owners == OWNER[owner]
    color = np.stack([packed >> bits & 255 for bits in (16, 8, 0)]).reshape(3, *its.shape)
    apart, around = np.zeros(its.shape, np.intp), np.zeros(its.shape, np.intp)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            other = np.roll(its, (down, right), axis=(1, 2))
            step = np.abs(color - np.roll(color, (down, right), axis=(2, 3))).sum(axis=0)
            around += ~other
            apart += ~other & (step >= STANDS_OUT)
    clear = its & (apart >= SIDES_CLEAR * around)
    return np.asarray(clear.sum(axis=(1, 2)) >= SHARE_SEEN * its.sum(axis=(1, 2)))


def _expression(
    plans: Sequence[Plan], layers: Sequence[Layers], inked: Sequence[Inked], flat: ByteArray, moved: IntArray
) -> IntArray:
    codes = _CODE["expression"]
    lips = flat == OWNER["lips"]
    visible = lips.sum(axis=1)
    found = np.full(len(plans), NOT_FOUND, np.intp)
    for i, (plan, layer) in enumerate(zip(plans, layers, strict=True)):
        if visible[i] == 0:
            covered = plan.mouth_item in ("mask", "other") or plan.neckwear == "scarf"
            found[i] = codes["hidden"] if covered else NOT_FOUND
            continue
        step = int(moved[i, 0]) * SIDE + int(moved[i, 1])
        corners = [at + step for at in layer.corners]
        seen = [at for at in corners if 0 <= at < CELLS and lips[i, at]]
        bar = visible[i] - len(seen)
        if bar < 2 or not inked[i].lips_clear:
            continue
        found[i] = codes[plan.expression] if seen else codes["neutral"]
        if corners and not seen:
            found[i] = NOT_FOUND
    return found


def _label_hair(labels: dict[str, IntArray], plans: Sequence[Plan], visible: IntArray) -> None:
    n = len(plans)
    shapes = [plan.hair for plan in plans]
    for trait, words in (
        ("hairstyle", [s.style if s else "none" for s in shapes]),
        ("hair_length", [s.length if s else "none" for s in shapes]),
        ("hair_color", [p.hair_color if p.hair else "none" for p in plans]),
    ):
        meant = np.array([_CODE[trait].get(word, NOT_FOUND) for word in words], np.intp).reshape(n)
        enough = STYLE_SEEN if trait == "hairstyle" else HAIR_SEEN + 2
        seen = np.where(visible >= enough, meant, NOT_FOUND)
        labels[trait] = np.where((meant == 0) | (visible == 0), 0, seen)
    shaved = np.array([s is not None and s.how == "shaved" for s in shapes], bool).reshape(n)
    for trait in ("hair_color", "hairstyle"):  # a shadow on the skin: people disagree
        labels[trait] = np.where(shaved & (visible > 0), NOT_FOUND, labels[trait])
    clipped = np.array(
        [
            p.hair is not None and p.hair.length != "short" and p.headwear in ("hood", "helmet", "bandana")
            for p in plans
        ],
        bool,
    ).reshape(n)
    labels["hair_length"] = np.where(clipped & (visible > 0), NOT_FOUND, labels["hair_length"])


def _eye_color(plans: Sequence[Plan], inked: Sequence[Inked], flat: ByteArray, inks: ByteArray) -> IntArray:
    codes = _CODE["eye_color"]
    iris = np.isin(inks, (INK["iris"], INK["iris_right"]))
    pupil = inks == INK["pupil"]
    behind = np.isin(inks, [TINTED + INK[name] for name in ("iris", "iris_right", "pupil")])
    meant = np.full(len(plans), NOT_FOUND, np.intp)
    kinds = [EYES[plan.eyes][1] for plan in plans]
    for i, plan in enumerate(plans):
        if kinds[i] != "unsure":
            meant[i] = codes[plan.eye_color if kinds[i] == "iris" else "black"]
    of_iris = np.array([kind == "iris" for kind in kinds], bool)
    clear = np.array([one.tint_share <= CLEAR_LENS for one in inked], bool)
    bare = (np.where(of_iris[:, None], iris, pupil)).sum(axis=1) >= 1
    through = behind.any(axis=1)
    odd = np.array([plan.eye_color == "multicolor" for plan in plans], bool)
    both = ~odd | ((inks == INK["iris"]).any(axis=1) & (inks == INK["iris_right"]).any(axis=1))
    laser = np.array(["laser" in plan.marks for plan in plans], bool)
    ok = (bare | through & clear & of_iris) & both & ~laser
    return np.where(ok, meant, NOT_FOUND)


def _main(
    keys: NDArray[np.integer], where: BoolArray, size: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the most frequent key of each row among the cells of `where`, and how often it occurs."""
    n = len(keys)
    rows, cols = np.nonzero(where)
    table = np.bincount(rows * size + keys[rows, cols], minlength=n * size).reshape(n, size)
    return np.argmax(table, axis=1), table.max(axis=1) if n else np.zeros(0, np.intp)


def _label_colors(
    labels: dict[str, IntArray],
    plans: Sequence[Plan],
    flat: ByteArray,
    inks: ByteArray,
    palette: NDArray[np.int64],
    cells: NDArray[np.intp],
    background_colors: NDArray[np.int64],
    counts: NDArray[np.intp],
) -> None:
    rows = np.arange(len(plans))
    for trait, owner, least in (
        ("skin_hex", "skin", 12),
        ("hair_hex", "hair", 5),
        ("lips_hex", "lips", 2),
        ("clothing_hex", "clothes", CLOTHES_SEEN),
    ):
        main, often = _main(inks, flat == OWNER[owner], 256)
        labels[trait] = np.where(often >= min(least, 3), palette[rows, main], NOT_FOUND).astype(np.intp)
        labels[trait] = np.where(counts[:, OWNER[owner]] >= least, labels[trait], NOT_FOUND)
    mixed = np.array([plan.hair_color == "multicolor" for plan in plans], bool)
    labels["hair_hex"] = np.where(mixed, NOT_FOUND, labels["hair_hex"])
    iris = np.isin(inks & (TINTED - 1), (INK["iris"], INK["iris_right"])) & (inks > 0)
    main, often = _main(inks, iris, 256)
    labels["eyes_hex"] = np.where((often > 0) & (labels["eye_color"] >= 0), palette[rows, main], NOT_FOUND)
    odd = np.array([plan.eye_color == "multicolor" for plan in plans], bool)
    labels["eyes_hex"] = np.where(odd, NOT_FOUND, labels["eyes_hex"]).astype(np.intp)
    ground = flat == 0
    main, often = _main(cells, ground, background_colors.shape[1])
    share = often / np.maximum(ground.sum(axis=1), 1)
    flat_kind = np.array([plan.background not in ("transparent", "gradient") for plan in plans], bool)
    named = flat_kind & (share >= MAIN_SHARE)
    labels["background_hex"] = np.where(named, background_colors[rows, main], NOT_FOUND).astype(np.intp)
