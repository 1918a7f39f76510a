"""What the terminal on standard output can show.

Knows the habits that people and terminals agree on (NO_COLOR, FORCE_COLOR); knows nothing of pictures.
"""

from __future__ import annotations

import os
import sys


def shows_color(letters: str) -> bool:
    """Tell whether to draw in true colour: on a terminal that can, unless a person said otherwise.

    NO_COLOR, set to anything, is no; FORCE_COLOR is yes, even into a pipe.

    Parameters
    ----------
    letters : str
        What is drawn with; without them among its characters a terminal shows nothing.
    """
    try:
        letters.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM", "") not in ("dumb", "")
