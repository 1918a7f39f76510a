"""Measures what waits cost: start-up, scans, growth, every landmark and detector, as ratios within one run.

    python benchmarks/run.py                    # prints the tables and writes them into docs
    python benchmarks/run.py --print-only -n 1000

Portraits are drawn by the project itself. The two sides of a ratio are measured in turns, and of each the
fastest turn counts: what else the machine does only ever adds time.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from punkdetect.config import find_config, read_config
from punkdetect.detectors import load_registry
from punkdetect.engines.workers import count_cores
from punkdetect.images import encode_png
from punkdetect.inputs import find_inputs
from punkdetect.landmarks import Landmarks
from punkdetect.pipeline import BLOCK, Intake, open_analyzer
from punkdetect.punks import SIDE, Punks
from punkdetect.synth import draw
from punkdetect.writers.csv_format import CsvFormat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from marked_page import renew_part  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
SCALE_PAGE = ROOT / "docs" / "scale.md"
MARK = "benchmarks"

SEED = 24
DRAWN = 1000
"""Different portraits; larger folders hold each of them several times."""

HUNDRED_MILLION = 100_000_000

COLUMNS = 50
"""Portraits in a row of the sheet."""

BARE_IMPORTS = "import click, numpy, PIL.PngImagePlugin"
"""What one `analyze` cannot do without."""

DECODE = """
import sys, time
from pathlib import Path
import numpy
from PIL import Image
paths = sorted(Path(sys.argv[1]).iterdir())
begun = time.perf_counter()
for path in paths:
    with Image.open(path) as picture:
        numpy.asarray(picture.convert("RGBA"))
print(time.perf_counter() - begun)
"""
"""Decodes a folder with Pillow in one loop, and prints how long the loop alone took."""


RULES = {
    "headwear": "headwear.edge_and_shape",
    "facial_hair": "facial_hair.cover",
    "hair_length": "hair_length.lowest_row",
    "hair_color": "hair_color.cielab",
    "neckwear": "neckwear.line",
    "type": "type.lips_and_chin",
    "eyewear": "eyewear.frames",
    "mouth_item": "mouth_item.leaves_the_mouth",
    "earrings": "earrings.lone_pixels",
}
"""What answers in place of the learned detectors; hairstyle has no rule and is left out."""


class Ratio(NamedTuple):
    """One line of the table of ratios: seconds of what is measured and of what it is held against."""

    what: str
    against: str
    seconds: float
    base: float

    @property
    def value(self) -> float:
        """How many times as long it takes."""
        return self.seconds / self.base


class Growth(NamedTuple):
    """A scan of so many portraits: its time, start-up included, and what memory it took."""

    n: int
    seconds: float
    largest: float
    together: float

    @property
    def microseconds(self) -> float:
        """Of each portrait."""
        return self.seconds / self.n * 1e6


class Cost(NamedTuple):
    """Microseconds a portrait of one step."""

    step: str
    name: str
    microseconds: float


def seconds_of(work: Callable[[], object]) -> float:
    """Wall-clock time of one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def fastest(turns: int, *works: Callable[[], float]) -> list[float]:
    """Let each work take its turn so many times; the least of what each returns."""
    took = [[work() for work in works] for _ in range(turns)]
    return [min(column) for column in zip(*took, strict=True)]


def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Python and return what it printed."""
    command = [sys.executable, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 our own words


def decode_seconds(folder: Path) -> float:
    """How long Pillow needs for a folder, in a process of its own, start-up not counted."""
    return float(run("-c", DECODE, folder).stdout)


def scan_seconds(*args: str | Path) -> float:
    """How long the whole command takes, start-up and writing included."""
    return seconds_of(lambda: run("-m", "punkdetect", "scan", *args, "--all", "--quiet", "--force"))


def write_portraits(folder: Path, rgba: np.ndarray, n: int) -> Path:
    """Write n portraits as files, the drawn ones over and over."""
    folder.mkdir()
    files = [encode_png(portrait) for portrait in rgba]
    for i in range(n):
        (folder / f"punk_{i:06d}.png").write_bytes(files[i % len(files)])
    return folder


def write_sheet(path: Path, rgba: np.ndarray, n: int) -> Path:
    """Write n portraits, whole rows of them, as one sheet, the drawn ones over and over."""
    tiles = rgba[np.arange(-(-n // COLUMNS) * COLUMNS) % len(rgba)]
    rows = tiles.reshape(-1, COLUMNS, SIDE, SIDE, 4).transpose(0, 2, 1, 3, 4)
    path.write_bytes(encode_png(np.ascontiguousarray(rows.reshape(-1, COLUMNS * SIDE, 4))))
    return path


def write_rules(path: Path) -> Path:
    """Write a config with a rule for every trait that has one."""
    traits = read_config(find_config(None)).traits
    chosen = {t: RULES.get(t, setting.detector) for t, setting in traits.items() if t != "hairstyle"}
    lines = [f"  {trait}: {{detector: {detector}}}" for trait, detector in chosen.items()]
    path.write_text("threshold: 0.7\ntraits:\n" + "\n".join(lines) + "\n")
    return path


def measure_ratios(folder: Path, rgba: np.ndarray, sizes: Sequence[int], turns: int) -> Iterator[Ratio]:
    """Start-up, scans of folders, and a scan of a sheet."""
    one = write_portraits(folder / "one", rgba, 1) / "punk_000000.png"
    analyze, bare = fastest(
        turns,
        lambda: seconds_of(lambda: run("-m", "punkdetect", "analyze", one)),
        lambda: seconds_of(lambda: run("-c", BARE_IMPORTS)),
    )
    yield Ratio("one `analyze`", f'`python -c "{BARE_IMPORTS}"`', analyze, bare)
    rules = write_rules(folder / "rules.yaml")
    learned, ruled = fastest(
        turns,
        lambda: seconds_of(lambda: run("-m", "punkdetect", "analyze", one, "--all")),
        lambda: seconds_of(lambda: run("-m", "punkdetect", "analyze", one, "--all", "--config", rules)),
    )
    yield Ratio("one `analyze`", "the same with rules alone, no models", learned, ruled)
    table = folder / "traits.csv"
    for n in sizes:
        files = write_portraits(folder / f"files_{n}", rgba, n)
        sheet = write_sheet(folder / f"sheet_{n}.png", rgba, n)
        scan, decode, from_sheet, by_rules = fastest(
            turns,
            partial(scan_seconds, files, "-o", table),
            partial(decode_seconds, files),
            partial(scan_seconds, sheet, "--tile", "24", "-o", table),
            partial(scan_seconds, files, "-o", table, "--config", rules),
        )
        yield Ratio(f"`scan` of {n:,} files, all traits, CSV", "decoding them with Pillow", scan, decode)
        yield Ratio(f"`scan` of a sheet of {n:,}", "`scan` of the same as files", from_sheet, scan)
        yield Ratio(f"`scan` of {n:,} files", "the same with rules alone, no models", scan, by_rules)
    files = write_portraits(folder / "files", rgba, len(rgba))
    from_files, one_job, two_jobs, parquet = fastest(
        turns,
        lambda: scan_seconds(files, "-o", table),
        lambda: scan_seconds(files, "-o", table, "--jobs", "1"),
        lambda: scan_seconds(files, "-o", table, "--jobs", "2"),
        lambda: scan_seconds(files, "-o", folder / "traits.parquet"),
    )
    n = f"{len(rgba):,}"
    yield Ratio(f"`scan` of {n} files, 2 processes", "1 process", two_jobs, one_job)
    yield Ratio(f"`scan` of {n} files, Parquet", "CSV", parquet, from_files)


def measure_growth(folder: Path, rgba: np.ndarray, sizes: Sequence[int]) -> Iterator[Growth]:
    """Watch scans of ever larger folders from outside."""
    for n in sizes:
        files = folder / f"grown_{n}"
        write_portraits(files, rgba, n)
        command = [sys.executable, "-m", "punkdetect", "scan", files, "-o", folder / "grown.csv"]
        begun = time.perf_counter()
        process = subprocess.Popen([*map(str, command), "--all", "--quiet", "--force"])  # noqa: S603 our own words
        largest = together = 0.0
        while process.poll() is None:
            pids = [process.pid, *_children(process.pid)]
            largest = max(largest, *(_memory(pid, "status", "VmRSS:") for pid in pids))
            together = max(together, sum(_memory(pid, "smaps_rollup", "Pss:") for pid in pids))
            time.sleep(0.05)
        yield Growth(n, time.perf_counter() - begun, largest, together)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _memory(pid: int, name: str, key: str) -> float:
    """One figure of a process's memory in MiB; 0 where the system does not tell, or it has ended."""
    try:
        lines = Path(f"/proc/{pid}/{name}").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(key)), 0.0)


def measure_costs(folder: Path, rgba: np.ndarray, turns: int) -> Iterator[Cost]:
    """Each step of a scan by itself: reading, landmarks, detectors, writing."""
    files = sorted((folder / "files").iterdir())[:BLOCK]
    punks = Punks(np.ascontiguousarray(rgba[:BLOCK]))
    micro = 1e6 / len(punks)

    def load() -> None:
        intake = Intake()
        for item in find_inputs(files).items:
            intake.read(item)
        intake.loaded()

    yield Cost("reading", "files to pixels", micro * fastest(turns, lambda: seconds_of(load))[0])

    names = [name for name, kind in vars(Landmarks).items() if isinstance(kind, cached_property)]
    least = dict.fromkeys(names, float("inf"))
    for _ in range(turns):
        marks = Landmarks(punks)
        for name in _in_order(names):
            least[name] = min(least[name], seconds_of(partial(getattr, marks, name)))
    yield from (Cost("landmark", name, micro * seconds) for name, seconds in least.items())

    for name, seconds in _detector_seconds(punks, marks, turns).items():
        yield Cost("detector", name, micro * seconds)

    analyzer = open_analyzer(everything=True)
    reports = next(iter(analyzer.run(find_inputs(files).items)))
    form = CsvFormat(reports.headings)
    yield Cost("writing", "CSV", micro * fastest(turns, lambda: seconds_of(lambda: form.records(reports)))[0])


def _detector_seconds(punks: Punks, marks: Landmarks, turns: int) -> dict[str, float]:
    """Return how long each detector that answers a trait takes for a block, in the order of a scan.

    What several of them ask for is found for the first one; the networks, which most of them ask, are run
    before all.
    """
    registry = load_registry().detectors
    networks = next(d for name, d in registry.items() if name.endswith(".network"))
    traits = read_config(find_config(None)).traits.values()
    steps = {"the networks, for all traits": networks, **{t.detector: registry[t.detector] for t in traits}}
    least = dict.fromkeys(steps, float("inf"))
    for _ in range(turns):
        fresh = copy(marks)  # what was found is kept with the landmarks it was found in
        for name, detector in steps.items():
            least[name] = min(least[name], seconds_of(partial(detector.detect, punks, fresh)))
    return least


def _in_order(names: Sequence[str]) -> list[str]:
    """Landmarks so that each comes after those it needs: the time of one is its own."""
    order: list[str] = []

    class Watched(Landmarks):
        pass

    def watch(name: str) -> cached_property[object]:
        inner = vars(Landmarks)[name].func

        def find(marks: Landmarks) -> object:
            found = inner(marks)
            order.append(name)  # what it needs was found, and noted, before
            return found

        watched: cached_property[object] = cached_property(find)
        watched.__set_name__(Watched, name)
        return watched

    for name in names:
        setattr(Watched, name, watch(name))
    marks = Watched(Punks(draw(1, SEED).rgba))
    for name in names:
        getattr(marks, name)
    return order


def render(ratios: Sequence[Ratio], growth: Sequence[Growth], costs: Sequence[Cost]) -> str:
    """Return the tables as Markdown."""
    lines = ["| what | against | seconds | against seconds | ratio |", "|---|---|---|---|---|"]
    lines += [
        f"| {r.what} | {r.against} | {r.seconds:.3f} | {r.base:.3f} | **{r.value:.2f}** |" for r in ratios
    ]
    lines += [
        "",
        "| files | µs a portrait | largest process, MiB | all processes together, MiB |",
        "|---|---|---|---|",
        *(f"| {g.n:,} | {g.microseconds:.0f} | {g.largest:.0f} | {g.together:.0f} |" for g in growth),
    ]
    lines += ["", "| step | | µs a portrait |", "|---|---|---|"]
    kinds = {kind: [c for c in costs if c.step == kind] for kind in dict.fromkeys(c.step for c in costs)}
    for kind, some in kinds.items():
        lines += [
            f"| {kind} | {c.name} | {c.microseconds:.1f} |"
            for c in sorted(some, key=lambda c: -c.microseconds)
        ]
        if len(some) > 1:
            lines.append(f"| **all {kind}s** | | **{sum(c.microseconds for c in some):.1f}** |")
    return "\n".join(lines)


def render_scale(growth: Sequence[Growth]) -> str:
    """Return what a hundred million portraits cost by the rate of the largest scan, as Markdown."""
    largest = growth[-1]
    cores = count_cores()
    hours = largest.microseconds * HUNDRED_MILLION / 1e6 / 3600
    return (
        f"A machine of {cores} cores scanned {largest.n:,} files, all traits, at "
        f"{1e6 / largest.microseconds:,.0f} portraits a second. At that rate a hundred million take it\n"
        f"{hours:.0f} hours, which are **{hours * cores:.0f} core-hours**: {hours * cores / 64:.1f} hours of "
        "64 cores, in one machine or in eight nodes."
    )


def write_page(tables: str) -> None:
    """Put the tables into the page, between its two marks."""
    import PIL

    versions = f"Python {platform.python_version()}, numpy {np.__version__}, Pillow {PIL.__version__}"
    renew_part(PAGE, MARK, f"{versions}, {count_cores()} cores.\n\n{tables}")


def main() -> None:
    """Measure, print, and write the page."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "-n", type=int, action="append", metavar="N", help="files to scan; repeatable (1000, 10000)"
    )
    parser.add_argument(
        "--grow",
        type=int,
        action="append",
        metavar="N",
        help="files of the scans whose growth is measured, once each; repeatable (1000, 10000, 100000)",
    )
    parser.add_argument(
        "--turns", type=int, default=7, metavar="K", help="turns of which the fastest counts (7)"
    )
    parser.add_argument("--print-only", action="store_true", help=f"leave {PAGE.relative_to(ROOT)} as it is")
    given = parser.parse_args()
    rgba = draw(DRAWN, SEED).rgba
    with tempfile.TemporaryDirectory() as name:
        ratios = list(measure_ratios(Path(name), rgba, given.n or [1000, 10000], given.turns))
        growth = list(measure_growth(Path(name), rgba, given.grow or [1000, 10000, 100000]))
        costs = list(measure_costs(Path(name), rgba, given.turns))
    tables = render(ratios, growth, costs)
    print(tables)
    print(render_scale(growth))
    if not given.print_only:
        write_page(tables)
        renew_part(SCALE_PAGE, MARK, render_scale(growth))


if __name__ == "__main__":
    main()
