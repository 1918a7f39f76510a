"""Measures the grid: which portraits come back, what is refused, what it costs; prints one table.

    python benchmarks/grid.py                 # portraits drawn by the project
    python benchmarks/grid.py --data DIR      # real collections: DIR/bespoke, DIR/cryptopunks, DIR/ai_made

Times are the fastest of several turns, as ratios to decoding the same file with Pillow.
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from enlarged import BICUBIC, LANCZOS, WAYS, Rgba, flatten, frame, jpeg, resize  # noqa: E402
from not_punks import make_not_punks  # noqa: E402
from punkdetect.errors import NotAPunkError  # noqa: E402
from punkdetect.grid import Recovery, recover_grid  # noqa: E402
from punkdetect.images import read_picture  # noqa: E402
from punkdetect.synth import draw  # noqa: E402

NEAR = 10
"""Levels within which a cell counts as its original."""

TURNS = 15

MEMORY = """
import resource, numpy as np
from punkdetect.grid import recover_grid
from punkdetect.images import read_picture
import sys
data = sys.stdin.buffer.read()
recover_grid(read_picture(data).rgba)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


class Case(NamedTuple):
    """A picture and, where it is known, the portrait it was made from."""

    kind: str
    picture: Rgba
    portrait: Rgba | None


def read(path: Path) -> Rgba:
    """Decode a file as RGBA."""
    return np.asarray(Image.open(path).convert("RGBA"))


def recover(picture: Rgba) -> Recovery | None:
    """Return what is found; None if the picture is refused."""
    try:
        return recover_grid(picture)
    except NotAPunkError:
        return None


def read_portraits(data: Path | None) -> list[Rgba]:
    """Return 24x24 portraits, some of them see-through."""
    if data is None:
        return list(draw(150, seed=24).rgba)
    sheet = read(next((data / "cryptopunks").glob("*.png")))
    tiles = sheet.reshape(-1, 24, sheet.shape[1] // 24, 24, 4).swapaxes(1, 2).reshape(-1, 24, 24, 4)
    paths = sorted((data / "bespoke" / "images24").glob("*.png"))
    return [read(path) for path in paths] + [np.ascontiguousarray(tile) for tile in tiles[::83]]


def real_cases(data: Path) -> Iterator[Case]:
    """Yield the enlarged files that people have; cells that were drawn again are no fault of ours."""
    for folder in ("images512", "images256_blurred"):
        for path in sorted((data / "bespoke" / folder).glob("*.png")):
            yield Case(folder, read(path), read(data / "bespoke" / "images24" / path.name))


def made_cases(portraits: list[Rgba]) -> Iterator[Case]:
    """Yield portraits enlarged, smoothed, compressed and in borders."""
    for way, enlarge in WAYS.items():
        for portrait in portraits:
            shown = portrait if way.startswith("nearest") and "," not in way else flatten(portrait)
            yield Case(way, enlarge(shown), shown)
    for portrait in portraits[::6]:
        yield Case("nearest 3000", resize(portrait, 3000), portrait)
    rng = np.random.default_rng(24)
    for portrait in portraits:
        shown = flatten(portrait)
        for border in ("white", "coloured", "uneven", "of its own colour"):
            for way, large in (
                ("clean", resize(shown, 512)),
                ("20x, JPEG 75", resize(shown, 480)),
                ("bicubic", resize(shown, 512, BICUBIC)),
                ("Lanczos, JPEG 80", resize(shown, 512, LANCZOS)),
            ):
                widths = [round(len(large) * share) for share in rng.uniform(0.01, 0.2, 4)]
                color = (*rng.integers(0, 256, 3), 255)
                if border in ("white", "of its own colour"):
                    color = (255, 255, 255, 255) if border == "white" else tuple(shown[0, 0])
                framed = frame(large, widths if border == "uneven" else widths[0], color)
                if "JPEG" in way:
                    framed = jpeg(framed, int(way[-2:]))
                yield Case(f"border, {border}: {way}", framed, shown)


def print_recovered(cases: Iterable[Case]) -> None:
    """Print how many portraits come back, kind by kind."""
    print(f"| {'portraits':<43} |    n | refused | cells within {NEAR} | wholly | least fit |")
    print(f"|{'-' * 45}|-----:|--------:|----------------:|-------:|----------:|")
    rows: dict[str, list[tuple[float, int] | None]] = {}
    for case in cases:
        found = recover(case.picture)
        rows.setdefault(case.kind, []).append(None if found is None else (found.fit, missed(found, case)))
    for kind, results in rows.items():
        good = [result for result in results if result is not None]
        share = 1 - sum(wrong for _, wrong in good) / (576 * max(1, len(good)))
        print(
            f"| {kind:<43} | {len(results):4} | {len(results) - len(good):7} | {share:15.5f} "
            f"| {sum(wrong == 0 for _, wrong in good):6} | {min(fit for fit, _ in good):9.2f} |"
        )
    results = [result for kind in rows.values() for result in kind]
    print(f"\nrefused of all portraits: {sum(r is None for r in results)} of {len(results)}")


def missed(found: Recovery, case: Case) -> int:
    """Return how many cells are another colour than in the portrait; hidden colours do not count."""
    assert case.portrait is not None
    pair = [np.where(p[..., 3:] == 0, 0, p).astype(int) for p in (found.rgba, case.portrait)]
    wrong = np.abs(pair[0] - pair[1]).max(axis=-1) > NEAR
    if case.kind.startswith("images"):
        middle = ((np.arange(24) + 0.5) * len(case.picture) / 24).astype(int)
        drawn_again = np.abs(case.picture[middle][:, middle].astype(int) - pair[1]).max(axis=-1) > NEAR
        wrong &= ~drawn_again
    return int(wrong.sum())


def print_model_made(folder: Path) -> None:
    """Print what comes of pictures that an image model made."""
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        grids = {row["image"]: row["grid"] for row in csv.DictReader(file)}
    for grid in sorted(set(grids.values())):
        names = [name for name, value in grids.items() if value == grid]
        away = []
        for name in names:
            picture = read(folder / "images" / f"{name}.png")
            found = recover(picture)
            if found is not None:
                middle = ((np.arange(24) + 0.5) * len(picture) / 24).astype(int)
                apart = np.abs(picture[middle][:, middle].astype(int) - found.rgba).max(axis=-1)
                away.append(float(np.median(apart)))
        print(
            f"made by an image model, grid {grid}: {len(away)} of {len(names)} recovered without force; "
            f"median cell centre at most {max(away, default=0.0):.1f}/255 away"
        )


def print_refused(portraits: list[Rgba]) -> None:
    """Print how many of 300 other pictures are taken for portraits."""
    pictures = make_not_punks([flatten(portrait) for portrait in portraits])
    taken = [f"{p.kind} ({p.name})" for p in pictures if recover(p.rgba) is not None]
    print(f"taken for portraits: {len(taken)} of {len(pictures)} other pictures {taken or ''}")


def fastest(function: Callable[[], object]) -> float:
    """Return the milliseconds of the fastest turn."""
    best = np.inf
    for _ in range(TURNS):
        begun = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - begun)
    return best * 1e3


def as_png(rgba: Rgba) -> bytes:
    """Encode a picture."""
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    return file.getvalue()


def print_costs(portraits: list[Rgba], data: Path | None) -> None:
    """Print what reading and recovering cost, against decoding alone, and memory for the largest picture."""
    shown = flatten(portraits[5])
    files = {name: as_png(WAYS[name](shown)) for name in ("nearest 512", "20x, JPEG 75", "bicubic 512")}
    if data is not None:
        files["images512"] = sorted((data / "bespoke" / "images512").glob("*.png"))[5].read_bytes()
        files["made by a model"] = sorted((data / "ai_made" / "images").glob("*.png"))[9].read_bytes()
    for name, content in files.items():
        decode = fastest(lambda content=content: Image.open(io.BytesIO(content)).load())
        whole = fastest(lambda content=content: recover(read_picture(content).rgba))
        print(f"cost, {name}: {whole:.1f} ms, {whole / decode:.1f} times decoding with Pillow")
    for name, large in (
        ("clean", resize(shown, 4096)),
        ("bicubic in a border", frame(resize(shown, 3496, BICUBIC), 300)),
    ):
        done = subprocess.run(  # noqa: S603  (this very interpreter)
            [sys.executable, "-c", MEMORY], input=as_png(large), capture_output=True, check=True
        )
        print(f"memory, 4096x4096 {name}: {int(done.stdout)} MiB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with the portraits of real collections")
    data: Path | None = parser.parse_args().data
    portraits = read_portraits(data)
    real = real_cases(data) if data is not None else iter(())
    print_recovered(case for cases in (real, made_cases(portraits)) for case in cases)
    if data is not None:
        print_model_made(data / "ai_made")
    print_refused(portraits)
    print_costs(portraits, data)


if __name__ == "__main__":
    main()
