"""Pages of docs/ with a part that a script writes: between two marks, so that nobody types a figure there."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def renew_part(page: Path, mark: str, text: str) -> None:
    """Replace what stands between `<!-- mark: begin -->` and `<!-- mark: end -->`.

    Raises
    ------
    SystemExit
        If the page has no such marks.
    """
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{page} has no marks {begin} and {end}")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
