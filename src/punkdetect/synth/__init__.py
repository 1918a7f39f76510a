"""Draws labelled portraits from the project's own sprites: pixels, labels by what can be seen, and masks.

Nothing in here was traced from anybody's pictures. Same seed, same bytes.
"""

from __future__ import annotations

from punkdetect.synth.drawn import Drawn, draw, draw_pinned

__all__ = ["Drawn", "draw", "draw_pinned"]
