"""The loop that `analyze` and `scan` share: items in, text out, every refusal named, every one counted."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from punkdetect.cli._say import Teller, say

if TYPE_CHECKING:
    from punkdetect.inputs import Inputs, Item
    from punkdetect.pipeline import Analyzer, Tally
    from punkdetect.writers import Format


def write_reports(
    analyzer: Analyzer,
    inputs: Inputs,
    form: Format,
    target: Path | None,
    teller: Teller,
    *,
    summary: bool,
    jobs: int = 1,
) -> int:
    """Analyze pictures and write what is said of them.

    Parameters
    ----------
    analyzer : Analyzer
    inputs : Inputs
    form : Format
    target : Path or None
        As `check_output` returns it; None: standard output.
    teller : Teller
    summary : bool
        Whether to end with a summary.
    jobs : int
        Number of processes.

    Returns
    -------
    int
        Exit code: 1 if a picture was refused.
    """
    from punkdetect.engines.local import scan
    from punkdetect.pipeline import Tally
    from punkdetect.writers.output import Output

    started = time.monotonic()
    tally = Tally()
    counted = _Counted(inputs.items)
    teller.start(inputs.total)
    try:
        with Output(target) as output:
            output.write(form.header())
            for done in scan(analyzer, form, counted, inputs.total, jobs):
                output.write(done.text)
                tally.add(done.statuses)
                teller.advance(len(done.statuses))
                teller.refused(done.refusals)
            output.write(form.footer())
    except KeyboardInterrupt:
        teller.finish()
        kept = f"; {target} was not touched" if target else ""
        of = f" of {inputs.total}" if inputs.total else ""
        say(f"interrupted: {tally.total}{of} done{kept}")
        raise
    teller.finish()
    assert tally.total == counted.n, f"{counted.n} pictures came in and {tally.total} rows went out"
    if summary:
        _summarize(teller, tally, target, time.monotonic() - started)
    _tell_forced(teller, analyzer)
    return tally.exit_code


class _Counted:
    """Passes items on and counts them."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = items
        self.n = 0

    def __iter__(self) -> Iterator[Item]:
        for item in self.items:
            self.n += 1
            yield item


def _summarize(teller: Teller, tally: Tally, target: Path | None, seconds: float) -> None:
    refused = ", ".join(f"{n} {code}" for code, n in sorted(tally.refused.items()))
    where = f", written to {target}" if target else ""
    teller.note(
        f"{tally.done} of {tally.total} pictures done{f', refused: {refused}' if refused else ''}"
        f", in {seconds:.1f} s{where}"
    )


def _tell_forced(teller: Teller, analyzer: Analyzer) -> None:
    """Say which traits are shown although they did not pass: nobody may take them for measured."""
    for heading in analyzer.headings:
        if heading.forced and heading.shown and heading.reason:
            teller.note(f"{heading.trait} is shown because the config forces it on ({heading.reason})")


def put(text: str | bytes, target: Path | None) -> None:
    """Write a whole text to a checked output, or to standard output."""
    from punkdetect.writers.output import Output

    with Output(target) as output:
        output.write(text)
