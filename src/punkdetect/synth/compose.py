"""Puts the layers of one portrait over each other: from what a plan says to packed pixels.

Owns the order of the layers and what hides what. Knows no colours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from punkdetect.punks import SIDE
from punkdetect.synth import eyewear, faces, hair, headwear, jewels, mouth_items, neckwear, outfits
from punkdetect.synth.cuts import recut
from punkdetect.synth.heads import paint_head
from punkdetect.synth.inks import EMPTY, OWNER, TINTED, pack
from punkdetect.synth.plan import Plan
from punkdetect.synth.sprites import Fitted, fit_sprite

Canvas = NDArray[np.uint16]

_LENS = pack("eyewear", "lens")
_FRAME = pack("eyewear", "frame")
_TINTED_EYEWEAR = OWNER["eyewear"] << 8 | TINTED
_TINTED_EYES = OWNER["eyes_behind"] << 8 | TINTED
_EYES_OWNER = OWNER["eyes"]
_INK_BITS = TINTED - 1
_HAIR_OWNER = OWNER["hair"]

HIDDEN_EARS = ("long", "medium")
"""Lengths of hair that lie over the ears, so that an earring shows only when it hangs out of them."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Packed pixels of a figure, and how much of each small thing was put there.

    Parameters
    ----------
    canvas : ndarray of uint16, shape (576,)
    earrings, eyewear, headwear, facial_hair, neckwear, mouth_item, lips : int
        Pixels that were painted, whether or not they stay visible; of headwear also those above the picture.
    corners : tuple of int
        Flat positions of the raised or lowered pixels of a smile or frown.
    """

    canvas: Canvas
    earrings: int
    eyewear: int
    headwear: int
    facial_hair: int
    neckwear: int
    mouth_item: int
    lips: int
    corners: tuple[int, ...]


def _paste(canvas: Canvas, fitted: Fitted) -> int:
    if len(fitted.tinted):
        below = canvas[fitted.tinted]
        eyes = below >> 8 == _EYES_OWNER
        seen = (below & _INK_BITS) | np.where(eyes, _TINTED_EYES, _TINTED_EYEWEAR)
        canvas[fitted.tinted] = np.where(below >> 8 == 0, _LENS, seen)
    canvas[fitted.at] = fitted.pixels
    return fitted.own


def compose(plan: Plan) -> Layers:
    """Paint one portrait's figure.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    Layers
    """
    canvas = np.zeros(SIDE * SIDE, np.uint16)
    head = plan.head
    at, pixels = paint_head(head, plan.outline, plan.shading, plan.ears)
    canvas[at] = pixels
    if plan.clothes != "none":
        _paste(canvas, fit_sprite(outfits.clothes_sprite(plan.clothes), head))
    neck_pixels = 0
    if plan.neckwear in ("necklace", "tie", "other"):
        neck_pixels = _paste(
            canvas, fit_sprite(neckwear.neck_sprite(plan.neckwear, plan.neckwear_shape), head)
        )
    beard_pixels = 0
    if plan.facial_hair != "none":
        at, pixels = faces.paint_beard(head, plan.facial_hair, plan.beard_shape, plan.beard_shaded)
        canvas[at] = pixels
        beard_pixels = len(at)
    for mark in plan.marks:
        if mark != "laser":
            at, pixels = faces.paint_mark(head, mark)
            canvas[at] = pixels
    at, pixels = faces.paint_nose(head, plan.nose)
    canvas[at] = pixels
    if "clown nose" in plan.marks:
        at, pixels = faces.paint_mark(head, "clown nose")
        canvas[at] = pixels
    lips, pixels, corners = faces.paint_mouth(
        head, plan.mouth_width, plan.mouth_shift, plan.expression, plan.smile, plan.extra
    )
    canvas[lips] = pixels
    at, pixels = faces.paint_eyes(head, plan.eyes, plan.brows, plan.eye_color == "multicolor")
    canvas[at] = pixels
    ring_pixels = 0
    if plan.earrings != "none" and plan.earring_under:
        ring_pixels = _hang(canvas, plan)
    if plan.hair is not None:
        _grow(canvas, plan)
    if "laser" in plan.marks:
        at, pixels = faces.paint_mark(head, "laser")
        canvas[at] = pixels
    lens_pixels = 0
    if plan.eyewear != "none":
        lenses = eyewear.eyewear_sprite(plan.eyewear, plan.eyewear_shape)
        lens_pixels = _paste(canvas, fit_sprite(recut(lenses, plan.eyewear_cut, _FRAME), head))
    hat_pixels = 0
    if plan.headwear != "none":
        hat_pixels = _wear(canvas, plan)
    if plan.earrings != "none" and not plan.earring_under:
        ring_pixels = _hang(canvas, plan)
    item_pixels = _hold(canvas, plan)
    if plan.neckwear == "scarf":
        neck_pixels = _paste(canvas, fit_sprite(neckwear.neck_sprite("scarf", plan.neckwear_shape), head))
    return Layers(
        canvas,
        ring_pixels,
        lens_pixels,
        hat_pixels,
        beard_pixels,
        neck_pixels,
        item_pixels,
        len(lips),
        corners,
    )


def _grow(canvas: Canvas, plan: Plan) -> None:
    assert plan.hair is not None
    fitted = hair.fit_hair(plan.hair, plan.head, plan.hair_variant)
    canvas[fitted.at] = fitted.pixels
    if plan.texture != "flat":
        canvas[fitted.main] = hair.TEXTURES[plan.texture][fitted.main]
    if plan.rim:
        canvas[fitted.rim] = hair.DEEP


def _wear(canvas: Canvas, plan: Plan) -> int:
    sprite = headwear.headwear_sprite(plan.headwear, plan.headwear_shape)
    # a line around what frames the face would run through the face
    cut = plan.headwear_cut.replace("edged", "") if sprite.how == "hood" else plan.headwear_cut
    sprite = recut(sprite, cut, headwear.BLACK)
    fitted = fit_sprite(sprite, plan.head)
    if fitted.brim:
        canvas[: fitted.brim * SIDE] = 0
    if sprite.how == "hood":  # no hair shows beside a hood
        beside = fitted.at[fitted.pixels == EMPTY]
        canvas[beside] = 0
    canvas[fitted.at] = fitted.pixels
    if plan.hat_texture != "flat":
        main = fitted.at[fitted.pixels == headwear.MAIN]
        texture = hair.TEXTURES[plan.hat_texture][main]
        canvas[main] = np.where(texture == hair.HAIR, headwear.MAIN, headwear.DARK)
    return int(((sprite.grid != 0) & (sprite.grid != EMPTY)).sum())


def _hang(canvas: Canvas, plan: Plan) -> int:
    count = 0
    for side in (-1, 1):
        if plan.earring_side in (("left", "both") if side < 0 else ("right", "both")):
            at, pixels = jewels.paint_earring(
                plan.head, plan.earrings, plan.earring_shape, side, plan.earring_low
            )
            canvas[at] = pixels
            count += int((pixels >> 8 == OWNER["earrings"]).sum())
    return count


def _hold(canvas: Canvas, plan: Plan) -> int:
    if plan.mouth_item == "none":
        return 0
    if plan.mouth_item == "mask":
        at, pixels = mouth_items.paint_mask(plan.head, plan.mouth_item_shape)
        keep = canvas[at] >> 8 != _HAIR_OWNER
        canvas[at[keep]] = pixels[keep]
        return int(keep.sum())
    sprite = mouth_items.mouth_sprite(plan.mouth_item, plan.mouth_item_shape)
    return _paste(canvas, fit_sprite(recut(sprite, plan.mouth_item_cut, mouth_items.LINE), plan.head))
