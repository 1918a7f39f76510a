"""Reads the traits of 24x24 pixel portraits.

The public names load on first use, so that `import punkdetect` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from punkdetect.engines.arrow import analyze_table
    from punkdetect.errors import PictureError, PunkdetectError
    from punkdetect.pipeline import analyze, analyze_batch
    from punkdetect.punks import Punks, Source, TraitColumn
    from punkdetect.reports import Report, Reports

_HOME_OF = {
    "analyze": "punkdetect.pipeline",
    "analyze_batch": "punkdetect.pipeline",
    "analyze_table": "punkdetect.engines.arrow",
    "Punks": "punkdetect.punks",
    "Source": "punkdetect.punks",
    "TraitColumn": "punkdetect.punks",
    "Report": "punkdetect.reports",
    "Reports": "punkdetect.reports",
    "PunkdetectError": "punkdetect.errors",
    "PictureError": "punkdetect.errors",
}

__all__ = [
    "PictureError",
    "PunkdetectError",
    "Punks",
    "Report",
    "Reports",
    "Source",
    "TraitColumn",
    "__version__",
    "analyze",
    "analyze_batch",
    "analyze_table",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'punkdetect' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME_OF[name]), name)
