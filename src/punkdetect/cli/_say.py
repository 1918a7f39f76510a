"""How commands speak to people: lines on standard error, names made safe, a progress bar on a terminal.

Knows click; knows nothing of pictures.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import click


def printable(text: str) -> str:
    """Return text with control characters and broken bytes escaped: no file name steers a terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def say(message: str) -> None:
    """Write one line to standard error; a closed one is no reason to stop."""
    try:
        click.echo(printable(message), err=True)
    except OSError:
        return


class Teller:
    """Says how a run is going.

    Parameters
    ----------
    quiet : bool
        Say only what went wrong: no bar, no notes, no summary.
    """

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.bar: Any = None

    def start(self, total: int | None) -> None:
        """Show a bar on a terminal, if it is known how many pictures there are."""
        if not self.quiet and sys.stderr.isatty() and total is not None and total > 1:
            self.bar = click.progressbar(length=total, file=sys.stderr, label="pictures", show_pos=True)
            self.bar.render_progress()

    def advance(self, n: int) -> None:
        """Move the bar."""
        if self.bar is not None:
            self.bar.update(n)

    def refused(self, refusals: Iterable[tuple[str, str, str]]) -> None:
        """Name pictures that were refused: (image, code, message)."""
        for image, code, message in refusals:
            self.error(f"{image}: {code}: {message}")

    def error(self, message: str) -> None:
        """Say what went wrong."""
        self._clear()
        say(message)

    def note(self, message: str) -> None:
        """Say something that is good to know."""
        if not self.quiet:
            self._clear()
            say(message)

    def finish(self) -> None:
        """Take the bar away."""
        self._clear()
        self.bar = None

    def _clear(self) -> None:
        if self.bar is not None:
            click.echo("\r\x1b[2K", nl=False, err=True)
