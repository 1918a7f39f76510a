"""The review in a real browser: keys, undo, what is asked before it is replaced, and nothing lost."""

from __future__ import annotations

import csv
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from browser import Browser
from fakes import portrait
from punkdetect.report.gallery import Gallery
from punkdetect.review.book import LabelBook
from punkdetect.review.server import ReviewServer
from punkdetect.review.session import Question, Session
from punkdetect.tables import parse_table
from punkdetect.vocabulary import TRAITS

ROWS = (
    ("a.png", "smile", 0.9, "none", 0.9),
    ("<img src=x onerror=window.hit=1>.png", "neutral", 0.4, "cap", 0.9),
    ("c \"'&</script>.png", "", "", "none", 0.9),
    ("smörgås 🐧.png", "frown", 0.8, "halo", 0.9),
)
DOUBT = (2, 1, 3, 0)
"""Rows by how sure the machine is of the expression, the least first."""

Opener = Callable[..., Browser]


@pytest.fixture
def review(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens a review of four portraits in the browser, as often as a test wants."""
    serving: list[tuple[ReviewServer, threading.Thread]] = []

    def open_review(*traits: str, who: str = "ann") -> Browser:
        path = tmp_path / "t.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            header = ("image", "expression", "expression_confidence", "headwear", "headwear_confidence")
            csv.writer(file).writerows([header, *ROWS])
        table = parse_table(path, path.read_text(encoding="utf-8"))
        rgba = np.stack([portrait(i, 100) for i in range(len(ROWS))])
        mask = np.zeros((len(ROWS), 24, 24), bool)
        mask[:, 4:8, 4:8] = True
        evidence = {"expression": np.packbits(mask.reshape(len(ROWS), -1), axis=1)}
        gallery = Gallery(rgba, np.arange(len(ROWS)), evidence, Counter(), {})
        asked = traits or ("expression", "headwear")
        book = LabelBook(tmp_path / "labels.csv", "mine", asked, {})
        questions = [Question(trait, TRAITS.get(trait, ())) for trait in asked]
        server = ReviewServer(Session(table, gallery, book, questions, who), title="Review of <t.csv>")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        serving.append((server, thread))
        browser.resize(1280, 800)
        browser.prefer("light")
        browser.open(server.address)
        return browser

    yield open_review
    browser.driver.get("about:blank")
    for server, thread in serving:
        server.shutdown()
        thread.join()
        server.server_close()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:  # forked workers wait for no such thread
            thread.join(5)
            assert not thread.is_alive(), "the server hung up, and still somebody is served"


def labels(tmp_path: Path, trait: str = "expression") -> dict[int, str]:
    """What the label file says, by row of the table."""
    if not (tmp_path / "labels.csv").exists():
        return {}
    with (tmp_path / "labels.csv").open(newline="", encoding="utf-8") as file:
        said = {row["image"]: row[trait] for row in csv.DictReader(file)}
    stems = [row[0].removesuffix(".png").split("/")[-1] for row in ROWS]
    return {i: said[stem] for i, stem in enumerate(stems) if said.get(stem)}


def wait(page: Browser) -> None:
    """Wait until every decision that was asked for is saved."""
    page.driver.execute_async_script("line.then(arguments[0])")


def row(page: Browser) -> int:
    """Return which portrait is shown."""
    wait(page)
    return int(page.run("return state.row"))


def test_number_keys_decide_save_and_go_on_to_the_next_most_doubtful(review: Opener, tmp_path: Path) -> None:
    page = review()
    shown = [row(page)]
    for key in "231":
        page.press(key)
        shown.append(row(page))
    assert tuple(shown) == DOUBT
    assert labels(tmp_path) == {2: "smile", 1: "frown", 3: "neutral"}
    page.press("4")
    assert row(page) == -1
    assert "All 4 portraits are labelled" in page.text("#said")
    assert page.text("[data-trait=expression] .count") == "4 / 4"


def test_keys_that_come_quickly_each_meet_their_own_portrait(review: Opener, tmp_path: Path) -> None:
    page = review()
    page.press(*"1234")
    wait(page)
    assert labels(tmp_path) == dict(zip(DOUBT, ("neutral", "smile", "frown", "hidden"), strict=True))


def test_undo_goes_back_across_pictures_and_traits(review: Opener, tmp_path: Path) -> None:
    page = review()
    page.press(*"12")
    page.press("ARROW_DOWN")
    page.press("a")
    wait(page)
    assert labels(tmp_path, "headwear") == {0: "other"}
    page.press("BACKSPACE")
    assert row(page) == 0
    assert page.text("#question").lower() == "headwear"
    page.press("z")
    assert row(page) == DOUBT[1]
    assert page.text("#question").lower() == "expression"
    page.press("z", "z")
    wait(page)
    assert labels(tmp_path) == {}
    assert page.text("#last") == "There is nothing to undo."


def test_undo_is_still_there_after_the_page_was_loaded_again(review: Opener, tmp_path: Path) -> None:
    page = review()
    page.press("1")
    wait(page)
    page.open(page.driver.current_url)
    assert page.text("[data-trait=expression] .count") == "1 / 4"
    page.press("BACKSPACE")
    wait(page)
    assert labels(tmp_path) == {}


def test_space_agrees_with_the_machine_and_shift_adds_a_second_answer(review: Opener, tmp_path: Path) -> None:
    page = review()
    page.press("SPACE")  # the machine found nothing here: there is nothing to agree with
    assert row(page) == DOUBT[0]
    page.press("ARROW_RIGHT", "SPACE")
    assert row(page) == DOUBT[2]
    page.press("1", shift=True)
    assert row(page) == DOUBT[2]
    page.press("3", shift=True)
    wait(page)
    assert labels(tmp_path) == {DOUBT[1]: "neutral", DOUBT[2]: "neutral|frown"}
    page.press("x")
    wait(page)
    assert labels(tmp_path) == {DOUBT[1]: "neutral"}


def test_somebodys_label_is_replaced_only_after_asking(review: Opener, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("image,expression,who,when\na,hidden,bob,2024-05-06T00:00:00Z\n")
    page = review()
    page.press("ARROW_LEFT", "ARROW_RIGHT", "ARROW_RIGHT", "ARROW_RIGHT")
    assert row(page) == 0
    assert "Labelled before by bob, 2024-05-06" in page.text("#said")
    page.press("1")
    page.wait("document.getElementById('ask').open")
    assert page.text("#ask-words") == "bob said hidden (2024-05-06). You say neutral."
    page.press("2", "ESCAPE")
    wait(page)
    assert labels(tmp_path) == {0: "hidden"}
    page.press("ARROW_RIGHT", "ARROW_RIGHT", "ARROW_RIGHT", "ARROW_RIGHT")
    assert row(page) == 0
    page.press("1")
    page.wait("document.getElementById('ask').open")
    page.click("#replace")
    wait(page)
    assert labels(tmp_path) == {0: "neutral"}
    page.press("z")
    wait(page)
    assert labels(tmp_path) == {0: "hidden"}


def test_blind_hides_what_the_machine_says_until_the_decision(review: Opener) -> None:
    page = review()
    page.press("ARROW_RIGHT")
    assert row(page) == 1
    assert "The machine says neutral, 0.40 sure." in page.text("#said")
    assert page.run("return document.querySelectorAll('.value.machine').length") == 1
    seen = page.run("return large.toDataURL()")
    page.press("b")
    assert "neutral" not in page.text("#said")
    assert page.run("return document.querySelectorAll('.value.machine').length") == 0
    assert page.run("return large.toDataURL()") != seen  # the evidence is hidden as well
    page.press("SPACE")
    assert row(page) == 1
    page.press("2")
    wait(page)
    assert "the machine says neutral" in page.text("#last")
    assert "right" not in page.text("#traits")


def test_evidence_can_be_switched_off(review: Opener) -> None:
    page = review()
    with_evidence = page.run("return large.toDataURL()")
    page.press("v")
    assert page.run("return large.toDataURL()") != with_evidence
    page.press("v")
    assert page.run("return large.toDataURL()") == with_evidence


def test_disagreements_are_found_one_after_the_other(review: Opener, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(
        'image,expression\na,neutral\n<img src=x onerror=window.hit=1>,neutral\n"smörgås 🐧",smile\n',
        encoding="utf-8",
    )
    page = review()
    page.press("n")
    first = row(page)
    page.press("n")
    assert {first, row(page)} == {0, 3}
    page.press("n")
    assert row(page) == first  # around once more


def test_how_often_the_machine_is_right_is_said_beside_each_trait(review: Opener) -> None:
    page = review()
    page.press(*"1131")
    wait(page)
    assert "machine right 0.50 (0.15 to 0.85)" in page.text("[data-trait=expression]")


def test_the_order_may_be_that_of_the_table_or_shuffled(review: Opener) -> None:
    page = review()
    for order in ("table", "shuffled"):
        page.run(
            "const select = document.getElementById('order'); select.value = arguments[0];"
            "select.dispatchEvent(new Event('change'));",
            order,
        )
        assert sorted(page.run("return order()")) == [0, 1, 2, 3]
    page.run("document.getElementById('order').value = 'table'")
    assert page.run("return order()") == [0, 1, 2, 3]


def test_a_colour_is_chosen_from_the_portrait_itself(review: Opener, tmp_path: Path) -> None:
    page = review("skin_hex")
    assert page.text(".value .word") in ("#5aa0c8", "#dbb180")
    page.press("1")
    wait(page)
    assert labels(tmp_path, "skin_hex") == {
        0: page.run("return document.querySelector('.value').dataset.value")
    }
    page.click("#large")
    wait(page)
    assert labels(tmp_path, "skin_hex")[1] == "#dbb180"


def test_odd_names_are_shown_and_do_nothing(review: Opener, tmp_path: Path) -> None:
    page = review()
    seen = set()
    for _ in ROWS:
        seen.add(page.text("#name"))
        page.press("1")
        wait(page)
    assert seen == {name for name, *_ in ROWS}
    assert page.run("return window.hit") is None
    assert len(labels(tmp_path)) == len(ROWS)


def test_only_its_own_server_is_asked_and_nothing_is_complained_of(review: Opener) -> None:
    page = review()
    page.complaints()
    page.press("1", "z", "b")
    wait(page)
    address = page.driver.current_url
    asked = [url for url in page.requests() if not url.startswith("data:")]
    assert set(asked) == {address, f"{address}label", f"{address}undo"}
    assert page.complaints() == []


def test_a_server_that_is_gone_is_told_and_nothing_seems_saved(review: Opener, tmp_path: Path) -> None:
    page = review()
    page.press("1")
    wait(page)
    page.run("fetch = () => Promise.reject(new TypeError('gone'))")
    page.press("2")
    wait(page)
    assert "Nothing is saved any more: gone" in page.text("#alarm")
    assert row(page) == DOUBT[1]
    assert labels(tmp_path) == {DOUBT[0]: "neutral"}


def test_a_file_changed_by_somebody_else_is_read_again(review: Opener, tmp_path: Path) -> None:
    page = review()
    (tmp_path / "labels.csv").write_text("image,expression\na,hidden\n")
    page.press("1")
    page.wait("document.documentElement.dataset.ready === 'yes' && 0 in review.questions[0].labels")
    assert labels(tmp_path) == {0: "hidden"}


def test_finish_ends_the_server(review: Opener) -> None:
    page = review()
    page.click("#finish")
    page.wait("document.body.textContent.includes('You may close this page')")


def test_light_and_dark_and_narrow(review: Opener) -> None:
    page = review()
    page.prefer("dark")
    paper = page.run("return getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, paper[4:-1].split(","))) < 120
    page.resize(360, 640)
    assert page.run("return document.documentElement.scrollWidth") <= 360
    assert page.find(".value").is_displayed()


def test_no_value_key_is_a_command(review: Opener) -> None:
    page = review()
    most = max(len(values) for values in TRAITS.values())
    assert not set(page.run(f"return VALUE_KEYS.slice(0, {most})")) & set("znxbv?")
