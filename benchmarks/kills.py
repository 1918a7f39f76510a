"""Kills a scan at random moments, goes on with --resume, and holds the output against an undisturbed scan.

    python benchmarks/kills.py                    # 50 kills of scans of 5,000 drawn portraits
    python benchmarks/kills.py -n 1000 --kills 10 --format parquet

Ends with code 1 if any output differs, or if a kill left anything but the old output, or none, in its place.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from punkdetect.images import encode_png
from punkdetect.synth import draw

SEED = 24
DRAWN = 500
"""Different portraits; the folder holds each of them several times."""

PER_SCAN = 5
"""Kills of one scan, one after the other, before it is let come to its end."""


def start(folder: Path, output: Path) -> subprocess.Popen[bytes]:
    """Start a scan that goes on from whatever is there."""
    command = [sys.executable, "-m", "punkdetect", "scan", folder, "-o", output, "--all", "-q", "--resume"]
    return subprocess.Popen(list(map(str, command)))  # noqa: S603 our own words


def main() -> int:
    """Kill, go on, compare; return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=5000, metavar="N", help="portraits (5000)")
    parser.add_argument("--kills", type=int, default=50, metavar="K", help="kills altogether (50)")
    parser.add_argument("--format", default="csv", choices=["csv", "jsonl", "parquet"])
    given = parser.parse_args()
    rng = random.Random(SEED)  # noqa: S311 moments, not secrets
    files = [encode_png(portrait) for portrait in draw(DRAWN, SEED).rgba]
    kills = wrong = scans = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "portraits"
        folder.mkdir()
        for i in range(given.n):
            (folder / f"punk_{i:06d}.png").write_bytes(files[i % len(files)])
        whole = Path(name) / f"whole.{given.format}"
        begun = time.monotonic()
        start(folder, whole).wait()
        took = time.monotonic() - begun
        expected = whole.read_bytes()
        while kills < given.kills:
            output = Path(name) / f"scan_{scans}.{given.format}"
            for _ in range(min(PER_SCAN, given.kills - kills)):
                process = start(folder, output)
                time.sleep(rng.uniform(0.05, took / 2))
                process.kill()
                kills += process.wait() == -signal.SIGKILL
                wrong += output.exists() and output.read_bytes() != expected
            start(folder, output).wait()
            wrong += output.read_bytes() != expected
            scans += 1
            print(f"{kills} kills, {scans} scans brought to their end, {wrong} wrong", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
