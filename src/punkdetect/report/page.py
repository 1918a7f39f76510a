"""Puts a page together: one file of HTML, style, script and data that asks nobody for anything.

The content security policy names the digests of the page's own style
and script, so that nothing else runs, whatever a file is called. Knows nothing of what the data mean.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from punkdetect import __version__
from punkdetect.cells import markup_text

SCRIPTS = {"report": ("report_filters", "report_wall", "report")}
"""Files of the script of a page that has more than one of its own name, in the order in which they run."""

_PLACE = re.compile(r"\{\{(\w+)\}\}")


def render_page(name: str, title: str, data: Mapping[str, Any], *, connect: bool = False) -> str:
    """Return a whole page.

    Parameters
    ----------
    name : str
        `report`, `review` or `audit`: its template, style and script lie in `pages/`.
    title : str
        Any text.
    data : mapping
        What the script finds as JSON in the element `data`.
    connect : bool
        Whether the page may talk to the server it came from.

    Returns
    -------
    str
        ASCII but for the page's own words.
    """
    style = _read("common.css") + _read(f"{name}.css")
    script = "".join(_read(f"{part}.js") for part in ("common", *SCRIPTS.get(name, (name,))))
    peer = "'self'" if connect else "'none'"
    policy = (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {_digest(script)}; "
        f"connect-src {peer}; base-uri 'none'; form-action 'none'"
    )
    places = {
        "policy": markup_text(policy),
        "generator": markup_text(f"{_generator(name)} {__version__}"),
        "title": markup_text(title),
        "style": style,
        "script": script,
        "data": script_json(data),
    }
    return _PLACE.sub(lambda place: places[place[1]], _read(f"{name}.html"))


def script_json(value: Any) -> str:
    r"""Return JSON that may stand inside a script element: ASCII, and `<` as `\u003c`."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def is_page(head: bytes, name: str) -> bool:
    """Tell from the first bytes of a file whether it is such a page."""
    return f'<meta name="generator" content="{_generator(name)} '.encode() in head


def _generator(name: str) -> str:
    return f"punkdetect {name}"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    """Return one of the package's own page files."""
    return (files("punkdetect.report") / "pages" / name).read_text(encoding="utf-8")
