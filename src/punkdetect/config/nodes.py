"""What a YAML file says, as values that know their place, and how they are asked what they are.

Knows neither how a file is parsed nor what a config means.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from punkdetect.errors import ConfigError

_INT = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
WORDS: dict[str, bool | None] = {"": None, "null": None, "~": None, "true": True, "false": False}


class Place(NamedTuple):
    """A spot in a config file, counted from 1, for messages."""

    path: Path
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}, column {self.column}"


class Node(NamedTuple):
    """A value of the config with its place; `value` is a scalar, a dict of Nodes or a list of Nodes.

    `key` is the place of the name it stands under, if it stands under one.
    """

    value: Any
    place: Place
    key: Place | None = None


def scalar_of(text: str) -> str | int | float | bool | None:
    """Return what a value without quotes is: a number only if it looks like one in every language."""
    if text in WORDS:
        return WORDS[text]
    if _INT.match(text) and len(text) < 19:
        return int(text)
    return float(text) if _FLOAT.match(text) else text


def mapping_of(node: Node, what: str, known: tuple[str, ...] | None) -> dict[str, Node]:
    """Return the values of a mapping by name.

    Raises
    ------
    ConfigError
        If it is none, or has a name that is not `known`.
    """
    if not isinstance(node.value, dict):
        raise ConfigError(f"{node.place}: {what} must be a mapping of names, not {spoken(node.value)}")
    for key, value in node.value.items():
        if known is not None and key not in known:
            raise ConfigError(f"{value.key}: unknown key {key!r} in {what}{did_you_mean(key, known)}")
    return node.value


def one_of(node: Node, what: str, choices: tuple[str, ...]) -> str:
    """Return a value that must be one of a few words.

    Raises
    ------
    ConfigError
    """
    if node.value not in choices:
        raise ConfigError(
            f"{node.place}: {what} must be one of {', '.join(choices)}, not {spoken(node.value)}"
            f"{did_you_mean(str(node.value), choices)}"
        )
    return str(node.value)


def spoken(value: object) -> str:
    """Return what a value is, in words for messages."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return f"the text {value!r}" if isinstance(value, str) else str(value).lower()


def did_you_mean(name: str, known: tuple[str, ...]) -> str:
    """Return `; did you mean X?` for the nearest of `known`, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""
