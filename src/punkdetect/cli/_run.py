"""The loop that `analyze` and `scan` share: items in, text out, every refusal named, every one counted."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from punkdetect.cli._say import Teller, say

if TYPE_CHECKING:
    from punkdetect.inputs import Item
    from punkdetect.pipeline import Analyzer, Tally
    from punkdetect.reports import Reports
    from punkdetect.writers import Format


def write_reports(
    analyzer: Analyzer,
    items: Iterable[Item],
    total: int,
    form: Format,
    target: Path | None,
    *,
    quiet: bool,
    summary: bool,
) -> int:
    """Analyze `items` and write what is said of them.

    Parameters
    ----------
    analyzer : Analyzer
    items : iterable of Item
    total : int
        How many there are.
    form : Format
    target : Path or None
        As `check_output` returns it; None: standard output.
    quiet, summary : bool
        Whether to say only what went wrong; whether to end with a summary.

    Returns
    -------
    int
        Exit code: 1 if a picture was refused.
    """
    from punkdetect.pipeline import Tally
    from punkdetect.writers.output import Output

    started = time.monotonic()
    tally = Tally()
    teller = Teller(total, quiet)
    try:
        with Output(target) as output:
            output.write(form.header())
            for reports in analyzer.run(items):
                output.write("".join(form.records(reports)))
                tally.add(reports)
                teller.advance(len(reports))
                teller.refused(_refusals(reports))
            output.write(form.footer())
    except KeyboardInterrupt:
        teller.finish()
        kept = f"; {target} was not touched" if target else ""
        say(f"interrupted: {tally.total} of {total} done{kept}")
        raise
    teller.finish()
    assert tally.total == total, f"{total} pictures came in and {tally.total} rows went out"
    if summary:
        _summarize(teller, tally, target, time.monotonic() - started)
    _tell_forced(teller, analyzer)
    return tally.exit_code


def _refusals(reports: Reports) -> list[tuple[str, str, str]]:
    if all(status == "ok" for status in reports.statuses):
        return []
    rows = zip(reports.images, reports.statuses, reports.messages, strict=True)
    return [row for row in rows if row[1] != "ok"]


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
