"""The audit's page in a real browser: what is seen, filters, hostile names and words, no requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser import Browser
from fakes import CornerDetector, run_command, use_detectors, write_portrait
from test_report import ODD, page_data

HOSTILE = (
    "neutral expression </script><script>window.hit=1</script><img src=x onerror=window.hit=1>, stud earring"
)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An audit of smiling portraits of odd names, whose captions say that they do not smile, and more."""
    use_detectors(monkeypatch, CornerDetector(), CornerDetector(trait="earrings"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits:\n"
        "  expression: {detector: expression.corner, show: always}\n"
        "  earrings: {detector: earrings.corner, show: always}\n"
    )
    names = [f"{i}.png" for i in range(120)] + [name for name in ODD if "/" not in name]
    for name in names:
        write_portrait(tmp_path / "c" / name, red=1)
        (tmp_path / "c" / name).with_suffix(".txt").write_text(HOSTILE)
    (tmp_path / "c" / "0.txt").write_text("smile")
    (tmp_path / "c" / "1.txt").write_text("a stud earring")
    (tmp_path / "c" / "lone.png").write_bytes((tmp_path / "c" / "0.png").read_bytes())
    result = run_command("audit", "c", "-o", "audit.html", "-q")
    assert (result.code, result.err) == (0, "")
    return tmp_path / "audit.html"


def test_the_page_holds_every_finding_and_only_text(page: Path) -> None:
    data = page_data(page.read_text())
    kinds = [finding["kind"] for finding in data["findings"]]
    assert (kinds.count("not_mentioned"), kinds.count("left_out")) == (1, 1)
    assert kinds.count("contradicted") == 118 + sum("/" not in name for name in ODD)
    assert data["unaudited"] == [["lone.png", "no_words", ""]]
    assert "</script><script>" not in page.read_text()


def test_an_earlier_page_is_replaced_and_no_other_file(page: Path) -> None:
    assert run_command("audit", "c", "-o", page).code == 0
    page.write_text("<!doctype html>mine")
    assert run_command("audit", "c", "-o", page).code == 2


def test_findings_are_seen_filtered_and_ask_nobody_for_anything(page: Path, browser: Browser) -> None:
    browser.resize(1280, 800)
    browser.open(page)
    cards = "return document.querySelectorAll('.card').length"
    assert browser.run(cards) == 100
    browser.click("#more")
    assert browser.run(cards) > 100
    second = browser.text(".card:nth-child(2)")
    assert "neutral \u201cneutral expression\u201d" in second
    assert "smile" in second
    for kind, n, said in (("not_mentioned", 1, "0.png"), ("left_out", 1, "1.png")):
        choose = "const s = document.getElementById('kind'); s.value = arguments[0];"
        browser.run(choose + "s.dispatchEvent(new Event('change'))", kind)
        assert browser.run(cards) == n
        assert said in browser.text(".card")
        assert "not mentioned" in browser.text(".card")
    assert "1 of the pictures and words" in browser.text("#unaudited summary")
    assert browser.run("return window.hit") is None
    assert [url for url in browser.requests() if not url.startswith(("file:", "data:"))] == []
    assert browser.complaints() == []
