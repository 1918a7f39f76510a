"""Scans that go on from earlier ones: nothing is done twice or lost, the output is as if undisturbed."""

from __future__ import annotations

import csv
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import CornerDetector, portrait, run_command, start_process, use_detectors, write_portrait
from punkdetect.engines import local
from punkdetect.images import encode_png
from punkdetect.pipeline import BLOCK
from punkdetect.punks import TraitColumn

FORMATS = ["t.csv", "t.jsonl", "t.parquet"]


class Interrupted(CornerDetector):
    """A corner detector at whose n-th block the person presses Ctrl-C."""

    at = -1
    model_digest: str | None = None

    def detect(self, punks: object, landmarks: object) -> TraitColumn:
        if len(self.calls) == self.at:
            self.at = -1
            raise KeyboardInterrupt
        return super().detect(punks, landmarks)


@pytest.fixture
def detector(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Interrupted:
    """The one detector there is, in a folder with a config and twelve pictures, in blocks of three."""
    found = Interrupted()
    use_detectors(monkeypatch, found)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(local, "_block_size", lambda total, jobs: 3)
    Path("configs").mkdir()
    write_config()
    for i in range(12):
        write_portrait(Path(f"p/{i:02}.png"), i % 5, 100 + i)
    return found


def write_config(least: float = 0.0) -> None:
    Path("configs/features.yaml").write_text(
        f"min_confidence: {least}\ntraits: {{expression: {{detector: expression.corner, show: always}}}}"
    )


def undisturbed(output: str, *paths: str) -> bytes:
    """What a scan that nothing happens to writes."""
    name = f"undisturbed{Path(output).suffix}"
    assert run_command("scan", *(paths or ["p"]), "-o", name).code in (0, 1)
    return Path(name).read_bytes()


def done(detector: CornerDetector) -> int:
    """How many portraits the detector has seen since it was last asked."""
    n = sum(detector.calls)
    detector.calls.clear()
    return n


def files_beside(output: str) -> set[str]:
    return {p.name.removeprefix(f".{output}.punkdetect-") for p in Path().glob(f".{output}.punkdetect-*")}


@pytest.mark.parametrize("output", FORMATS)
def test_an_interrupted_scan_goes_on_where_it_stopped(detector: Interrupted, output: str) -> None:
    if output.endswith("parquet"):
        pytest.importorskip("pyarrow")
    expected = undisturbed(output)
    done(detector)
    detector.at = 2
    result = run_command("scan", "p", "-o", output)
    assert (result.code, "interrupted: 6 of 12 done, run again with --resume" in result.err) == (130, True)
    assert files_beside(output) == {"part", "journal"}
    assert not Path(output).exists()
    assert done(detector) == 6
    result = run_command("scan", "p", "-o", output, "--resume")
    assert (result.code, "6 of them by an earlier scan" in result.err) == (0, True)
    assert done(detector) == 6
    assert Path(output).read_bytes() == expected
    assert files_beside(output) == {"journal"}


@pytest.mark.parametrize("output", FORMATS)
def test_a_finished_scan_is_brought_up_to_date(detector: Interrupted, output: str) -> None:
    if output.endswith("parquet"):
        pytest.importorskip("pyarrow")
    run_command("scan", "p", "-o", output)
    write_portrait(Path("p/00a.png"), 3)
    write_portrait(Path("p/05.png"), 4, 250)
    Path("p/07.png").unlink()
    Path("p/99.png").write_text("no picture")
    done(detector)
    for _ in range(2):  # the second time there is nothing to do
        assert run_command("scan", "p", "-o", output, "--resume").code == 1
    assert done(detector) == 2
    assert Path(output).read_bytes() == undisturbed(output)
    assert files_beside(output) == {"journal"}


def test_a_file_that_was_only_touched_is_not_done_again(detector: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.csv")
    done(detector)
    for path in Path("p").iterdir():
        os.utime(path, (1, 1))
    assert run_command("scan", "p", "-o", "t.csv", "--resume").code == 0
    assert done(detector) == 0


def test_all_is_done_again_when_the_config_is_another(detector: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.csv")
    done(detector)
    write_config(least=0.41)
    result = run_command("scan", "p", "-o", "t.csv", "--resume")
    assert (done(detector), "everything is done again" in result.err) == (12, True)
    assert Path("t.csv").read_bytes() == undisturbed("t.csv")


def test_all_is_done_again_when_the_detector_is_another(detector: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.csv")
    done(detector)
    detector.version = 2
    run_command("scan", "p", "-o", "t.csv", "--resume")
    assert done(detector) == 12


def test_all_is_done_again_when_the_model_or_the_release_is_another(
    detector: Interrupted, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_command("scan", "p", "-o", "t.csv")
    done(detector)
    detector.model_digest = "ab"
    assert run_command("scan", "p", "-o", "t.csv", "--resume").code == 0
    assert done(detector) == 12
    monkeypatch.setattr("punkdetect.pipeline.__version__", "999.0")
    assert run_command("scan", "p", "-o", "t.csv", "--resume").code == 0
    assert done(detector) == 12


def test_a_file_that_changes_or_goes_during_a_scan_is_known_by_what_was_read(
    detector: Interrupted, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Meddler(CornerDetector):
        """At the first block somebody changes two pictures of it, and deletes one of the next."""

        def detect(self, punks: object, landmarks: object) -> TraitColumn:
            if not self.calls:
                write_portrait(Path("p/00.png"), 3)
                with Path("p/01.png").open("ab") as file:
                    file.write(b"more")
                Path("p/05.png").unlink()
            return super().detect(punks, landmarks)

    use_detectors(monkeypatch, Meddler())
    result = run_command("scan", "p", "-o", "t.csv")
    assert (result.code, "05.png: unreadable: gone" in result.err) == (1, True)
    assert (len(rows("t.csv")), rows("t.csv")["00.png"]["expression"]) == (12, "neutral")
    use_detectors(monkeypatch, detector)
    assert run_command("scan", "p", "-o", "t.csv", "--resume").code == 0
    assert done(detector) == 2, "what was read was not what is there now"
    assert rows("t.csv")["00.png"]["expression"] == "hidden"
    assert Path("t.csv").read_bytes() == undisturbed("t.csv")


def test_options_that_change_the_rows_do_all_again(detector: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.jsonl")
    done(detector)
    run_command("scan", "p", "-o", "t.jsonl", "--resume", "--evidence")
    assert done(detector) == 12
    assert Path("t.jsonl").read_text().count('"evidence"') == 12


@pytest.mark.parametrize("torn", [b"", b"12", b"12 0000", b"garbage\n", b"\xff\xfe\n", b'9 00000000 ok - "a'])
def test_a_torn_last_line_is_dropped_and_its_picture_done_again(detector: Interrupted, torn: bytes) -> None:
    expected = undisturbed("t.csv")
    detector.calls.clear()
    detector.at = 2
    run_command("scan", "p", "-o", "t.csv")
    journal = Path(".t.csv.punkdetect-journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]) + torn)
    done(detector)
    assert run_command("scan", "p", "-o", "t.csv", "--resume").code == 0
    assert done(detector) == 7
    assert Path("t.csv").read_bytes() == expected


def test_garbage_before_the_last_line_is_told_of_with_its_number(detector: Interrupted) -> None:
    detector.at = 2
    run_command("scan", "p", "-o", "t.csv")
    journal = Path(".t.csv.punkdetect-journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines[:3], b"garbage\n", *lines[4:]]))
    result = run_command("scan", "p", "-o", "t.csv", "--resume")
    assert (result.code, "line 4 is damaged" in result.err) == (3, True)
    assert run_command("scan", "p", "-o", "t.csv").code == 0, "a scan that begins anew needs no journal"


@pytest.mark.parametrize("garbage", [b"garbage\n", b"\x00\x01", b"punkdetect\n"])
def test_garbage_in_the_first_line_is_not_taken_for_another_config(
    detector: Interrupted, garbage: bytes
) -> None:
    run_command("scan", "p", "-o", "t.csv")
    Path(".t.csv.punkdetect-journal").write_bytes(garbage)
    result = run_command("scan", "p", "-o", "t.csv", "--resume")
    assert (result.code, "line 1 is damaged: delete this file" in result.err) == (3, True)
    assert "another config" not in result.err


def test_a_first_line_that_was_being_written_is_begun_anew(detector: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.csv")
    Path(".t.csv.punkdetect-journal").write_bytes(b"punkdetect-jour")
    assert run_command("scan", "p", "-o", "t.csv", "--resume").code == 0


def test_records_that_never_reached_the_disk_are_done_again(detector: Interrupted) -> None:
    expected = undisturbed("t.csv")
    detector.calls.clear()
    detector.at = 2
    run_command("scan", "p", "-o", "t.csv")
    part = Path(".t.csv.punkdetect-part")
    part.write_bytes(part.read_bytes()[:-50])
    done(detector)
    assert run_command("scan", "p", "-o", "t.csv", "--resume").code == 0
    assert done(detector) >= 7
    assert Path("t.csv").read_bytes() == expected


def test_rows_that_somebody_changed_are_done_again(detector: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.csv")
    before = Path("t.csv").read_bytes()
    Path("t.csv").write_bytes(before.replace(b"smile", b"frown"))
    done(detector)
    assert run_command("scan", "p", "-o", "t.csv", "--resume").code == 0
    assert done(detector) == before.count(b"smile")
    assert Path("t.csv").read_bytes() == before


def test_all_is_done_again_when_the_output_was_emptied(detector: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.csv")
    before = Path("t.csv").read_bytes()
    Path("t.csv").write_bytes(b"")
    only = run_command("scan", "p", "-o", "t.csv", "--only", "new")
    assert (only.code, "no longer begins as scan wrote it" in only.err) == (2, True)
    again = run_command("scan", "p", "-o", "t.csv", "--resume")
    assert (again.code, "everything is done again" in again.err) == (0, True)
    assert Path("t.csv").read_bytes() == before


def test_a_table_that_a_spreadsheet_saved_is_ours_and_done_again(detector: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.csv")
    before = Path("t.csv").read_bytes()
    Path("t.csv").write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))
    again = run_command("scan", "p", "-o", "t.csv", "--resume")
    assert (again.code, "everything is done again" in again.err) == (0, True)
    assert Path("t.csv").read_bytes() == before


@pytest.mark.parametrize("what", ["part", "journal", "new", "journal-new"])
@pytest.mark.parametrize("options", [[], ["--resume"]])
def test_a_folder_in_the_place_of_a_file_of_ours_is_named(
    detector: Interrupted, what: str, options: list[str]
) -> None:
    run_command("scan", "p", "-o", "t.csv")
    before = Path("t.csv").read_bytes()
    place = Path(f".t.csv.punkdetect-{what}")
    place.unlink(missing_ok=True)
    (place / "precious").mkdir(parents=True)
    result = run_command("scan", "p", "-o", "t.csv", *options)
    assert (result.code, f"{place}: a folder" in result.err) == (3, True)
    assert Path("t.csv").read_bytes() == before
    assert not Path(".t.csv.punkdetect-lock").exists()


def test_a_scan_that_begins_anew_says_that_it_need_not_have(detector: Interrupted) -> None:
    detector.at = 2
    run_command("scan", "p", "-o", "t.csv")
    result = run_command("scan", "p", "-o", "t.csv")
    assert (result.code, "--resume would have gone on" in result.err) == (0, True)


def rows(output: str) -> dict[str, dict[str, str]]:
    return {row["image"]: row for row in csv.DictReader(Path(output).read_text().splitlines())}


@pytest.fixture
def aged(detector: Interrupted) -> Interrupted:
    """After a scan: one picture is new, one changed, one was refused and one of those is whole by now."""
    Path("p/02.png").write_text("no picture")
    Path("p/03.png").write_text("no picture")
    run_command("scan", "p", "-o", "t.csv")
    write_portrait(Path("p/01.png"), 4)
    write_portrait(Path("p/02.png"), 4)
    write_portrait(Path("p/20.png"), 4)
    done(detector)
    return detector


def test_only_new_pictures_are_done_when_asked_for(aged: Interrupted) -> None:
    before = rows("t.csv")
    assert run_command("scan", "p", "-o", "t.csv", "--only", "new").code == 1
    after = rows("t.csv")
    assert done(aged) == 1
    assert set(after) - set(before) == {"20.png"}
    assert {name: after[name] for name in before} == before


def test_only_changed_pictures_are_done_when_asked_for(aged: Interrupted) -> None:
    before = rows("t.csv")
    result = run_command("scan", "p", "-o", "t.csv", "--only", "changed")
    after = rows("t.csv")
    assert (done(aged), "1 left out" in result.err) == (2, True)
    assert {name for name in before if after[name] != before[name]} == {"01.png", "02.png"}
    assert set(after) == set(before)


def test_only_failed_pictures_are_done_when_asked_for(aged: Interrupted) -> None:
    before = rows("t.csv")
    assert run_command("scan", "p", "-o", "t.csv", "--only", "failed").code == 1
    after = rows("t.csv")
    assert done(aged) == 1
    assert {name for name in before if after[name] != before[name]} == {"02.png"}
    assert after["03.png"]["status"] == "not-an-image"


def test_several_kinds_can_be_asked_for_at_once(aged: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.csv", "--only", "new", "--only", "changed")
    assert done(aged) == 3
    assert Path("t.csv").read_bytes() == undisturbed("t.csv")


def test_only_needs_an_earlier_scan_of_the_same_kind(detector: Interrupted) -> None:
    result = run_command("scan", "p", "-o", "t.csv", "--only", "new")
    assert (result.code, "no journal" in result.err) == (2, True)
    run_command("scan", "p", "-o", "t.csv")
    write_config(least=0.5)
    before = Path("t.csv").read_bytes()
    result = run_command("scan", "p", "-o", "t.csv", "--only", "new")
    assert (result.code, "another config" in result.err) == (2, True)
    assert Path("t.csv").read_bytes() == before
    assert files_beside("t.csv") == {"journal"}


@pytest.mark.parametrize("options", [["--resume"], ["--only", "new"]])
@pytest.mark.parametrize("output", [[], ["-o", "-"], ["-o", "/dev/stdout"]])
def test_a_stream_has_nothing_to_go_on_from(
    detector: Interrupted, output: list[str], options: list[str]
) -> None:
    result = run_command("scan", "p", *output, *options)
    assert (result.code, "name it with -o" in result.err) == (2, True)


def test_tiles_of_a_sheet_are_known_by_their_pixels(detector: Interrupted) -> None:
    import numpy as np

    def write_sheet(*reds: int) -> None:
        Path("s.png").write_bytes(encode_png(np.concatenate([portrait(red) for red in reds], axis=1)))

    write_sheet(0, 1, 2, 3)
    run_command("scan", "s.png", "--tile", "24", "-o", "t.csv")
    write_sheet(0, 4, 2, 3)
    done(detector)
    assert run_command("scan", "s.png", "--tile", "24", "-o", "t.csv", "--resume").code == 0
    assert done(detector) == 1


def test_a_locked_output_is_left_alone(detector: Interrupted) -> None:
    run_command("scan", "p", "-o", "t.csv")
    before = {p: p.read_bytes() for p in Path().glob(".t.csv*")}
    Path(".t.csv.punkdetect-lock").write_text(str(os.getpid()))
    result = run_command("scan", "p", "-o", "t.csv", "--resume")
    assert (result.code, "locked" in result.err) == (3, True)
    assert all(p.read_bytes() == data for p, data in before.items())
    assert Path(".t.csv.punkdetect-lock").exists()


def start(*args: str | Path, cwd: Path, **more: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "punkdetect", "scan", *map(str, args), "--all", "-q"]
    return start_process(command, cwd=cwd, stderr=subprocess.PIPE, **more)


def write_drawn(folder: Path, n: int) -> None:
    from punkdetect.synth import draw

    folder.mkdir()
    files = [encode_png(rgba) for rgba in draw(50, 24).rgba]
    for i in range(n):
        (folder / f"{i:04}.png").write_bytes(files[i * 7 % len(files)])


@pytest.mark.parametrize("output", FORMATS)
def test_scans_killed_at_random_moments_end_like_an_undisturbed_one(tmp_path: Path, output: str) -> None:
    if output.endswith("parquet"):
        pytest.importorskip("pyarrow")
    write_drawn(tmp_path / "p", 1500)
    begun = time.monotonic()
    with start("p", "-o", f"whole{Path(output).suffix}", cwd=tmp_path) as process:
        process.communicate()
    whole = time.monotonic() - begun
    expected = (tmp_path / f"whole{Path(output).suffix}").read_bytes()
    rng = random.Random(24)
    kills = 0
    for share in (0.2, 0.4, 0.6):  # of an undisturbed scan: the first comes before its end on any machine
        with start("p", "-o", output, "--resume", "-j", "2", cwd=tmp_path) as process:
            time.sleep(rng.uniform(share / 2, share) * whole)
            process.kill()
        kills += process.returncode == -signal.SIGKILL
        assert not (tmp_path / output).exists() or (tmp_path / output).read_bytes() == expected
    assert kills >= 1
    with start("p", "-o", output, "--resume", cwd=tmp_path) as process:
        _, err = process.communicate()
    assert process.returncode == 0, err
    assert (tmp_path / output).read_bytes() == expected


def test_a_full_disk_keeps_what_is_done_and_the_old_output(tmp_path: Path) -> None:
    write_drawn(tmp_path / "p", 600)
    with start("p", "-o", "t.csv", cwd=tmp_path) as process:
        process.communicate()
    expected = (tmp_path / "t.csv").read_bytes()
    (tmp_path / ".t.csv.punkdetect-journal").unlink()
    room = len(expected) * 3 // 4

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    with start("p", "-o", "t.csv", cwd=tmp_path, preexec_fn=small_disk) as process:
        _, err = process.communicate()
    assert process.returncode == 3
    assert b"what was done is kept: run again with --resume" in err
    assert (tmp_path / "t.csv").read_bytes() == expected
    assert (tmp_path / ".t.csv.punkdetect-journal").stat().st_size > 10_000
    with start("p", "-o", "t.csv", "--resume", cwd=tmp_path) as process:
        process.communicate()
    assert process.returncode == 0
    assert (tmp_path / "t.csv").read_bytes() == expected


def interrupt(process: subprocess.Popen[bytes], output: Path, times: int = 1) -> bytes:
    """Press Ctrl-C, which strikes the whole group, when something is done; return what the person reads."""
    part = output.with_name(f".{output.name}.punkdetect-part")
    while process.poll() is None and not (part.exists() and part.stat().st_size > 5000):
        time.sleep(0.01)
    for _ in range(times):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.002)
    return process.communicate()[1]


def test_ctrl_c_strikes_the_whole_group_and_leaves_one_line_and_no_process(tmp_path: Path) -> None:
    write_drawn(tmp_path / "p", 2000)
    with start("p", "-o", "t.csv", "-j", "2", cwd=tmp_path, start_new_session=True) as process:
        err = interrupt(process, tmp_path / "t.csv")
    assert process.returncode == 130
    assert len(err.split(b"\n")) <= 3, "click ends it with an empty line"
    assert b"of 2000 done, run again with --resume" in err
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_second_ctrl_c_ends_it_at_once_and_what_is_done_is_kept(tmp_path: Path) -> None:
    write_drawn(tmp_path / "p", 2000)
    with start("p", "-o", "t.csv", "-j", "2", cwd=tmp_path, start_new_session=True) as process:
        err = interrupt(process, tmp_path / "t.csv", times=3)
    assert process.returncode in (130, -signal.SIGINT)
    assert b"Traceback" not in err
    with start("p", "-o", "t.csv", "--resume", cwd=tmp_path) as process:
        process.communicate()
    assert process.returncode == 0
    with start("p", "-o", "whole.csv", cwd=tmp_path) as process:
        process.communicate()
    assert (tmp_path / "t.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_ctrl_c_on_a_sheet_says_of_how_many_tiles(tmp_path: Path) -> None:
    import numpy as np

    from punkdetect.synth import draw

    row = np.concatenate(list(draw(50, 24).rgba), axis=1)
    (tmp_path / "s.png").write_bytes(encode_png(np.concatenate([row] * 40)))
    arguments = ["s.png", "--tile", "24", "-o", "t.csv", "-j", "2"]
    with start(*arguments, cwd=tmp_path, start_new_session=True) as process:
        err = interrupt(process, tmp_path / "t.csv")
    assert (process.returncode, b"of 2000 done, run again with --resume" in err) == (130, True), err


@pytest.fixture
def in_the_background() -> Iterator[None]:
    """Ignore Ctrl-C, as what a shell starts with `&` does, and all that it starts."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("in_the_background")
def test_ctrl_c_reaches_the_processes_of_tests_that_run_in_the_background(tmp_path: Path) -> None:
    with start_process(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == -signal.SIGINT


@pytest.mark.usefixtures("in_the_background")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_scan_in_the_background_is_left_alone_by_ctrl_c(tmp_path: Path, jobs: str) -> None:
    write_drawn(tmp_path / "p", 2000)
    command = [sys.executable, "-m", "punkdetect", "scan", "p", "-o", "t.csv", "-q", "-j", jobs]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, start_new_session=True) as process:
        err = interrupt(process, tmp_path / "t.csv")
    assert (process.returncode, err) == (0, b"")
    assert len((tmp_path / "t.csv").read_text().splitlines()) == 2001


FRESH = (
    "import sys\n"
    "from punkdetect.engines import workers\n"
    "workers.can_fork = lambda: False\n"
    "from punkdetect.cli import main\n"
    "main(['scan', *sys.argv[1:], '--all', '-q', '-j', '2'])\n"
)
"""A scan by processes that are not forked, as on Windows and macOS."""


def test_a_scan_by_fresh_processes_is_interrupted_and_goes_on_like_one_by_forked_ones(tmp_path: Path) -> None:
    n = 5 * BLOCK  # some blocks are left when the first is written, whatever the number of processes
    write_drawn(tmp_path / "p", n)
    with start("p", "-o", "whole.csv", cwd=tmp_path) as process:
        process.communicate()
    command = [sys.executable, "-c", FRESH, "p", "-o", "t.csv"]
    with start_process(command, cwd=tmp_path, stderr=subprocess.PIPE, start_new_session=True) as process:
        err = interrupt(process, tmp_path / "t.csv")
    assert process.returncode == 130, err
    assert len(err.split(b"\n")) <= 3
    kept = len((tmp_path / ".t.csv.punkdetect-journal").read_bytes().splitlines()) - 1
    assert 0 < kept < n
    done = subprocess.run([*command, "--resume"], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "t.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_an_output_that_is_a_link_is_written_where_it_leads(detector: Interrupted) -> None:
    Path("elsewhere").mkdir()
    Path("t.csv").symlink_to("elsewhere/real.csv")
    run_command("scan", "p", "-o", "t.csv")
    done(detector)
    run_command("scan", "p", "-o", "t.csv", "--resume")
    assert done(detector) == 0
    assert Path("t.csv").is_symlink()
    beside = {path.name for path in Path("elsewhere").iterdir()}
    assert beside == {"real.csv", ".real.csv.punkdetect-journal"}


def test_a_link_planted_in_place_of_the_records_is_not_followed(detector: Interrupted) -> None:
    Path("precious").write_text("precious")
    Path(".t.csv.punkdetect-part").symlink_to("precious")
    Path(".t.csv.punkdetect-journal").symlink_to("precious")
    assert run_command("scan", "p", "-o", "t.csv").code == 0
    assert Path("precious").read_text() == "precious"
    assert not Path("t.csv").is_symlink()
