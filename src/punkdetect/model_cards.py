"""Reads and writes model cards: what a learned detector was fitted to, and its out-of-fold answers.

A card is JSON beside its model file. It lets `validate` take figures that were not won on the portraits a
model has seen. The format is described in `docs/model_cards.md`. Knows nothing of how a model is fitted
or run.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from punkdetect.errors import EnvironmentUnusableError
from punkdetect.punks import ByteArray

SCHEMA = "punkdetect/model-card/1"

MOST_LISTED, FITTED_FILE = 1000, "fitted_{:.12}.json"
"""Portraits up to which a card lists itself what its model was fitted to; name, by its digest, of the file
that lists more."""

DIGEST_LENGTH = 16
"""Hex digits kept of a pixel digest: 64 bits; among a million portraits the chance that any two meet is
1 in 10^7."""


def pixel_digest(rgba: ByteArray) -> str:
    """Return the digest of one portrait's visible pixels.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (24, 24, 4)
        As in `Punks`: wholly transparent pixels are (0, 0, 0, 0).

    Returns
    -------
    str
        16 hex digits, the start of the SHA-256 of the bytes in C order.
    """
    return hashlib.sha256(rgba.tobytes()).hexdigest()[:DIGEST_LENGTH]


@dataclass(frozen=True)
class Fitted:
    """A labelled portrait that a model was fitted to."""

    image: str
    collection: str
    family: str


@dataclass(frozen=True)
class OutOfFold:
    """What a model that saw neither this portrait nor its family answered; value None: nothing."""

    value: str | None
    confidence: float


@dataclass(frozen=True)
class ModelCard:
    """What is known of one fitted model.

    Parameters
    ----------
    detector, version : str
        The detector it belongs to; its version as text.
    model_sha256 : str
        Digest of the model file.
    fitted_to : mapping of str to Fitted
        By `pixel_digest`: every portrait of a real collection it was fitted to. Drawn ones need not be
        listed.
    answers : mapping of str to mapping of str to OutOfFold
        By trait, then by `pixel_digest`.
    notes : mapping
        Anything else worth keeping: split, seed, versions, figures. Kept as it is.
    """

    detector: str
    version: str
    model_sha256: str
    fitted_to: Mapping[str, Fitted]
    answers: Mapping[str, Mapping[str, OutOfFold]]
    notes: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def families(self) -> frozenset[tuple[str, str]]:
        """The (collection, family) pairs that the model has seen a member of."""
        return frozenset((f.collection, f.family) for f in self.fitted_to.values())


def read_model_card(path: Path) -> ModelCard:
    """Read and check a card.

    Raises
    ------
    EnvironmentUnusableError
        If it cannot be read or is not a card: it ships with its model, so the installation is damaged.
    """
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        if card.get("schema") != SCHEMA:
            raise ValueError(f"schema is not {SCHEMA}")
        return ModelCard(
            detector=str(card["detector"]),
            version=str(card["version"]),
            model_sha256=str(card["model_sha256"]),
            fitted_to={
                digest: Fitted(*map(str, row))
                for digest, row in _read_fitted(card["fitted_to"], path).items()
            },
            answers={
                trait: {digest: _read_answer(row) for digest, row in rows.items()}
                for trait, rows in card["out_of_fold"].items()
            },
            notes=card.get("notes", {}),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EnvironmentUnusableError(f"{path}: model card damaged: {error}") from None


def _read_fitted(said: Any, card: Path) -> dict[str, list[Any]]:
    """Return the portraits that a card lists, or those of the list beside it that it names by its digest."""
    if not isinstance(said, str):
        return dict(said)
    data = (card.parent / FITTED_FILE.format(said)).read_bytes()
    if hashlib.sha256(data).hexdigest() != said:
        raise ValueError(f"{FITTED_FILE.format(said)} is not the list that it names")
    return dict(json.loads(data))


def _read_answer(row: list[Any]) -> OutOfFold:
    value, confidence = row
    number = float(confidence)
    if not (math.isfinite(number) and 0 <= number <= 1):
        raise ValueError(f"confidence {confidence} is not in [0, 1]")
    return OutOfFold(None if value is None else str(value), number)


def write_model_card(path: Path, card: ModelCard) -> None:
    """Write a card in its fixed layout: one portrait a line, sorted, so that a change shows as a few lines.

    Of more than `MOST_LISTED` portraits fitted to, the list is a file beside the card, which all cards of a
    folder share that have the same one; the card names its digest.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    fitted = {d: [f.image, f.collection, f.family] for d, f in sorted(card.fitted_to.items())}
    answers = {
        trait: {d: [a.value, round(a.confidence, 4)] for d, a in sorted(rows.items())}
        for trait, rows in card.answers.items()
    }
    traits = ",\n".join(f"  {json.dumps(t)}: {_lines(rows, '   ')}" for t, rows in answers.items())
    listed = _lines(fitted, "  ")
    if len(fitted) > MOST_LISTED:
        data = f"{_lines(fitted, ' ')}\n".encode()
        digest = hashlib.sha256(data).hexdigest()
        path.with_name(FITTED_FILE.format(digest)).write_bytes(data)
        listed = json.dumps(digest)
    text = (
        "{\n"
        f' "schema": {json.dumps(SCHEMA)},\n "detector": {json.dumps(card.detector)},\n'
        f' "version": {json.dumps(card.version)},\n "model_sha256": {json.dumps(card.model_sha256)},\n'
        f' "notes": {json.dumps(dict(card.notes), sort_keys=True, allow_nan=False)},\n'
        f' "fitted_to": {listed},\n "out_of_fold": {{\n{traits}\n }}\n'
        "}\n"
    )
    path.write_text(text, encoding="utf-8", newline="\n")


def _lines(rows: Mapping[str, list[Any]], indent: str) -> str:
    body = ",\n".join(f"{indent}{json.dumps(k)}: {json.dumps(v, allow_nan=False)}" for k, v in rows.items())
    return f"{{\n{body}\n{indent[:-1]}}}" if rows else "{}"
