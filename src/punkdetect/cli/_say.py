"""How commands speak to people: lines on standard error, names made safe, a progress bar on a terminal.

Knows click; knows nothing of pictures.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
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


class Told(KeyboardInterrupt):
    """Somebody interrupted, and knows already what that has left behind."""


def tell_interrupted(interrupt: BaseException) -> None:
    """Say that nothing was written, as outputs are put in place whole, unless something was told already."""
    # click has ended the line that a bar may stand on, and raised Abort in place of what it caught
    if not isinstance(interrupt.__cause__ or interrupt, Told):
        say("interrupted: nothing was written")


REMIND = 10.0
"""Seconds between two lines where there is no terminal to show a bar on."""


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
        self.total: int | None = None
        self.n = 0
        self.begun = self.reminded = 0.0

    def start(self, total: int | None) -> None:
        """Begin, with a bar on a terminal if it is known how many pictures there are."""
        self.begun = self.reminded = time.monotonic()
        self.know(total)

    def know(self, total: int | None) -> None:
        """Take note of how many pictures there are, which of several sheets is known when all were read."""
        if total == self.total:
            return
        self.total = total
        if not self.quiet and _on_terminal() and total is not None and total > 1:
            self.bar = click.progressbar(
                length=total,
                file=sys.stderr,
                label="pictures",
                show_pos=True,
                item_show_func=lambda pace: pace or "",
            )
            self.bar.update(self.n)
            self.bar.render_progress()

    def advance(self, n: int) -> None:
        """Move the bar; where there is none, say a line every so often."""
        self.n += n
        now = time.monotonic()
        pace = self.n / max(now - self.begun, 1e-3)
        if self.bar is not None:
            self.bar.update(n, f"{pace:,.0f} a second")
        elif not self.quiet and now - self.reminded >= REMIND:
            self.reminded = now
            of, left = "", ""
            if self.total is not None:
                of, left = f" of {self.total:,}", f", {_duration((self.total - self.n) / pace)} left"
            say(f"{self.n:,}{of} pictures, {pace:,.0f} a second{left}")

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

    @contextmanager
    def told(self, left: Callable[[], str]) -> Iterator[None]:
        """Say what is left behind, which `left` returns, if somebody interrupts."""
        try:
            yield
        except Told:
            raise
        except KeyboardInterrupt:
            self.finish()
            say(f"interrupted: {left()}")
            raise Told from None

    def _clear(self) -> None:
        if self.bar is not None:
            click.echo("\r\x1b[2K", nl=False, err=True)


def _on_terminal() -> bool:
    """Tell whether a person sees standard error, which may be closed."""
    return sys.stderr is not None and sys.stderr.isatty()


def _duration(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes / 60:.1f} h"
