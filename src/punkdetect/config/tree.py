"""Reads YAML into values that know their place, without letting a loader construct objects.

The only module with YAML. It takes the parser's events: nothing in a file can run, multiply (aliases) or
turn into another type than it looks like (`no`, `1:30`, `010`, dates stay text, and are then refused
where a number is wanted). Knows nothing of what a config means.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from punkdetect.config.nodes import Node, Place, scalar_of
from punkdetect.config.plain import plain_tree
from punkdetect.errors import ConfigError, UsageError
from punkdetect.named_files import read_named_text

MAX_DEPTH = 8
"""The layout nests three levels; the rest is room for mistakes that still deserve a precise message."""

_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"


def parse_tree(text: str, path: Path) -> Node:
    """Parse YAML into Nodes, refusing tags, anchors, aliases, duplicate keys and deep nesting.

    Raises
    ------
    ConfigError
        With file, line and column.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Tree(path, iter(yaml.parse(text, Loader=loader))).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = _place(path, mark) if mark else Place(path)
        raise ConfigError(f"{place}: {_problem(error)}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {str(error).splitlines()[0]}") from None


def read_tree(path: Path, what: str, most: int) -> Node:
    """Read a YAML file of at most so many bytes; `what` it is meant to be is told in messages.

    Raises
    ------
    ConfigError
        With the file, and with line and column if it was read.
    """
    try:
        text = read_named_text(path, f"a {what}", most)
    except UsageError as error:
        raise ConfigError(error.message) from None
    return plain_tree(text, path) or parse_tree(text, path)


def _place(path: Path, mark: Any) -> Place:
    return Place(path, mark.line + 1, mark.column + 1)


def _problem(error: Any) -> str:
    """Return what the parser says; since PyYAML 6.0.4 it reads ahead and meets depth before `_Tree` does."""
    if error.problem and "nesting depth" in error.problem:
        return _TOO_DEEP
    return str(error.problem or error.context)


class _Tree:
    """Turns parser events into Nodes."""

    def __init__(self, path: Path, events: Iterator[Any]) -> None:
        self.path = path
        self.events = events

    def document(self) -> Node:
        next(self.events)  # start of the stream
        if type(next(self.events)).__name__ == "StreamEndEvent":
            raise ConfigError(f"{self.path}: the file is empty")
        root = self.node(next(self.events), 1)
        next(self.events)  # end of the document
        after = next(self.events)
        if type(after).__name__ != "StreamEndEvent":
            raise ConfigError(f"{_place(self.path, after.start_mark)}: a second document; it must be one")
        return root

    def node(self, event: Any, depth: int) -> Node:
        place = _place(self.path, event.start_mark)
        kind = type(event).__name__
        if kind == "AliasEvent" or event.anchor is not None:
            raise ConfigError(f"{place}: anchors and aliases (& and *) are not allowed")
        if event.tag is not None:
            raise ConfigError(f"{place}: tags are not allowed, and this is one: {event.tag}")
        if depth > MAX_DEPTH:
            raise ConfigError(f"{place}: {_TOO_DEEP}")
        if kind == "ScalarEvent":
            return Node(_scalar(event), place)
        if kind == "SequenceStartEvent":
            return Node(self.sequence(depth), place)
        return Node(self.mapping(depth), place)

    def sequence(self, depth: int) -> list[Node]:
        items = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            items.append(self.node(event, depth + 1))
        return items

    def mapping(self, depth: int) -> dict[str, Node]:
        items: dict[str, Node] = {}
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            key = self.node(event, depth + 1)
            if not isinstance(key.value, str):
                raise ConfigError(f"{key.place}: a key must be a name")
            if key.value in items:
                raise ConfigError(f"{key.place}: duplicate key {key.value!r}")
            value = self.node(next(self.events), depth + 1)
            items[key.value] = Node(value.value, value.place, key.place)
        return items


def _scalar(event: Any) -> str | int | float | bool | None:
    text: str = event.value
    quoted = event.style is not None and event.style != ""  # text, whatever it looks like
    return text if quoted else scalar_of(text)
