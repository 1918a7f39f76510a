"""Take the pictures of the pages that the docs show, in a real browser, from the demo portraits.

    scripts/screenshots [NAME...]

Needs Chromium and its driver (Debian: `apt-get install chromium chromium-driver`).
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import Browser, open_browser, why_no_browser  # noqa: E402

DEMO = ROOT / "data" / "demo"
PICTURES = ROOT / "docs" / "pictures"
COLORS = 128
"""Colours of a screenshot: pages are nearly flat, and a palette makes the file a third."""


def main() -> None:
    """Take all pictures, or those that are named."""
    if why := why_no_browser():
        sys.exit(why)
    named = sys.argv[1:] or list(SHOTS)
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        for name in named:
            browser.prefer("light")
            browser.resize(1200, 720, 1.5)
            SHOTS[name](browser, Path(folder))


def take(browser: Browser, name: str) -> None:
    """Save what is seen."""
    from PIL import Image

    browser.settle()
    picture = Image.open(BytesIO(browser.picture())).convert("RGB")
    small = picture.quantize(COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}.png", optimize=True)


def shoot_report(browser: Browser, folder: Path) -> None:
    """Take the report: one portrait open, light; the charts, dark; and a phone."""
    page = folder / "report.html"
    punkdetect("report", "--images", DEMO, "--title", "Forty-two demo portraits", "-o", page)
    browser.open(page)
    browser.click("[data-trait=expression][data-value=smile]")
    browser.click("#card-0")
    browser.hover("#answers [data-trait=expression]")
    take(browser, "report")
    browser.prefer("dark")
    browser.click("[data-trait=expression][data-value=smile]")
    browser.click("[data-view=charts]")
    browser.hover("#search")
    take(browser, "report_charts")


def punkdetect(*args: str | Path) -> None:
    """Run the command."""
    from punkdetect.cli import run

    code = run([*map(str, args), "--quiet"])
    if code:
        sys.exit(code)


def decide(browser: Browser, trait: str, n: int) -> None:
    """Press the key of what the label file says of the portrait that is shown, the n-th of this trait."""
    name = Path(browser.text("#name")).stem
    with (ROOT / "data" / "validation_labels.csv").open(newline="", encoding="utf-8") as file:
        words = next(row[trait] for row in csv.DictReader(file) if row["image"] == name).split("|")
    browser.click(f".value[data-value='{words[0]}']")
    browser.wait(f"question().progress.labelled === {n}")


def shoot_review(browser: Browser, folder: Path) -> None:
    """Take the review after a few decisions: light, and a trait with many values in the dark."""
    command = [sys.executable, "-m", "punkdetect", "review", "--images", DEMO, "--who", "ann", "--no-open"]
    with subprocess.Popen([*command, "--quiet"], cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        browser.open(server.stdout.readline().strip())
        browser.click("[data-trait=earrings]")
        for n in range(1, 8):
            decide(browser, "earrings", n)
        take(browser, "review")
        browser.prefer("dark")
        browser.click("[data-trait=headwear]")
        for n in range(1, 4):
            decide(browser, "headwear", n)
        take(browser, "review_dark")
        browser.click("#finish")


MISTAKES = (("smile", "frown"), ("hoop earrings", "stud earrings"), ("wearing glasses", "without glasses"),
            ("wearing sunglasses, ", ""), ("light skin", "dark skin"), ("drop earrings, ", ""))  # fmt: skip
"""What the captions of the audit's picture get wrong: what is right, and what they say instead."""


def shoot_audit(browser: Browser, folder: Path) -> None:
    """Take the audit of captions of which every third has a mistake."""
    punkdetect("caption", DEMO, "-o", folder / "words")
    for i, path in enumerate(sorted((folder / "words").glob("*.txt"))):
        text = path.read_text()
        for right, wrong in MISTAKES[i % 3 :: 3]:
            text = text.replace(right, wrong)
        path.write_text(text)
    punkdetect("audit", DEMO, "--words", folder / "words", "-o", folder / "audit.html")
    browser.open(folder / "audit.html")
    take(browser, "audit")


SHOTS = {"report": shoot_report, "review": shoot_review, "audit": shoot_audit}


if __name__ == "__main__":
    main()
