"""The review without a browser: the label file, what may be decided, and who may speak to the server."""

from __future__ import annotations

import csv
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import CornerDetector, run_command, start_process, use_detectors, write_portrait
from punkdetect.errors import EnvironmentUnusableError, UsageError
from punkdetect.labels import image_stem, read_labels
from punkdetect.report.gallery import Gallery
from punkdetect.review.book import LabelBook, check_stems, guarded_stem, why_not_labelled
from punkdetect.review.server import ReviewServer
from punkdetect.review.session import AskFirstError, ChangedElsewhereError, Question, Session
from punkdetect.tables import parse_table

TABLE = (
    "image,expression,expression_confidence\na.png,smile,0.9\nb.png,neutral,0.4\nc.png,,\nd.png,frown,0.8\n"
)


def make_session(folder: Path, who: str = "ann", table: str = TABLE) -> Session:
    """A review of four portraits that writes labels.csv."""
    told = parse_table(Path("t.csv"), table)
    n = len(told)
    gallery = Gallery(np.zeros((n, 24, 24, 4), np.uint8), np.arange(n), {}, Counter(), {})
    questions = [
        Question("expression", ("neutral", "smile", "frown", "hidden")),
        Question("skin_hex", ()),
    ]
    book = LabelBook(folder / "labels.csv", "mine", ["expression", "skin_hex"], {})
    return Session(told, gallery, book, questions, who)


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a label file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_decision_is_in_the_file_at_once_with_who_and_when(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    assert not (tmp_path / "labels.csv").exists()
    session.label(1, "expression", "smile")
    [row] = rows(tmp_path / "labels.csv")
    assert (row["image"], row["collection"], row["family"]) == ("b", "mine", "")
    assert (row["expression"], row["who"]) == ("smile", "ann")
    assert row["when"].endswith("Z")
    session.label(1, "skin_hex", "#dbb180")
    session.label(0, "expression", "smile|neutral")
    labels = read_labels(tmp_path / "labels.csv")
    assert [label.accepted for label in labels.rows] == [
        {"expression": ("smile",), "skin_hex": ("#dbb180",)},
        {"expression": ("smile", "neutral")},
    ]


def test_the_machine_is_held_against_the_labels_so_far(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    session.label(0, "expression", "smile")
    session.label(1, "expression", "frown|neutral")
    session.label(2, "expression", "smile")  # the machine found nothing: that is not right
    progress = session.label(3, "expression", "smile")["progress"]
    assert progress["labelled"] == 4
    accuracy, low, high = progress["accuracy"]
    assert accuracy == 0.5
    assert 0.1 < low < 0.5 < high < 0.9
    assert session.label(0, "skin_hex", "#000000")["progress"] == {"labelled": 1, "accuracy": None}


def test_undo_goes_back_across_pictures_to_the_very_first(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    session.label(0, "expression", "smile")
    session.label(1, "expression", "frown")
    session.label(1, "expression", "neutral")
    assert session.undo() == {
        "row": 1, "trait": "expression", "words": "frown", "mine": True, "undo": 2,
        "progress": session._progress("expression"),
    }  # fmt: skip
    assert session.undo()["words"] == ""  # type: ignore[index]
    assert [row["image"] for row in rows(tmp_path / "labels.csv")] == ["a"]
    session.undo()
    assert rows(tmp_path / "labels.csv") == []
    assert session.undo() is None


def test_a_label_of_somebody_else_is_replaced_only_when_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("image,expression,who,when\na,frown,bob,2024-01-02\n")
    session = make_session(tmp_path)
    with pytest.raises(AskFirstError) as ask:
        session.label(0, "expression", "smile")
    assert (ask.value.words, ask.value.who, ask.value.when) == ("frown", "bob", "2024-01-02")
    assert rows(path)[0]["expression"] == "frown"
    assert session.label(0, "expression", "frown")["undo"] == 0  # saying the same changes nothing
    session.label(0, "expression", "smile", replace=True)
    session.label(0, "expression", "neutral")  # by now it is one's own
    assert (rows(path)[0]["expression"], rows(path)[0]["who"]) == ("neutral", "bob; ann")
    session.undo()
    session.undo()
    assert path.read_text().splitlines()[1] == "a,frown,bob,2024-01-02"


def test_rows_columns_and_cells_that_are_not_touched_stay(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(
        'image,collection,family,note,eyewear\nz,other,f1,"a, note",glasses\na,other,f2,,none|glasses\n'
    )
    session = make_session(tmp_path)
    session.label(0, "expression", "smile")
    session.label(1, "expression", "frown")
    assert path.read_text().splitlines()[0] == "image,collection,family,note,eyewear,expression,who,when"
    z, a, b = rows(path)
    assert (z["note"], z["eyewear"], z["who"]) == ("a, note", "glasses", "")
    assert (a["collection"], a["family"], a["eyewear"], a["expression"]) == (
        "other", "f2", "none|glasses", "smile",
    )  # fmt: skip
    assert (b["collection"], b["expression"]) == ("mine", "frown")


def test_the_row_of_its_own_collection_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("image,collection,expression\na,x,\na,mine,\na,y,\nb,x,\nb,y,\n")
    session = make_session(tmp_path)
    session.label(0, "expression", "smile")
    session.label(1, "expression", "smile")  # nobody knows which b is meant: it gets its own row
    said = {(row["image"], row["collection"]): row["expression"] for row in rows(path)}
    assert said == {("a", "x"): "", ("a", "mine"): "smile", ("a", "y"): "", ("b", "x"): "", ("b", "y"): "",
                    ("b", "mine"): "smile"}  # fmt: skip


def test_a_file_that_somebody_else_changes_is_read_again_before_anything_is_decided(tmp_path: Path) -> None:
    session = make_session(tmp_path)
    session.label(0, "expression", "smile")
    path = tmp_path / "labels.csv"
    path.write_text("image,expression,who\na,hidden,bob\n")
    with pytest.raises(ChangedElsewhereError):
        session.label(1, "expression", "smile")
    assert path.read_text() == "image,expression,who\na,hidden,bob\n"
    assert session.data()["review"]["questions"][0]["labels"] == {0: "hidden"}
    with pytest.raises(AskFirstError):
        session.label(0, "expression", "smile")


def test_a_decision_that_cannot_be_saved_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session(tmp_path)
    session.label(0, "expression", "smile")
    before = (tmp_path / "labels.csv").read_bytes()

    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for attempt in (lambda: session.label(1, "expression", "frown"), session.undo):
            with pytest.raises(EnvironmentUnusableError, match="No space"):
                attempt()
    assert (tmp_path / "labels.csv").read_bytes() == before
    assert session.data()["review"]["questions"][0]["labels"] == {0: "smile"}
    assert session.label(1, "expression", "hidden")["progress"]["labelled"] == 2


@pytest.mark.parametrize(
    ("row", "trait", "words"),
    [(9, "expression", "smile"), (-1, "expression", "smile"), (0, "eyewear", "none"),
     (0, "expression", "grin"), (0, "expression", "smile|grin"), (0, "skin_hex", "red"),
     (0, "skin_hex", "#DBB180")],
)  # fmt: skip
def test_what_is_no_answer_is_refused(tmp_path: Path, row: int, trait: str, words: str) -> None:
    with pytest.raises(UsageError):
        make_session(tmp_path).label(row, trait, words)
    assert not (tmp_path / "labels.csv").exists()


def test_a_file_that_is_no_label_file_is_never_touched(tmp_path: Path) -> None:
    for text in ("name\na\n", "image,expression\na,grin\n"):
        (tmp_path / "labels.csv").write_text(text)
        with pytest.raises(UsageError):
            make_session(tmp_path)
        assert (tmp_path / "labels.csv").read_text() == text


@given(st.text(min_size=1, max_size=8, alphabet="a=+-@'\\\n\t é🐧.png\udcff"))
def test_a_stem_comes_back_out_of_a_label_file_or_is_left_out(name: str) -> None:
    stem = image_stem(name)
    if not why_not_labelled(stem):
        cell = guarded_stem(stem)
        assert image_stem(cell.strip()) == stem
        assert cell[0] not in "=+-@\t"


def test_two_pictures_that_would_share_a_row_are_refused() -> None:
    with pytest.raises(UsageError, match="one folder at a time"):
        check_stems(["a/1.png", "b/1.png"], Path("labels.csv"))
    check_stems(["a/1.png", "a/2.png", "a/1.png"], Path("labels.csv"))


# ---- the server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReviewServer]:
    """A server of four portraits that answers."""
    serving = ReviewServer(make_session(tmp_path), title="<b>")
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield serving
    serving.shutdown()
    thread.join()
    serving.server_close()


def ask(
    server: ReviewServer, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    """Send one request and return status, body and headers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    told = {"Content-Type": "application/json"} if body is not None else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, data, {**told, **named})
    answer = connection.getresponse()
    result = answer.status, answer.read(), dict(answer.headers)
    connection.close()
    return result


DECISION = {"row": 0, "trait": "expression", "words": "smile"}


def test_the_page_is_served_under_its_token_to_this_machine_only(server: ReviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert len(server.token) >= 20
    status, page, headers = ask(server, "GET", f"/{server.token}/")
    assert status == 200
    assert b"&lt;b&gt;" in page
    assert b"connect-src &#x27;self&#x27;" in page
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/label", "/wrong/label", "/wrong/", "//label"])
def test_without_the_token_there_is_nothing(server: ReviewServer, path: str, tmp_path: Path) -> None:
    assert ask(server, "GET", path)[0] == 404
    assert ask(server, "POST", path, DECISION)[0] == 404
    assert not (tmp_path / "labels.csv").exists()


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "evil.example:80"}, {"Origin": "http://evil.example"},
     {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}],
)  # fmt: skip
def test_other_hosts_and_other_pages_are_refused(
    server: ReviewServer, headers: dict[str, str], tmp_path: Path
) -> None:
    assert ask(server, "GET", f"/{server.token}/", **headers)[0] == 403
    assert ask(server, "POST", f"/{server.token}/label", DECISION, **headers)[0] == 403
    assert not (tmp_path / "labels.csv").exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1" * 5000, b"[" * 3000, {"row": "0", "trait": "expression", "words": "smile"},
     {"row": True, "trait": "expression", "words": "smile"}, {"row": 0}, {**DECISION, "words": "grin"}],
)  # fmt: skip
def test_what_is_no_decision_is_refused(server: ReviewServer, body: Any, tmp_path: Path) -> None:
    assert ask(server, "POST", f"/{server.token}/label", body)[0] == 400
    assert not (tmp_path / "labels.csv").exists()


def test_a_form_of_another_page_cannot_decide(server: ReviewServer, tmp_path: Path) -> None:
    path = f"/{server.token}/label"
    assert ask(server, "POST", path, DECISION, Content_Type="text/plain")[0] == 400
    assert ask(server, "OPTIONS", path)[0] == 501
    assert not (tmp_path / "labels.csv").exists()


def test_a_decision_is_answered_with_what_the_file_says_now(server: ReviewServer, tmp_path: Path) -> None:
    status, body, _ = ask(server, "POST", f"/{server.token}/label", DECISION)
    assert status == 200
    assert json.loads(body)["words"] == "smile"
    assert rows(tmp_path / "labels.csv")[0]["expression"] == "smile"
    assert json.loads(ask(server, "POST", f"/{server.token}/undo", {})[1])["words"] == ""
    assert json.loads(ask(server, "POST", f"/{server.token}/undo", {})[1]) == {"row": None}


def test_a_port_that_is_taken_is_said(server: ReviewServer, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="choose another"):
        ReviewServer(make_session(tmp_path), port=server.server_port)


# ---- the command


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to work in, with pictures in `in`."""
    use_detectors(monkeypatch, CornerDetector())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text("traits: {expression: {detector: expression.corner}}")
    for name in ("a.png", "b.png"):
        write_portrait(tmp_path / "in" / name)
    return tmp_path


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--traits", "expresion"), "did you mean expression"),
        (("--labels", "in/a.png"), "is one of the inputs"),
        (("--labels", "nowhere/labels.csv"), "does not exist"),
        (("--labels", "in"), "is a folder"),
        (("--images", "none"), "nothing to review"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_served(
    folder: Path, args: tuple[str, ...], words: str
) -> None:
    (folder / "none").mkdir()
    named = args if "--images" in args else ("--images", "in", *args)
    result = run_command("review", "--no-open", *named)
    assert result.code == 2
    assert words in result.err
    assert result.out == b""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], str, int]]]:
    """Starts a review as a process of its own; returns it, its path and its port."""
    running: list[subprocess.Popen[str]] = []

    def start_review(*args: str) -> tuple[subprocess.Popen[str], str, int]:
        command = [
            sys.executable,
            "-m",
            "punkdetect",
            "review",
            "--images",
            "in",
            "--no-open",
            "--who",
            "ann",
        ]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running.append(start_process([*command, "--who", "ann", *args], cwd=tmp_path, text=True, **pipes))
        assert running[-1].stdout is not None
        address = running[-1].stdout.readline().strip()
        host, path = address.removeprefix("http://").split("/", 1)
        return running[-1], f"/{path}", int(host.split(":")[1])

    yield start_review
    for process in running:
        process.kill()
        process.communicate()


def post(port: int, path: str, body: Any) -> int:
    """Send a decision and return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("options", [(), ("--no-open",)])
def test_the_browser_is_opened_unless_told_not_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(ReviewServer, "serve_forever", lambda self, poll_interval: time.sleep(0.2))
    result = run_command("review", "--images", "in", *options)
    assert result.code == 0
    assert opened == ([] if options else [result.out.decode().strip()])


@pytest.mark.skipif(os.name == "nt", reason="needs signals as POSIX has them")
@pytest.mark.parametrize(("way", "code"), [("SIGINT", 0), ("SIGKILL", -9), ("done", 0)])
def test_decisions_survive_however_it_ends(tmp_path: Path, start: Any, way: str, code: int) -> None:
    write_portrait(tmp_path / "in" / "a.png")
    process, path, port = start()
    assert post(port, f"{path}label", DECISION) == 200
    if way == "done":
        assert post(port, f"{path}done", {}) == 200
    else:
        process.send_signal(getattr(signal, way))
    _, told = process.communicate(timeout=20)
    assert process.returncode == code
    assert rows(tmp_path / "labels.csv")[0]["expression"] == "smile"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    if code == 0:
        assert "1 decision in labels.csv" in told
        assert "punkdetect validate --labels labels.csv --images in" in told


def test_validate_and_train_take_the_file_as_it_is(tmp_path: Path, start: Any, repository: Path) -> None:
    demo = repository / "data" / "demo"
    truth = {row["image"]: row for row in rows(repository / "data" / "validation_labels.csv")}
    (tmp_path / "in").mkdir()
    for file in demo.glob("*.png"):
        (tmp_path / "in" / file.name).write_bytes(file.read_bytes())
    process, path, port = start("--traits", "eyewear")
    for row, file in enumerate(sorted(demo.glob("*.png"))):
        if words := truth[file.stem]["eyewear"]:
            assert post(port, f"{path}label", {"row": row, "trait": "eyewear", "words": words}) == 200
    assert post(port, f"{path}done", {}) == 200
    process.communicate(timeout=20)
    labels, images = tmp_path / "labels.csv", tmp_path / "in"
    result = run_command("validate", "--labels", labels, "--images", images, "--traits", "eyewear")
    assert result.code == 0
    assert b"eyewear.rule_and_network" in result.out
    options = ("--labels", labels, "--images", images, "--folds", "2", "-o", tmp_path / "models")
    assert run_command("train", "--trait", "eyewear", *options).code == 0


def test_a_label_of_somebody_else_is_asked_about_again_after_its_replacement_was_undone(
    tmp_path: Path,
) -> None:
    (tmp_path / "labels.csv").write_text("image,expression,who,when\na,hidden,bob,2024-05-06T00:00:00Z\n")
    session = make_session(tmp_path)
    session.label(0, "expression", "frown", replace=True)
    session.label(0, "expression", "smile")  # one's own
    session.undo()
    session.label(0, "expression", "neutral")
    session.undo()
    session.undo()
    assert rows(tmp_path / "labels.csv")[0]["expression"] == "hidden"
    with pytest.raises(AskFirstError):
        session.label(0, "expression", "frown")
