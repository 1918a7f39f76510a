"""Captions from traits: a template of parts, filled with the words of what is shown.

Owns the layout of the template. Knows reports and the vocabulary; knows nothing of files of captions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from punkdetect.config.nodes import Node, did_you_mean, mapping_of, one_of
from punkdetect.config.tree import read_tree
from punkdetect.errors import ConfigError
from punkdetect.reports import Report
from punkdetect.vocabulary import ALL_TRAITS, TRAITS
from punkdetect.words.table import MAX_BYTES

TEMPLATE = Path(__file__).with_name("caption.yaml")

UNSAID = ("none", "other")
"""Values that have no words unless the template gives them some."""

MOST_WORDS = 200
"""More words than any model that reads captions takes in."""

_TRAIT = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


class CaptionPart(NamedTuple):
    """A piece of a caption: its text with places for traits, and what must hold for it to be said."""

    text: str
    when: tuple[tuple[str, str], ...] = ()


class CaptionTemplate(NamedTuple):
    """How captions are worded; see `caption.yaml`."""

    max_words: int
    parts: tuple[CaptionPart, ...]
    values: Mapping[str, Mapping[str, str]]


def read_template(path: Path | None = None) -> CaptionTemplate:
    """Read a template.

    Parameters
    ----------
    path : Path, optional
        In place of the packaged one.

    Raises
    ------
    UsageError
        If it cannot be read, or names a trait or value that does not exist; with file, line and column.
    """
    path = path or TEMPLATE
    root = mapping_of(read_tree(path, "template", MAX_BYTES), "a template", ("max_words", "parts", "values"))
    if "parts" not in root or not isinstance(root["parts"].value, list):
        raise ConfigError(f"{path}: a template needs a list of parts")
    most = root["max_words"].value if "max_words" in root else 40
    if not isinstance(most, int) or isinstance(most, bool) or not 0 < most <= MOST_WORDS:
        raise ConfigError(
            f"{root['max_words'].place}: max_words must be a whole number from 1 to {MOST_WORDS}"
        )
    worded = mapping_of(root["values"], "values", tuple(TRAITS)) if "values" in root else {}
    values = {}
    for trait, node in worded.items():
        values[trait] = {value: _text(n) for value, n in mapping_of(node, trait, TRAITS[trait]).items()}
    return CaptionTemplate(most, tuple(map(_part, root["parts"].value)), values)


def write_caption(template: CaptionTemplate, shown: Mapping[str, str]) -> str:
    """Return a caption.

    Parameters
    ----------
    template : CaptionTemplate
    shown : mapping of str to str
        Value of each trait that is shown.

    Returns
    -------
    str
        On one line, of at most `template.max_words` words.
    """
    said: list[str] = []
    length = 0
    for part in template.parts:
        if any(shown.get(trait) != value for trait, value in part.when):
            continue
        text = _filled(part.text, template, shown)
        words = len(text.split()) if text else 0
        if text and length + words <= template.max_words:
            said.append(text)
            length += words
    return ", ".join(said)


def shown_values(report: Report) -> dict[str, str]:
    """Return the values of one picture that passed the gate and were found."""
    return {
        h.trait: answer.value
        for h in report.headings
        if h.shown and (answer := report.answers.get(h.trait)) is not None and answer.value is not None
    }


def _filled(text: str, template: CaptionTemplate, shown: Mapping[str, str]) -> str | None:
    """Return a part with its places filled; None if one that it needs has no words."""
    text = _OPTIONAL.sub(lambda piece: _fill(piece[1], template, shown) or "", text)
    filled = _fill(text, template, shown)
    return None if filled is None else " ".join(filled.split())


def _fill(text: str, template: CaptionTemplate, shown: Mapping[str, str]) -> str | None:
    missing = False

    def words(place: re.Match[str]) -> str:
        nonlocal missing
        spoken = _words(place[1], shown.get(place[1]), template)
        missing = missing or not spoken
        return spoken

    filled = _TRAIT.sub(words, text)
    return None if missing else filled


def _words(trait: str, value: str | None, template: CaptionTemplate) -> str:
    if value is None:
        return ""
    own = template.values.get(trait, {})
    if value in own:
        return own[value]
    return "" if value in UNSAID else value.replace("_", " ")


def _part(node: Node) -> CaptionPart:
    when: tuple[tuple[str, str], ...] = ()
    said = node
    if isinstance(node.value, dict):
        entries = mapping_of(node, "a part", ("say", "when"))
        if "say" not in entries:
            raise ConfigError(f"{node.place}: a part with a condition needs `say`")
        said = entries["say"]
        if "when" in entries:
            conditions = mapping_of(entries["when"], "when", tuple(TRAITS))
            when = tuple((t, one_of(n, t, TRAITS[t])) for t, n in conditions.items())
    text = _text(said)
    for trait in _TRAIT.findall(text):
        if trait not in ALL_TRAITS:
            hint = did_you_mean(trait, ALL_TRAITS)
            raise ConfigError(f"{said.place}: no trait is called {trait!r}{hint}")
    if set(_TRAIT.sub("", _OPTIONAL.sub(r"\1", text))) & set("{}[]"):
        raise ConfigError(f"{said.place}: brackets do not pair up in {text!r}")
    return CaptionPart(text, when)


def _text(node: Node) -> str:
    if isinstance(node.value, (dict, list, bool)) or node.value is None:
        raise ConfigError(
            f"{node.place}: words are expected here (in quotes, if they look like something else)"
        )
    return str(node.value)
