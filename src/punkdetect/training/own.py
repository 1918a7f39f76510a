"""A person's own model: checks what was asked, reads the labelled pictures, fits, and scores.

Knows examples and fits; must not know how the command line looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from punkdetect.config import did_you_mean
from punkdetect.detectors.learned import Learned, read_heads
from punkdetect.errors import EnvironmentUnusableError, UsageError
from punkdetect.labels import read_labels
from punkdetect.metrics import Score, score
from punkdetect.plural import counted
from punkdetect.training.examples import Examples
from punkdetect.training.folds import families_by_likeness
from punkdetect.training.pools import drawn_examples
from punkdetect.training.readers import read_folder
from punkdetect.training.shipping import Fit, Sizes, fit_features, fit_network
from punkdetect.vocabulary import COLORS, TRAITS

LEAST = 10
"""Labelled portraits under which nothing can be cross-validated."""

NETWORK_SIZES = Sizes(
    drawn=0, copies=40, large=1, others=1, base_steps=600, steps=300, members=1, regression_drawn=0
)
"""Effort for a person's own network: a few minutes of one core."""

DRAWN_SHARE = 0.5
"""What all drawn portraits together weigh in a regression, relative to all of a person's own."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def check_request(trait: str, name: str, folder: Path, force: bool) -> None:
    """Refuse what cannot be meant before any work is done.

    Raises
    ------
    UsageError
        For an unknown trait, a name that no detector may have, or a folder that holds other models.
    """
    if trait in COLORS:
        raise UsageError(f"{trait}: colours are pixels of the portrait; there is nothing to learn")
    if trait not in TRAITS:
        raise UsageError(f"no trait is called {trait!r}{did_you_mean(trait, tuple(TRAITS))}")
    if not _NAME.match(name):
        raise UsageError(f"--name {name}: a detector's name is lower-case letters, digits and _")
    if f"{trait}.{name}" in {Learned(head).name for head in read_heads()}:
        raise UsageError(f"{trait}.{name} is a detector of punkdetect's own: choose another --name")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; models are written into a folder")
    if (
        folder.is_dir()
        and any(folder.iterdir())
        and not (folder / f"{trait}.{name}.card.json").exists()
        and not force
    ):
        raise UsageError(f"{folder} holds other files; name an empty folder, or say --force to write into it")


def need_libraries(network: bool) -> None:
    """Refuse to start without the libraries that fitting takes.

    Raises
    ------
    EnvironmentUnusableError
        With the line that installs them.
    """
    library, extra = ("torch", "network") if network else ("sklearn", "train")
    if find_spec(library) is None:
        raise EnvironmentUnusableError(
            f'training needs {library}; install it with: pip install "punkdetect[{extra}]"'
        )


def read_own(labels_path: Path, images: Path, trait: str) -> Examples:
    """Read labelled pictures; families are those of the file's column, else found by likeness.

    Raises
    ------
    UsageError
        If the labels say nothing of the trait, or of too few pictures.
    """
    labels = read_labels(labels_path)
    if trait not in labels.traits:
        raise UsageError(f"{labels_path} has no column {trait}")
    examples = read_folder(labels_path, images)
    examples = examples.take(np.flatnonzero(examples.targets[trait].any(axis=1)))
    if len(examples) < LEAST:
        raise UsageError(
            f"{counted(len(examples), 'picture')} under {images} with a label for {trait}; it takes {LEAST} "
            "at least, and some 50 to be of use"
        )
    if len(set(examples.families)) == len(examples):  # no family has a second member: nobody said
        examples = replace(examples, families=families_by_likeness(examples.rgba))
    if len(set(examples.families)) < 2:
        raise UsageError("all pictures are of one family: nothing would be left to measure on")
    return examples


def train_own(
    examples: Examples,
    trait: str,
    *,
    drawn: int = 0,
    network: bool = False,
    folds: int = 5,
    seed: int = 0,
    say: Callable[[str], None] = lambda sentence: None,
) -> Fit:
    """Fit a model to a person's own portraits.

    Parameters
    ----------
    examples : Examples
    trait : str
    drawn : int
        Portraits of the project's own drawing that it sees as well.
    network : bool
        The convolutional network in place of the regression.
    folds, seed : int
    say : callable
        Told how far a network is; a regression takes seconds.
    """
    folds = min(folds, len(set(examples.families)))
    if network:
        sizes = replace(NETWORK_SIZES, drawn=max(drawn, 1))
        return fit_network(examples, None, None, sizes, (trait,), folds, seed, say)
    others = drawn_examples(drawn, seed) if drawn else None
    weight = DRAWN_SHARE * len(examples) / max(drawn, 1)
    return fit_features(trait, examples, others, np.full(drawn, weight), folds, seed)


def score_of(fit: Fit, trait: str, examples: Examples) -> Score:
    """Score the out-of-fold answers of a fit to these examples."""
    values, best = TRAITS[trait], fit.logits[trait].argmax(axis=1)
    return score(
        [
            (str(image), tuple(values[v] for v in np.flatnonzero(target)), values[code])
            for image, target, code in zip(examples.images, examples.targets[trait], best, strict=True)
        ]
    )
