"""Work spread over processes: results in order, errors that arrive, no process left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes import CornerDetector, portrait
from punkdetect.engines import local, workers
from punkdetect.engines.local import scan
from punkdetect.engines.workers import AHEAD, can_fork, count_cores, run_in_order
from punkdetect.errors import CorruptError, EnvironmentUnusableError
from punkdetect.gate import TraitPlan, Verdict
from punkdetect.inputs import Item
from punkdetect.pipeline import Analyzer
from punkdetect.writers.csv_format import CsvFormat


def children() -> set[int]:
    """The processes that this one has forked and not yet seen end; other programs' are not counted."""
    me = os.getpid()
    numbers = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    mine = Path(f"/proc/{me}/cmdline").read_bytes()
    return {int(n) for n in numbers if Path(f"/proc/{n}/cmdline").read_bytes() in (mine, b"")}


def slow_if_even(n: int) -> tuple[int, int]:
    time.sleep(0.02 if n % 2 == 0 else 0.0)
    return n, os.getpid()


@pytest.mark.parametrize("jobs", [1, 2, 3, 5])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    results = list(run_in_order(slow_if_even, range(12), jobs))
    assert [n for n, _ in results] == list(range(12))
    who = {process for _, process in results}
    assert (os.getpid() in who) == (jobs == 1)
    assert len(who) <= jobs
    assert children() == set()


def test_no_tasks_give_no_results() -> None:
    assert list(run_in_order(slow_if_even, [], 2)) == []


def test_what_the_work_raises_arrives_and_no_process_is_left() -> None:
    def fail(n: int) -> int:
        if n == 3:
            raise CorruptError("three")
        return n

    found = []
    with pytest.raises(CorruptError, match="three"):
        found += list(run_in_order(fail, range(9), 2))
    assert children() == set()


def test_a_worker_that_is_ended_from_outside_is_told_of() -> None:
    def die(n: int) -> int:
        if n == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return n

    with pytest.raises(EnvironmentUnusableError, match="ended from outside"):
        list(run_in_order(die, range(6), 2))
    assert children() == set()


def test_every_worker_is_prepared_once_before_its_first_task() -> None:
    prepared: list[int] = []

    def count(n: int) -> int:
        time.sleep(0.01)
        return len(prepared)

    assert set(run_in_order(count, range(8), 2, lambda: prepared.append(1))) == {1}
    assert prepared == [], "it is the workers that are prepared"


def test_tasks_are_taken_no_further_ahead_than_a_few_a_worker() -> None:
    tasks = iter(range(1000))
    run = run_in_order(lambda n: n, tasks, 2)
    for _ in range(3):
        next(run)
    assert next(tasks) <= 3 + 2 * AHEAD
    run.close()
    assert children() == set()


def test_large_tasks_and_results_pass() -> None:
    rng = np.random.default_rng(24)
    arrays = [rng.integers(0, 255, 500_000, np.uint8) for _ in range(6)]
    for sent, back in zip(arrays, run_in_order(lambda a: a[::-1].copy(), arrays, 2), strict=True):
        assert np.array_equal(sent[::-1], back)


@pytest.mark.parametrize("forked", [True, False])
def test_workers_end_when_their_parent_is_killed(
    tmp_path: Path, forked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "can_fork", lambda: forked)
    middle = os.fork()
    if not middle:
        run = run_in_order(slow_if_even, iter(int, 1), 2)
        next(run)
        (tmp_path / "workers").write_text(" ".join(map(str, all_children() if not forked else children())))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(middle, 0)
    processes = [int(n) for n in (tmp_path / "workers").read_text().split()]
    assert len(processes) >= 2
    for _ in range(500):
        if not any(Path(f"/proc/{p}").exists() for p in processes if not is_dead(p)):
            return
        time.sleep(0.01)
    raise AssertionError("a worker is still there")


def all_children() -> list[int]:
    """The processes that this one has started, whatever runs in them."""
    me = os.getpid()
    return [int(n) for n in Path(f"/proc/{me}/task/{me}/children").read_text().split()]


def is_dead(process: int) -> bool:
    """Tell whether a process is gone, or only waits for somebody to look at its end."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_forking_waits_for_no_other_thread() -> None:
    import threading

    assert can_fork()
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    assert not can_fork()
    stop.set()
    thread.join()


def double(n: int) -> int:
    return 2 * n


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are fresh processes, as where none can be forked."""
    monkeypatch.setattr(workers, "can_fork", lambda: False)


@pytest.mark.usefixtures("fresh")
def test_fresh_processes_do_the_same_where_none_can_be_forked() -> None:
    assert list(run_in_order(double, range(5), 2)) == [0, 2, 4, 6, 8]


def fail_at_three(n: int) -> int:
    if n == 3:
        raise CorruptError("three")
    return n


def die_at_two(n: int) -> int:
    if n == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return n


@pytest.mark.usefixtures("fresh")
def test_fresh_processes_say_what_went_wrong_and_none_is_left() -> None:
    before = all_children()
    with pytest.raises(CorruptError, match="three"):
        list(run_in_order(fail_at_three, range(9), 2))
    with pytest.raises(EnvironmentUnusableError, match="ended from outside"):
        list(run_in_order(die_at_two, range(6), 2))
    run = run_in_order(double, iter(int, 1), 2)
    next(run)
    run.close()
    left = [
        n
        for n in set(all_children()) - set(before)
        if b"tracker" not in Path(f"/proc/{n}/cmdline").read_bytes()
    ]
    assert left == []


def test_an_analyzer_can_be_sent_to_a_fresh_process() -> None:
    import pickle

    from punkdetect.pipeline import open_analyzer

    work = local.BlockWork(open_analyzer(everything=True), CsvFormat([]))
    assert pickle.loads(pickle.dumps(work)).analyzer.headings == work.analyzer.headings


def test_there_is_a_core() -> None:
    assert count_cores() >= 1


def refuse(error: Exception) -> Any:
    raise error


def items() -> Iterator[Item]:
    """Pictures and refusals that can be sent to another process."""
    for i in range(100):
        error = CorruptError(f"number {i}")
        rgba = portrait(i % 5, 40 * (i % 6))
        yield Item(f"p{i}", partial(np.array, rgba) if i % 7 else partial(refuse, error))


@pytest.mark.parametrize("total", [100, None])
@pytest.mark.parametrize("block", [7, 64])
@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_records_are_the_same_for_any_number_of_processes(
    jobs: int, block: int, total: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = CornerDetector()
    shown = Verdict(True, True, "")
    analyzer = Analyzer([TraitPlan(detector.trait, detector, shown, 0.0, detector.vocabulary, True)])
    form = CsvFormat(analyzer.headings)
    (whole,) = scan(analyzer, form, items(), 100, 1)
    monkeypatch.setattr(local, "FEW", 10)
    monkeypatch.setattr(local, "LEAST", 5)
    monkeypatch.setattr(local, "BLOCK", block)
    parts = list(scan(analyzer, form, items(), total, jobs))
    assert b"".join(done.text for done in parts) == whole.text
    assert [status for done in parts for status in done.statuses] == whole.statuses
    assert [refusal for done in parts for refusal in done.refusals] == whole.refusals
    assert len(parts) > 1


def test_a_scan_after_an_analysis_in_the_same_process_comes_to_its_end(tmp_path: Path) -> None:
    """OpenCV's threads, which a plug-in may have started by then, are not there in a forked worker."""
    code = (
        "import sys, cv2, punkdetect\n"
        "from punkdetect.cli import run\n"
        "from punkdetect.images import encode_png\n"
        "from punkdetect.synth import draw\n"
        "cv2.setNumThreads(4)\n"
        "portraits = draw(300, 1).rgba\n"
        "punkdetect.analyze_batch(portraits, everything=True, traits=['hair_length'])\n"
        "for i, portrait in enumerate(portraits):\n"
        "    open(f'{i}.png', 'wb').write(encode_png(portrait))\n"
        "sys.exit(run(['scan', '.', '--all', '--traits', 'hair_length', '-o', 'out.csv', '--jobs', '2']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 301


def test_no_more_processes_are_started_than_have_something_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        workers, "run_in_order", lambda work, tasks, jobs, prepare: asked.append(jobs) or iter(())
    )
    for total in (100, 201, 1000):
        scan(Analyzer([]), CsvFormat([]), items(), total, 4)
    assert asked == [2, 4], "a hundred pictures are done by this process alone"


@pytest.mark.parametrize("forked", [True, False])
def test_more_processes_than_the_system_allows_are_told_of(forked: bool, tmp_path: Path) -> None:
    code = (
        "import resource\n"
        "from punkdetect.engines import workers\n"
        "from punkdetect.errors import EnvironmentUnusableError\n"
        f"workers.can_fork = lambda: {forked}\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))\n"
        "try:\n"
        "    list(workers.run_in_order(abs, range(9), 100))\n"
        "except EnvironmentUnusableError as error:\n"
        "    print(error.message)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.stdout == (
        "cannot start as many processes as asked for: Too many open files: try fewer --jobs\n"
    ), done.stderr
