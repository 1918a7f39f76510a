"""The report in a real browser: what a person sees and presses, with ten thousand portraits as well."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from browser import Browser
from fakes import portrait, run_command, write_portrait
from punkdetect.images import encode_png, read_picture
from test_report import ODD

MANY = 10_000
CARDS = "[...document.querySelectorAll('.card:not([hidden])')]"


@pytest.fixture(scope="module")
def demo(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the demo portraits, of odd names, and of a file that is no picture."""
    folder = tmp_path_factory.mktemp("demo")
    for path in sorted((repository / "data" / "demo").glob("*.png")):
        (folder / "in" / path.name).parent.mkdir(exist_ok=True)
        (folder / "in" / path.name).write_bytes(path.read_bytes())
    for i, name in enumerate((*ODD, "smörgås 🐧.png", "new\nline.png", "\udcff.png")):
        write_portrait(folder / "in" / name, red=i)
    (folder / "in" / "zz.png").write_text("no picture")
    assert run_command("scan", folder / "in", "--all", "-o", folder / "t.csv").code == 1
    options = ("--images", folder / "in", "-o", folder / "report.html")
    assert run_command("report", folder / "t.csv", *options).code == 0
    return folder / "report.html"


@pytest.fixture
def page(browser: Browser, demo: Path) -> Browser:
    """The report, just opened."""
    browser.resize(1280, 800)
    browser.prefer("light")
    browser.open(demo)
    return browser


def answers(page: Path) -> list[dict[str, str]]:
    """The rows of the table that a report was made of, without the refused one."""
    with (page.parent / "t.csv").open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["status"] == "ok"]


def names(browser: Browser) -> list[str]:
    """The names of the portraits that are seen, in their order."""
    found: list[str] = browser.run(
        f"return {CARDS}.sort((a, b) => a.ariaPosInSet - b.ariaPosInSet).map(card => card.title)"
    )
    return found


def pixels(browser: Browser, selector: str) -> np.ndarray:
    """The pixels of a canvas, uint8 (H, W, 4)."""
    shape = browser.run(
        "const c = document.querySelector(arguments[0]);"
        "return [c.height, c.width, [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]]",
        selector,
    )
    return np.array(shape[2], np.uint8).reshape(shape[0], shape[1], 4)


def colors(browser: Browser) -> list[str]:
    """The computed colours of paper and ink."""
    style = "getComputedStyle(document.body)"
    return list(browser.run(f"return [{style}.backgroundColor, {style}.color]"))


def test_nobody_is_asked_for_anything_and_nothing_is_complained_of(page: Browser, demo: Path) -> None:
    page.complaints()
    page.open(demo)
    page.click("[data-view=charts]")
    page.click("[data-view=errors]")
    page.click("[data-view=portraits]")
    asked = page.requests()
    assert asked[0] == demo.as_uri()
    assert all(address.startswith("data:image/png;base64,") for address in asked[1:])
    assert page.complaints() == []


def test_odd_names_are_shown_and_do_nothing(page: Browser) -> None:
    page.find("#search").send_keys("window.hit=1")
    page.wait("document.getElementById('count').textContent.startsWith('2 of')")
    assert sorted(names(page)) == sorted(ODD[:2])
    page.press("TAB")
    page.click("#card-0")
    assert page.text("#chosen") in ODD[:2]
    assert page.run("return window.hit") is None
    assert page.run("return document.querySelectorAll('img, b').length") == 0
    page.find("#search").clear()
    for text, name in (("new", "new\\nline.png"), ("udcff", "\\udcff.png"), ("smörgås", "smörgås 🐧.png")):
        page.run("document.getElementById('search').value = ''")
        page.find("#search").send_keys(text)
        page.wait(f"{CARDS}.length === 1")
        assert names(page) == [name]


def test_a_portrait_is_drawn_with_its_own_pixels(page: Browser, repository: Path) -> None:
    row = next(i for i, name in enumerate(names(page)) if name == "demo_03_frown_beard.png")
    file = repository / "data" / "demo" / "demo_03_frown_beard.png"
    wanted = read_picture(file.read_bytes()).rgba
    assert (pixels(page, f"#card-{row} canvas") == wanted).all()
    assert page.run("return getComputedStyle(document.querySelector('.card canvas')).imageRendering") in (
        "pixelated",
        "crisp-edges",
    )
    page.click(f"#card-{row}")
    large = pixels(page, "#large")
    scale = large.shape[0] // 24
    assert (large == wanted.repeat(scale, axis=0).repeat(scale, axis=1)).all()


def test_a_value_filters_and_its_count_is_what_is_left(page: Browser, demo: Path) -> None:
    wanted = [row["image"] for row in answers(demo) if row["eyewear"] == "glasses"]
    button = "[data-trait=eyewear][data-value=glasses]"
    assert page.text(f"{button} .count") == str(len(wanted))
    page.click(button)
    assert names(page) == wanted
    assert page.text("#count") == f"{len(wanted)} of {len(answers(demo))} portraits"
    assert page.find(button).get_attribute("aria-pressed") == "true"
    both = [row for row in answers(demo) if row["eyewear"] == "glasses" and row["type"] == "female"]
    assert page.text("[data-trait=type][data-value=female] .count") == str(len(both))
    page.click("[data-trait=eyewear][data-value=sunglasses]")
    either = [row for row in answers(demo) if row["eyewear"] in ("glasses", "sunglasses")]
    assert len(names(page)) == len(either)
    page.click(".chip")
    page.click(".chip")
    assert page.text("#count") == f"{len(answers(demo))} portraits"


def test_what_was_not_found_can_be_filtered_and_is_not_none(page: Browser, demo: Path) -> None:
    wanted = [row for row in answers(demo) if not row["eye_color"]]
    assert wanted
    page.click("[data-trait=eye_color][data-value='']")
    assert len(names(page)) == len(wanted)


def test_search_looks_at_names_and_values(page: Browser, demo: Path) -> None:
    page.press("/")
    page.press(*"beard demo_03")
    page.wait("document.getElementById('count').textContent.startsWith('1 of')")
    assert names(page) == ["demo_03_frown_beard.png"]
    page.press("ESCAPE", "ESCAPE")
    assert page.text("#count") == f"{len(answers(demo))} portraits"


def test_the_least_sure_come_first_when_asked_for(page: Browser, demo: Path) -> None:
    page.run(
        "for (const [id, value] of [['sort', 'doubt'], ['focus', arguments[0]]]) {"
        "  const select = document.getElementById(id); select.value = value;"
        "  select.dispatchEvent(new Event('change')); }",
        page.run("return String(data.traits.findIndex(trait => trait.name === 'hairstyle'))"),
    )
    told = {row["image"]: float(row["hairstyle_confidence"] or -1) for row in answers(demo)}
    shares = [told.get(name.replace("\\", "\\\\"), told.get(name)) for name in names(page)]
    known = [share for share in shares if share is not None]
    assert known == sorted(known)
    assert len(known) > 20


def test_the_keyboard_reaches_everything(page: Browser) -> None:
    page.run("document.getElementById('portraits').focus()")
    page.press("ARROW_RIGHT")
    assert page.text("#chosen") == names(page)[0]
    page.press("ARROW_RIGHT", "ARROW_DOWN", "ARROW_UP", "ARROW_LEFT", "END")
    assert page.run("return document.activeElement.id") == "portraits"
    assert (
        page.run("return document.activeElement.getAttribute('aria-activedescendant')")
        == f"card-{active(page)}"
    )
    assert active(page) == page.run("return rows.length") - 1
    page.press("HOME", "ENTER", "ARROW_DOWN")
    assert page.run("return document.activeElement.dataset.trait") == "expression"
    assert "expression" in page.find("#large").get_attribute("aria-label")
    page.press("ESCAPE", "ESCAPE")
    assert not page.find("#inspector").is_displayed()
    page.press("?")
    assert page.find("#about").is_displayed()
    page.press("ESCAPE")
    assert not page.find("#about").is_displayed()


def active(page: Browser) -> int:
    """Which portrait is chosen."""
    return int(page.run("return active"))


def test_the_pixels_that_decided_are_kept_under_the_pointer_and_others_fade(page: Browser) -> None:
    page.click("[data-trait=earrings][data-value=hoop]")
    before = pixels(page, "#card-0 canvas")
    page.hover("#card-0")
    after = pixels(page, "#card-0 canvas")
    same = (before == after).all(axis=2)
    assert 2 <= same.sum() < 60
    page.hover("#search")
    assert (pixels(page, "#card-0 canvas") == before).all()


def test_errors_stand_apart_with_their_reason(page: Browser) -> None:
    assert "zz.png" not in names(page)
    page.click("[data-view=errors]")
    assert "zz.png" in page.text("#view-errors")
    assert "not-an-image (1)" in page.text("#view-errors")


def test_charts_count_every_value(page: Browser, demo: Path) -> None:
    page.click("[data-view=charts]")
    for trait in ("type", "expression", "earrings"):
        for value in {row[trait] for row in answers(demo)} - {""}:
            count = page.text(f"#charts [data-trait={trait}][data-value={value}] .count")
            assert count == str(sum(row[trait] == value for row in answers(demo)))


def test_light_and_dark_follow_the_system_until_chosen(page: Browser) -> None:
    light = colors(page)
    page.prefer("dark")
    dark = colors(page)
    assert sum(map(int, dark[0][4:-1].split(","))) < 120 < sum(map(int, dark[1][4:-1].split(",")))
    page.click("#theme")
    assert colors(page) == light
    page.click("#theme")
    page.prefer("light")
    assert colors(page) == dark


def test_a_narrow_window_needs_no_sideways_scrolling(page: Browser) -> None:
    page.resize(360, 640)
    page.click("#open-facets")
    assert page.find("[data-trait=type][data-value=female]").is_displayed()
    page.click("#open-facets")
    page.click("#card-0")
    assert page.find("#large").is_displayed()
    assert page.run("return document.documentElement.scrollWidth") <= 360


def test_ten_thousand_portraits_cost_no_more_elements_than_can_be_seen(
    browser: Browser, tmp_path: Path
) -> None:
    rows = [[portrait(i % 256, i // 256) for i in range(first, first + 100)] for first in range(0, MANY, 100)]
    sheet = np.concatenate([np.concatenate(row, axis=1) for row in rows])
    (tmp_path / "sheet.png").write_bytes(encode_png(sheet, level=1))
    values = ("smile", "neutral", "frown")
    lines = [f"sheet_{i:04d},{values[i % 3]},{i / MANY}" for i in range(MANY)]
    (tmp_path / "t.csv").write_text("\n".join(["image,expression,expression_confidence", *lines]))
    page = tmp_path / "r.html"
    options = ("--images", tmp_path / "sheet.png", "--tile", "24", "--no-evidence", "-o", page)
    assert run_command("report", tmp_path / "t.csv", *options).code == 0
    assert page.stat().st_size < 4_000_000
    browser.resize(1280, 800)
    browser.open(page)
    assert browser.text("#count") == "10,000 portraits"
    wall = "document.getElementById('portraits')"
    for place in (0.3, 0.9, 1.0):
        browser.run(f"{wall}.scrollTop = {wall}.scrollHeight * {place}")
        browser.run("paintWall()")
        assert browser.run("return document.querySelectorAll('.card').length") < 200
    assert names(browser)[-1] == "sheet_9999"
    last = pixels(browser, f"#card-{MANY - 1} canvas")
    assert (last == portrait((MANY - 1) % 256, (MANY - 1) // 256)).all()
    browser.click("[data-trait=expression][data-value=frown]")
    assert browser.text("#count") == "3,333 of 10,000 portraits"
    assert names(browser)[0] == "sheet_0002"


def test_a_report_of_nothing_says_so(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run_command("report", "--images", tmp_path / "in", "-o", tmp_path / "r.html")
    browser.complaints()
    browser.open(tmp_path / "r.html")
    browser.run("document.getElementById('portraits').focus()")
    browser.press("ARROW_DOWN", "ENTER", "END", "ESCAPE")
    assert "There is no portrait to show" in browser.text("#view-portraits")
    assert browser.complaints() == []
