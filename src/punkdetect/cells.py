"""Text made safe where it goes: in the cells of a table, and taken back as it was; in HTML and SVG.

Also what may have been meant by a first line of cells that cannot be used.
Knows nothing of traits, pages or files.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that starts so is run as a formula by spreadsheets (OWASP, "CSV injection")."""

_GUARDED = ("'", *_FORMULA_STARTS)

_ESCAPE = re.compile(r"\\(?:[\\ntr]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""The escapes that `safe_cell` writes."""

_SURROGATE = re.compile(r"\\ud[89a-f][0-9a-f]{2}")
"""The escape of what stands for a byte that is no UTF-8."""

_SHORT = {"\\\\": "\\", "\\n": "\n", "\\t": "\t", "\\r": "\r"}


def safe_cell(text: str) -> str:
    r"""Return text that a spreadsheet does not run and a terminal does not obey.

    Control characters and bytes that are no UTF-8 become escapes (`\n`, `\x1b`, `\udcff`), and so does the
    backslash they begin with (`\\`); a leading formula sign is guarded by an apostrophe, and so is a leading
    apostrophe. Two texts never share a cell.
    """
    return ("'" if text.startswith(_GUARDED) else "") + printable_text(text)


def raw_cell(cell: str) -> str:
    """Return the text that `safe_cell` was given."""
    return _ESCAPE.sub(lambda found: _unescaped(found[0]), cell.removeprefix("'"))


def printable_text(text: str) -> str:
    """Return text with control characters, broken bytes and backslashes as escapes."""
    if not text.isprintable() or "\\" in text:
        return "".join(_escaped(c) for c in text)
    return text


def why_no_image(header: Sequence[str]) -> str:
    """Say what may have been meant by a first line of a CSV that names no column `image`; "" if nothing."""
    written = next((name for name in header if name.strip().lower() == "image"), None)
    if written is not None:
        return f", and not {written!r}" if written != "image" else ""
    mark = next((mark for mark in (";", "\t") if len(header) == 1 and mark in header[0]), None)
    return f"; its cells are separated by {mark!r}, and must be by commas" if mark else ""


def unicode_text(text: str) -> str:
    r"""Return text for a format that holds Unicode only (Parquet); `raw_unicode` gives it back.

    It is as it was, but where it has bytes that are no UTF-8, or reads like the escape of such a byte
    (`\udcff`), it is as `safe_cell` writes it.
    """
    return safe_cell(text) if _SURROGATE.search(text.encode("ascii", "backslashreplace").decode()) else text


def raw_unicode(text: str) -> str:
    """Return the text that `unicode_text` was given."""
    return raw_cell(text) if _SURROGATE.search(text) else text


def markup_text(text: str) -> str:
    """Return text that is text in HTML and XML, in elements and attributes: the only place that escapes it.

    Characters that they cannot hold, and those that steer a terminal or turn the direction of reading, are
    shown as escapes.
    """
    shown = text if text.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in text)
    return html.escape(shown, quote=True)


def _escaped(character: str) -> str:
    if character.isprintable() and character != "\\":
        return character
    return character.encode("unicode_escape").decode("ascii")


def _unescaped(escape: str) -> str:
    return _SHORT.get(escape) or chr(int(escape[2:], 16))
