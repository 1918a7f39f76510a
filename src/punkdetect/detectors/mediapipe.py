"""Expression by face landmarks: what a network taught on photos makes of a portrait enlarged four times.

Owns the detector `expression.mediapipe` and everything that knows MediaPipe, which is an extra: without it
the detector is listed and says how to install it. Must not know the rules on exact pixels.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from punkdetect.errors import EnvironmentUnusableError
from punkdetect.face_model import HOW_TO_MAKE, default_face_model, read_face_model
from punkdetect.punks import NOT_FOUND, SIDE, ByteArray, FloatArray, Punks, make_column
from punkdetect.vocabulary import TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks
    from punkdetect.punks import TraitColumn

INSTALL = "pip install 'punkdetect[mediapipe]'"

ENLARGED = 4
"""Pixels along each side of a cell. Of 144 hand-made portraits a face is found in 118 at 3, 4 and 6, in 115
at 8; with cells of one colour in 12."""

KERNEL = "cubic"

BEHIND = 255
"""White behind what is transparent."""

LEFT_CORNER, RIGHT_CORNER, LOWER_LIP = 61, 291, 14
"""Points of the mesh: both corners of the mouth and the inner edge of the lower lip."""

LEFT_EYE, RIGHT_EYE = 33, 263
"""Outer corners of the eyes: the line through them says how the head is tilted."""

LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
"""The outline of the lips."""

NEUTRAL, SMILE, FROWN = range(3)
"""Codes of the values, in the order of the vocabulary."""

RAISED = 0.0
"""Widths of the mouth by which its corners must be above the lower lip for a smile: the plain meaning of the
word. No number from -0.02 to 0.02 tells more of the hand-made portraits rightly."""

LOWERED = -0.05
"""And for a frown. Of drawn portraits 4 % of the frowns are lower and 3 % of the neutral mouths: no number
tells them apart, and this one does little harm."""

SURE = 0.6
"""Confidence of every answer: where a face is found, about so many are right on hand-made portraits, however
far the corners are from the lip."""

NOISE = r"(?:[IW]\d{4} |INFO: |WARNING: |$)"
"""Starts of the lines that MediaPipe's own libraries write to standard error whatever they are told."""

_lock = Lock()
"""Held while standard error is turned aside: it is the whole process's."""


@dataclass(frozen=True)
class FaceLandmarks:
    """Looks whether the corners of the mouth are above the lower lip or below it, as on a photo of a face.

    The portrait is enlarged four times with smooth edges, which is where MediaPipe finds most faces. It lays
    its mesh of a face over it; seen along the line between the eyes, corners above the inner edge of the
    lower lip make a smile, corners well below it a frown.

    Cannot see one pixel: the mesh was taught on photos and puts a mouth where one ought to be, so a smile
    hardly moves it. Finds no face in one portrait of five, and never says hidden.

    Parameters
    ----------
    face_model : Path or None
        A `.task` bundle; None: the one in the person's own folder.
    """

    face_model: Path | None = None

    name = "expression.mediapipe"
    version = 1
    trait = "expression"
    vocabulary = TRAITS["expression"]

    def with_face_model(self, path: Path) -> FaceLandmarks:
        """Return this detector with another face model."""
        return replace(self, face_model=path)

    @property
    def model_path(self) -> Path:
        """The face model it will use, whether or not it is there."""
        return self.face_model or default_face_model()

    @property
    def model_digest(self) -> str | None:
        """SHA-256 of the face model; None if it cannot be read."""
        try:
            return hashlib.sha256(self.model_path.read_bytes()).hexdigest()
        except OSError:
            return None

    def why_unusable(self) -> str:
        """Return what is missing and what to do, or an empty text if all is there."""
        if find_spec("mediapipe") is None:
            return f"not installed: {INSTALL}"
        if not self.model_path.is_file():
            return f"no face model: {HOW_TO_MAKE}"
        return ""

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the expression of every portrait; not found where MediaPipe sees no face.

        Raises
        ------
        EnvironmentUnusableError
            If MediaPipe or its face model is missing or broken.
        """
        points = find_points(punks.rgba, self.model_path) if len(punks) else np.zeros((0, max(LIPS) + 1, 2))
        found = np.isfinite(points[:, 0, 0])
        curve = np.where(found, curvature(np.where(found[:, None, None], points, 0.0)), 0.0)
        codes = np.select([~found, curve > RAISED, curve < LOWERED], [NOT_FOUND, SMILE, FROWN], NEUTRAL)
        evidence = np.zeros((len(punks), SIDE, SIDE), np.bool_)
        for row in np.flatnonzero(found):
            cells = np.clip(np.floor(points[row, list(LIPS)]).astype(np.intp), 0, SIDE - 1)
            evidence[row, cells[:, 1], cells[:, 0]] = True
        return make_column(self.trait, codes, np.full(len(punks), SURE), evidence)


def curvature(points: FloatArray) -> FloatArray:
    """Return how far the corners of the mouth are above the lower lip, in widths of the mouth.

    Parameters
    ----------
    points : ndarray of float, shape (N, P, 2)
        Column and row, in cells, of MediaPipe's face mesh.

    Returns
    -------
    ndarray of float, shape (N,)
        Measured square to the line between the eyes; 0 where the mouth has no width.
    """
    along = points[:, RIGHT_EYE] - points[:, LEFT_EYE]
    down = np.stack([-along[:, 1], along[:, 0]], axis=1)
    middle = (points[:, LEFT_CORNER] + points[:, RIGHT_CORNER]) / 2
    height = ((points[:, LOWER_LIP] - middle) * down).sum(axis=1)
    width = ((points[:, RIGHT_CORNER] - points[:, LEFT_CORNER]) * along).sum(axis=1)
    curve: FloatArray = np.divide(height, width, out=np.zeros(len(points)), where=width > 0)
    return curve


def enlarge(rgba: ByteArray) -> ByteArray:
    """Return portraits enlarged four times by cubic convolution, on white, shape (N, 96, 96, 3)."""
    from punkdetect.grid.kernels import point_weights

    places = (np.arange(SIDE * ENLARGED) + 0.5) / ENLARGED
    weights = point_weights(KERNEL, places, SIDE)
    share = rgba[..., 3:] / 255
    opaque = rgba[..., :3] * share + BEHIND * (1 - share)
    larger = np.stack([np.einsum("ri,ijc,sj->rsc", weights, one, weights, optimize=True) for one in opaque])
    whole: ByteArray = np.clip(np.rint(larger), 0, 255).astype(np.uint8)
    return whole


def find_points(rgba: ByteArray, model: Path) -> FloatArray:
    """Return MediaPipe's face mesh for each portrait.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4), N > 0
    model : Path
        A `.task` bundle.

    Returns
    -------
    ndarray of float, shape (N, P, 2)
        Column and row, in cells; nan where no face was found.

    Raises
    ------
    EnvironmentUnusableError
        If MediaPipe or its face model is missing or broken.
    """
    vision = _load()
    buffer = read_face_model(model)
    points = np.full((len(rgba), max(RIGHT_CORNER, RIGHT_EYE, *LIPS) + 1, 2), np.nan)
    with _lock, _without_noise():
        try:
            options = vision.FaceLandmarkerOptions(base_options=vision.BaseOptions(model_asset_buffer=buffer))
            landmarker = vision.FaceLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise _unreadable(model, error) from None
        with landmarker:  # left open, it raises when the interpreter ends
            for row, picture in enumerate(enlarge(rgba)):
                image = vision.Image(image_format=vision.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
                try:
                    faces = landmarker.detect(image).face_landmarks
                except (RuntimeError, ValueError) as error:
                    raise _unreadable(model, error) from None
                if faces:
                    points[row] = _cells_of(faces[0], model)[: points.shape[1]]
    return points


def _cells_of(face: Any, model: Path) -> FloatArray:
    """Return a face's points in cells, having held them against what a face is: nobody's is flat."""
    if all(point.z == 0 for point in face):
        raise EnvironmentUnusableError(
            f"{model}: a face model of another MediaPipe: it gives fewer points than are read from it; "
            f"{HOW_TO_MAKE}"
        )
    return np.array([(point.x, point.y) for point in face]) * SIDE


class _Vision:
    """The names of MediaPipe that are used here."""

    def __init__(self) -> None:
        from mediapipe import Image, ImageFormat
        from mediapipe.tasks.python import BaseOptions
        from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions

        self.Image, self.ImageFormat, self.BaseOptions = Image, ImageFormat, BaseOptions
        self.FaceLandmarker, self.FaceLandmarkerOptions = FaceLandmarker, FaceLandmarkerOptions


def _load() -> _Vision:
    if find_spec("mediapipe") is None:
        raise EnvironmentUnusableError(
            f"expression.mediapipe needs MediaPipe, which is not installed: {INSTALL}"
        )
    try:
        with _lock, _without_noise():
            return _Vision()
    except (ImportError, OSError, AttributeError) as error:
        raise EnvironmentUnusableError(
            f"MediaPipe is installed but cannot be loaded ({' '.join(str(error).split())}); it needs the "
            "system's libGL and libglib (Debian, Ubuntu: apt-get install libgl1 libglib2.0-0), and OpenCV as "
            f"{INSTALL} installs it"
        ) from None


def _unreadable(model: Path, error: Exception) -> EnvironmentUnusableError:
    reason = str(error).strip().splitlines()
    return EnvironmentUnusableError(
        f"{model}: MediaPipe cannot use this face model ({reason[0] if reason else 'no reason given'}); "
        f"{HOW_TO_MAKE}"
    )


@contextlib.contextmanager
def _without_noise() -> Iterator[None]:
    """Keep what MediaPipe's libraries log from standard error; anything else is passed on at the end."""
    import tempfile

    try:
        kept = os.dup(2)
    except OSError:  # closed: nothing is heard anyway
        yield
        return
    with tempfile.TemporaryFile() as said:
        if sys.stderr is not None:
            sys.stderr.flush()
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            said.seek(0)
            for line in said.read().decode("utf-8", "replace").splitlines(keepends=True):
                if not re.match(NOISE, line):
                    os.write(2, line.encode())


DETECTORS = (FaceLandmarks(),)
