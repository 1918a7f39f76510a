"""Renew what the README shows: the output of its own examples, and its pictures.

    scripts/readme [--check]

Every line `$ command` inside a `console` block is run in a folder with the checkout's `data` and `configs`,
and what it prints is written under it. `--check` writes nothing and fails when the page is not current.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "README.md"
BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)


def main() -> None:
    """Run the examples and rewrite, or check, the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    old = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("data", "configs"):
            (Path(folder) / name).symlink_to(ROOT / name)
        new = BLOCK.sub(lambda match: match[1] + run_examples(match[2], Path(folder)) + match[3], old)
    if check:
        sys.exit(0 if new == old else "README.md is not current: run scripts/readme")
    PAGE.write_text(new, encoding="utf-8")
    draw_pictures()


def run_examples(block: str, folder: Path) -> str:
    """Return the block's commands, each followed by what it prints on stdout."""
    lines = []
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        done = subprocess.run(
            ["/bin/sh", "-c", line[2:]],
            cwd=folder,
            env={**os.environ, "PATH": scripts},
            capture_output=True,
            text=True,
            check=True,
        )
        lines += [line, *done.stdout.splitlines()]
    return "\n".join(lines) + "\n"


def draw_pictures() -> None:
    """Draw the README's two pictures from the demo portraits."""
    import numpy as np
    from PIL import Image

    demo = sorted((ROOT / "data" / "demo").glob("*.png"))
    columns, scale, gap = 14, 4, 2
    rows = -(-len(demo) // columns)
    side = 24 * scale + gap
    sheet = np.zeros((rows * side - gap, columns * side - gap, 4), np.uint8)
    for i, path in enumerate(demo):
        row, col = divmod(i, columns)
        rgba = np.asarray(Image.open(path).convert("RGBA"))
        tile = rgba.repeat(scale, axis=0).repeat(scale, axis=1)
        sheet[row * side : row * side + 24 * scale, col * side : col * side + 24 * scale] = tile
    pictures = ROOT / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    Image.fromarray(sheet).save(pictures / "demo.png", optimize=True)
    subprocess.run(
        [
            sys.executable, "-m", "punkdetect", "explain", str(demo[0]),
            "-o", str(pictures / "explain.png"), "--force", "--quiet",
        ],
        check=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
