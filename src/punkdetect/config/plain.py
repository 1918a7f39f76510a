"""Reads the plain layout that `rendering` writes without YAML, a tenth of the time of `analyze`.

Plain is a small part of YAML, in which a line says one thing: a name with a word, with quoted text, with
pairs of numbers, or with the deeper lines that follow it; and comments. Whatever else a person may write, and
every mistake, is left to `tree`: what is read here is what YAML reads there, places and all. Knows nothing of
what a config means.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from punkdetect.config.nodes import WORDS, Node, Place, scalar_of

DEEPEST = 5
"""Levels of the layout: traits, one of them, what was measured, its calibration, a row of it."""

LONGEST = 1000
"""Letters of a line: YAML takes no name that is longer."""

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_QUOTED = r'"[^"\\]*"'
_PAIRS = r"\[\[N, N\](?:, \[N, N\])*\]".replace("N", _NUMBER)
_LINE = re.compile(rf"( *)([a-z]\w*|{_QUOTED}):(?: +(\w[\w./+-]*|{_QUOTED}|{_PAIRS}))?(?: +#.*| *)", re.ASCII)
_NUMBERS = re.compile(_NUMBER)


def plain_tree(text: str, path: Path) -> Node | None:
    """Read a file of the plain layout.

    Parameters
    ----------
    text : str
    path : Path
        The file it was read from, for places.

    Returns
    -------
    Node or None
        As `tree.parse_tree` reads it; None if it is not, or not wholly, of that layout.
    """
    if not text.isascii() or not text.replace("\n", "").isprintable():
        return None
    root: dict[str, Node] = {}
    blocks = [(0, root)]  # those that the line stands in, with their indents
    opened: tuple[int, str, Place] | None = None  # a name whose values stand in the lines below
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip(" ") or line.lstrip(" ").startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None or len(line) > LONGEST:
            return None
        indent, name = found.end(1), found[2]
        key = Place(path, number, indent + 1)
        if opened is not None:
            inner: dict[str, Node] = {}
            above, named, at = opened
            if indent <= above or len(blocks) == DEEPEST:
                return None
            blocks[-1][1][named] = Node(inner, key, at)
            blocks.append((indent, inner))
        while indent < blocks[-1][0]:
            blocks.pop()
        items = blocks[-1][1]
        name = name.strip('"')
        if indent != blocks[-1][0] or name in WORDS or name in items:
            return None
        opened = None
        if found[3] is None:
            opened = indent, name, key
        else:
            place = Place(path, number, found.start(3) + 1)
            items[name] = Node(_value(found[3], place), place, key)
    return Node(root, Place(path, *_first(root))) if root and opened is None else None


def _first(root: dict[str, Node]) -> tuple[int, int]:
    """Return line and column of the first name."""
    key = next(iter(root.values())).key
    assert key is not None, "every value of a mapping has a name"
    return key.line, key.column


def _value(text: str, place: Place) -> Any:
    """Return what a word, quoted text or a row of pairs says."""
    if text[0] == '"':
        return text[1:-1]
    if text[0] != "[":
        return scalar_of(text)
    path, line, start = place
    numbers = [(scalar_of(n[0]), start + n.start()) for n in _NUMBERS.finditer(text)]
    return [
        Node([Node(a, Place(path, line, at)), Node(b, Place(path, line, then))], Place(path, line, at - 1))
        for (a, at), (b, then) in zip(numbers[::2], numbers[1::2], strict=True)
    ]
