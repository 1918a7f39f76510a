"""The table by which words are understood: reads `words.yaml`, or a person's own in its place.

Owns the layout of that file and how a phrase is normalized. Knows the vocabulary; knows nothing of captions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from punkdetect.config.nodes import Node, did_you_mean, mapping_of
from punkdetect.config.tree import read_tree
from punkdetect.errors import ConfigError
from punkdetect.vocabulary import TRAITS

TABLE = Path(__file__).with_name("words.yaml")

MAX_BYTES = 256 * 1024
"""The packaged table is about 20 KiB; anything much larger is not a table of words."""

ANY = "any"
"""Stands for every value but `none`: something is there, of a kind not said."""

NONE = "none"

SECTIONS = (
    "things", "parts", "other_nouns", "ignored", "negations", "negated_after", "negated_means_none",
    "silence_means_none",
)  # fmt: skip

Phrase = tuple[str, ...]
"""Words of a phrase, normalized."""

PLURALS = frozenset({"shades", "specs"})
"""Words that mean something else in the plural: a brown shade is no pair of shades."""

FILLERS = frozenset({"a", "an", "the", "his", "her", "hers", "their", "its", "my", "your", "any", "some"})
"""Words that are left out wherever they stand."""

_WORD = re.compile(r"[^\W_]+")


class Meaning(NamedTuple):
    """What a phrase claims.

    Parameters
    ----------
    trait : str
    values : tuple of str
        Any of them; `("any",)` if it only says that something is there.
    """

    trait: str
    values: tuple[str, ...]


class Part(NamedTuple):
    """A part of the portrait that words describe: hair, eyes, skin, earrings, background.

    Parameters
    ----------
    name : str
    called : frozenset of Phrase
    words : mapping of Phrase to tuple of Meaning
        What a word beside it claims; one word may speak of several traits.
    traits : frozenset of str
    alone : tuple of Meaning
        What it claims when nothing beside it says more.
    """

    name: str
    called: frozenset[Phrase]
    words: Mapping[Phrase, tuple[Meaning, ...]]
    traits: frozenset[str]
    alone: tuple[Meaning, ...]


@dataclass(frozen=True)
class WordTable:
    """How words are understood; see `words.yaml` for what each part means."""

    path: Path
    things: Mapping[Phrase, tuple[Meaning, ...]]
    parts: tuple[Part, ...]
    other_nouns: frozenset[Phrase]
    ignored: frozenset[Phrase]
    negations: frozenset[Phrase]
    negated_after: frozenset[Phrase]
    negated_means_none: frozenset[str]
    silence_means_none: frozenset[str]

    @cached_property
    def part_of(self) -> Mapping[Phrase, Part]:
        """The part that each name belongs to."""
        return {phrase: part for part in reversed(self.parts) for phrase in part.called}

    @cached_property
    def longest(self) -> int:
        """Words of the longest phrase that is looked for."""
        phrases = [*self.things, *self.part_of, *self.other_nouns, *self.ignored]
        return max(map(len, phrases), default=1)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every single word that occurs anywhere in the table."""
        phrases = [*self.things, *self.other_nouns, *self.ignored, *self.negations]
        for part in self.parts:
            phrases += [*part.called, *part.words]
        return frozenset(word for phrase in phrases for word in phrase)


def normalize(text: str) -> Phrase:
    """Return the words of a text: lower case, without accents, hyphens, apostrophes and plural s.

    Examples
    --------
    >>> normalize("Hoop-Earrings")
    ('hoop', 'earring')
    """
    return tuple(map(singular, plain_words(text)))


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents, hyphens, apostrophes and fillers."""
    plain = unicodedata.normalize("NFKD", text.replace("'", "").replace("\u2019", "").casefold())
    words = _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return [word for word in words if word not in FILLERS]


def singular(word: str) -> str:
    """Return a word without a plural s; which words it spoils does not matter, if it does so everywhere."""
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word not in PLURALS
    return word[:-1] if is_plural else word


def read_table(path: Path | None = None) -> WordTable:
    """Read a table of words.

    Parameters
    ----------
    path : Path, optional
        In place of the packaged one.

    Raises
    ------
    UsageError
        If it cannot be read, or names a trait or value that does not exist; with file, line and column.
    """
    path = path or TABLE
    return _table(read_tree(path, "table of words", MAX_BYTES), path)


def _table(root: Node, path: Path) -> WordTable:
    sections = mapping_of(root, "the table", SECTIONS)
    lists = {name: frozenset(_phrases(sections[name])) for name in SECTIONS[2:6] if name in sections}
    empty: frozenset[Phrase] = frozenset()
    return WordTable(
        path,
        _meanings(sections["things"]) if "things" in sections else {},
        tuple(_part(name, node) for name, node in _items(sections.get("parts"), "parts")),
        lists.get("other_nouns", empty),
        lists.get("ignored", empty),
        lists.get("negations", empty),
        lists.get("negated_after", empty),
        _traits(sections.get("negated_means_none")),
        _traits(sections.get("silence_means_none")),
    )


def _part(name: str, node: Node) -> Part:
    entries = mapping_of(node, f"part {name}", ("called", *TRAITS))
    if "called" not in entries:
        raise ConfigError(f"{node.place}: say what {name} is called")
    traits = {trait: inner for trait, inner in entries.items() if trait != "called"}
    words: dict[Phrase, tuple[Meaning, ...]] = {}
    alone: list[Meaning] = []
    for trait, inner in traits.items():
        for phrase, meanings in _meanings(Node({trait: inner}, inner.place)).items():
            if phrase:
                words[phrase] = (*words.get(phrase, ()), *meanings)
            else:
                alone += meanings
    return Part(name, frozenset(_phrases(entries["called"])), words, frozenset(traits), tuple(alone))


def _meanings(node: Node) -> dict[Phrase, tuple[Meaning, ...]]:
    """Return what each phrase of `trait: {value: [phrases]}` claims."""
    found: dict[Phrase, dict[str, list[str]]] = {}
    for trait, values in mapping_of(node, "traits", tuple(TRAITS)).items():
        for value, phrases in mapping_of(values, trait, (ANY, *TRAITS[trait])).items():
            for phrase in _phrases(phrases):
                accepted = found.setdefault(phrase, {}).setdefault(trait, [])
                if value not in accepted:
                    accepted.append(value)
    return {
        phrase: tuple(Meaning(trait, tuple(values)) for trait, values in by_trait.items())
        for phrase, by_trait in found.items()
    }


def _traits(node: Node | None) -> frozenset[str]:
    names = []
    for item in _list(node):
        if item.value not in TRAITS:
            hint = did_you_mean(str(item.value), tuple(TRAITS))
            raise ConfigError(f"{item.place}: no trait is called {item.value!r}{hint}")
        names.append(str(item.value))
    return frozenset(names)


def _phrases(node: Node) -> list[Phrase]:
    return [normalize(str(item.value)) for item in _list(node)]


def _list(node: Node | None) -> list[Node]:
    if node is None or node.value is None:
        return []
    if not isinstance(node.value, list) or any(isinstance(n.value, (list, dict)) for n in node.value):
        raise ConfigError(f"{node.place}: a list of words is expected here, such as [specs, glasses]")
    return node.value


def _items(node: Node | None, what: str) -> list[tuple[str, Node]]:
    return [] if node is None else list(mapping_of(node, what, None).items())
