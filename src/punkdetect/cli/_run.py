"""The loop that `analyze` and `scan` share: items in, text out, every refusal named, every one counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from punkdetect.cli._say import Teller

if TYPE_CHECKING:
    from punkdetect.engines.local import Done
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
    from punkdetect.writers.output import Output

    run = _Run(teller, inputs)
    kept = f"; {target} was not touched" if target else ""
    with run.told(kept), Output(target) as output:
        output.write(form.header())
        run.follow(scan(analyzer, form, run, run.total, jobs), lambda done: output.write(done.text))
        output.write(form.footer())
    return run.finish(analyzer, target, summary)


def write_journaled(
    analyzer: Analyzer,
    inputs: Inputs,
    form: Format,
    target: Path,
    teller: Teller,
    *,
    key: str,
    jobs: int,
    places: Iterable[Path | str],
    force: bool,
    resume: bool = False,
    only: frozenset[str] = frozenset(),
) -> int:
    """Analyze pictures into a file whose journal lets a later scan go on from there.

    Parameters
    ----------
    analyzer, inputs, form, target, teller, jobs
        As in `write_reports`; records of `form` stand alone.
    key : str
        What decides, besides the analyzer, what records look like.
    places, force
        As in `stays_for_want_of_images`.
    resume : bool
        Go on from what an earlier scan did.
    only : frozenset of str
        Which pictures to do, of `new`, `changed` and `failed`; empty: those that need it.

    Returns
    -------
    int
        Exit code: 1 if the output names a refused picture.
    """
    from hashlib import blake2b

    from punkdetect.cli import EXIT_REFUSED
    from punkdetect.engines.local import CHANGED, KEPT, LEFT_OUT, NEW, Earlier, scan
    from punkdetect.journal import Journal

    header = form.header().encode()
    whole = blake2b("\n".join([analyzer.key, key, form.header()]).encode(), digest_size=16).hexdigest()
    converted = {name: getattr(form, name, None) for name in ("convert", "restore")}
    journal = Journal(target, whole, header, resume=resume or bool(only), must_fit=bool(only), **converted)
    run = _Run(teller, inputs)

    def put(done: Done) -> None:
        named = zip(done.names, done.fates, strict=True)
        order = [name if fate == KEPT else None for name, fate in named if fate != LEFT_OUT]
        journal.add(done.text, done.lengths, done.lines, order)
        run.tally.add(journal.earlier[name].status for name in order if name is not None)

    with run.told(", run again with --resume"):
        if not run.ahead and stays_for_want_of_images(places, target, teller, force=force):
            return EXIT_REFUSED
        with journal:
            if journal.stale:
                teller.note("made with another config, other detectors or options: everything is done again")
            if journal.remade:
                teller.note("the output no longer begins as scan wrote it: everything is done again")
            if journal.thrown_away:
                teller.note("an earlier scan did not come to its end: --resume would have gone on from there")
            earlier = Earlier(journal.earlier, only or frozenset({NEW, CHANGED})) if journal.goes_on else None
            run.follow(scan(analyzer, form, run, run.total, jobs, journaled=True, earlier=earlier), put)
    return run.finish(analyzer, target, summary=True)


def write_on_ray(
    analyzer: Analyzer, places: Sequence[str], target: str, teller: Teller, *, forced: bool, jobs: int | None
) -> int:
    """Analyze pictures with Ray Data into a folder of Parquet files.

    Parameters
    ----------
    analyzer, teller
        As in `write_reports`.
    places : sequence of str
        Paths and addresses of what is read.
    target : str
        Path or address of a new folder.
    forced : bool
        Take every picture for a grid of 24 cells.
    jobs : int or None
        Cores of this machine to use where no cluster is joined; None: all.

    Returns
    -------
    int
        Exit code: 1 if a picture was refused.
    """
    from punkdetect.engines.on_ray import scan_on_ray
    from punkdetect.pipeline import Tally

    started = time.monotonic()
    tally = Tally()
    with teller.told(lambda: f"{target} is not whole, if it is there: remove it before you run again"):
        tally.add(scan_on_ray(places, target, analyzer, forced=forced, jobs=jobs))
    if not tally.total:
        teller.error(f"no images found in {', '.join(places)}")
    _summarize(teller, tally, target, time.monotonic() - started)
    _tell_forced(teller, analyzer)
    return tally.exit_code if tally.total else 1


class _Run:
    """One run over pictures: counts what comes in and what goes out, and says how it is going.

    Parameters
    ----------
    teller : Teller
    inputs : Inputs
    """

    def __init__(self, teller: Teller, inputs: Inputs) -> None:
        from punkdetect.pipeline import Tally

        self.teller = teller
        self.inputs = inputs
        self.started = time.monotonic()
        self.tally = Tally()
        self.n = 0
        self.items = iter(inputs.items)
        self.ahead: list[Item] = []

    @property
    def total(self) -> int | None:
        """How many pictures there are; None: nobody knows yet."""
        return self.inputs.total

    def __iter__(self) -> Iterator[Item]:
        """Pass the items on, and count them."""
        while self.ahead:
            self.n += 1
            yield self.ahead.pop()
        for item in self.items:
            self.n += 1
            yield item

    @contextmanager
    def told(self, kept: str) -> Iterator[None]:
        """Say how far it came if it is interrupted, and what becomes of that."""
        from itertools import islice

        def left() -> str:
            of = f" of {self.total}" if self.total else ""
            return f"{self.tally.total}{of} done{kept}"

        with self.teller.told(left):
            self.ahead += islice(self.items, 1)  # of a single sheet, the number of tiles is known now
            self.teller.start(self.total)
            yield
        self.teller.finish()

    def follow(self, blocks: Iterable[Done], put: Callable[[Done], None]) -> None:
        """Put blocks where they belong as they come."""
        from punkdetect.engines.local import KEPT, LEFT_OUT

        for done in blocks:
            put(done)
            self.tally.add(done.statuses)
            self.tally.kept += done.fates.count(KEPT)
            self.tally.left_out += done.fates.count(LEFT_OUT)
            self.teller.know(self.total)
            self.teller.advance(len(done.names))
            self.teller.refused(done.refusals)

    def finish(self, analyzer: Analyzer, target: Path | None, summary: bool) -> int:
        """Say what was done; return the exit code."""
        from punkdetect.cli import EXIT_REFUSED

        out = self.tally.total + self.tally.left_out
        assert out == self.n, f"{self.n} pictures came in and {out} rows went out"
        if summary:
            _summarize(self.teller, self.tally, target, time.monotonic() - self.started)
        _tell_forced(self.teller, analyzer)
        return self.tally.exit_code if self.n else EXIT_REFUSED


def _summarize(teller: Teller, tally: Tally, target: Path | str | None, seconds: float) -> None:
    from punkdetect.plural import counted

    refused = ", ".join(f"{n} {code}" for code, n in sorted(tally.refused.items()))
    parts = [f"{tally.done} of {counted(tally.total, 'picture')} done"]
    if refused:
        parts.append(f"refused: {refused}")
    if tally.kept:
        parts.append(f"{tally.kept} of them by an earlier scan")
    if tally.left_out:
        parts.append(f"{tally.left_out} left out")
    parts.append(f"in {seconds:.1f} s")
    if target:
        parts.append(f"written to {target}")
    teller.note(", ".join(parts))


def _tell_forced(teller: Teller, analyzer: Analyzer) -> None:
    """Say which traits are shown although they did not pass: nobody may take them for measured."""
    for heading in analyzer.headings:
        if heading.forced and heading.shown and heading.reason:
            teller.note(f"{heading.trait} is shown because the config forces it on ({heading.reason})")


def stays_for_want_of_images(
    places: Iterable[Path | str], target: Path | None, teller: Teller, *, force: bool
) -> bool:
    """Say that no images were found, and tell whether an output of earlier pictures stays for that.

    A folder that holds none is more likely the wrong one, or a disk that is not there, than a collection that
    is gone.

    Parameters
    ----------
    places : iterable of path
        Where images were looked for.
    target : Path or None
        As `check_output` returns it.
    teller : Teller
    force : bool
        Replace it all the same.
    """
    from punkdetect.writers.output import is_stream

    is_there = target is not None and not is_stream(target) and target.exists() and target.stat().st_size > 0
    stays = is_there and not force
    what = f"; {target} stays as it was (--force empties it)" if stays else ""
    teller.error(f"no images found in {', '.join(map(str, places))}{what}")
    return stays


def put(text: str | bytes, target: Path | None) -> None:
    """Write a whole text to a checked output, or to standard output."""
    from punkdetect.writers.output import Output

    with Output(target) as output:
        output.write(text)
