"""Manners that all commands share: exit codes, messages, outputs that are never lost, help that works."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

from fakes import CornerDetector, portrait, run_command, start_process, use_detectors, write_portrait
from punkdetect.cli import cli
from punkdetect.images import encode_png

COMMANDS = {name: cli.get_command(click.Context(cli), name) for name in cli.list_commands(click.Context(cli))}


@pytest.fixture
def corner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to work in, with a config under which the one detector there is answers."""
    use_detectors(monkeypatch, CornerDetector())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "features.yaml").write_text(
        "traits: {expression: {detector: expression.corner, show: always}}"
    )
    return tmp_path


def start(*args: str | Path, **more: Any) -> subprocess.Popen[bytes]:
    """Start the command as a process of its own."""
    command = [sys.executable, "-m", "punkdetect", *map(str, args)]
    return start_process(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def test_help_lists_every_command_and_the_exit_codes() -> None:
    result = run_command("--help")
    assert result.code == 0
    for name in ("analyze", "scan", "explain", "recover", "features", "validate"):
        assert f"\n  {name} " in result.out.decode()
    assert "130 interrupted" in result.out.decode()


def test_help_says_the_same_to_python_that_strips_docstrings() -> None:
    code = (
        "import sys\nfrom punkdetect.cli import cli, run\n"
        "for name in ['', *cli.list_commands(None)]:\n    run([name, '--help'] if name else ['--help'])\n"
    )
    said = [
        subprocess.run([sys.executable, *flags, "-c", code], capture_output=True, check=True).stdout
        for flags in ([], ["-OO"])
    ]
    assert said[0] == said[1]
    assert b"Read the traits of 24x24 pixel portraits" in said[0]


def test_version_is_said() -> None:
    assert re.fullmatch(rb"punkdetect \d+\.\d+\.\d+\n", run_command("--version").out)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_commands_help_ends_with_two_examples(name: str) -> None:
    command = COMMANDS[name]
    assert command is not None
    assert command.help
    epilog = command.epilog or ""
    assert epilog.startswith("\b\nExamples:\n")
    assert len(epilog.splitlines()) == 4
    for line in epilog.splitlines()[2:]:
        assert shlex.split(line)[:2] == ["punkdetect", name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    command = COMMANDS[name]
    assert command is not None
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def test_an_unknown_command_says_which_was_meant() -> None:
    result = run_command("scna")
    assert (result.code, "Did you mean scan?" in result.err) == (2, True)


def test_an_unknown_option_says_which_was_meant(corner: Path) -> None:
    result = run_command("scan", ".", "--trait", "expression", "-o", "t.csv")
    assert (result.code, "--traits" in result.err) == (2, True)
    assert not (corner / "t.csv").exists()


def test_no_command_shows_the_help() -> None:
    assert run_command().code == 2


@pytest.mark.parametrize("command", ["analyze", "scan", "explain", "recover"])
def test_a_missing_path_stops_everything_before_it_starts(corner: Path, command: str) -> None:
    write_portrait(corner / "a.png")
    output = "t.csv" if command == "scan" else "o.png"
    paths = ["none.png"] if command == "explain" else ["a.png", "none.png"]
    result = run_command(command, *paths, "-o", output)
    assert (result.code, "none.png: no such file" in result.err) == (2, True)
    assert not (corner / output).exists()


@pytest.mark.parametrize(
    ("value", "words"),
    [("nan", "not a finite number"), ("inf", "not a finite"), ("2", "between"), ("x", "not a")],
)
def test_min_confidence_must_be_a_share(corner: Path, value: str, words: str) -> None:
    result = run_command("analyze", write_portrait(corner / "a.png"), "--min-confidence", value)
    assert (result.code, words in result.err) == (2, True)


def test_a_broken_config_stops_everything_before_it_starts(corner: Path) -> None:
    write_portrait(corner / "p" / "a.png")
    (corner / "configs" / "features.yaml").write_text("traits: !!python/object/apply:os.system [x]")
    result = run_command("scan", "p", "-o", "t.csv")
    assert result.code == 2
    assert "configs/features.yaml, line 1, column 9: tags are not allowed" in result.err
    assert not (corner / "t.csv").exists()


@pytest.mark.parametrize("option", ["--config", "--labels"])
def test_a_pipe_is_neither_config_nor_labels_and_is_not_waited_for(tmp_path: Path, option: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    process = start("validate", option, tmp_path / "pipe", cwd=tmp_path)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, b"not a regular file" in err) == (2, True)


def test_a_pipe_that_a_config_calls_its_labels_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "c.yaml").write_text("labels: pipe\ntraits: {}")
    process = start("features", "--config", "c.yaml", cwd=tmp_path)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_config_that_names_an_unknown_detector_is_refused(corner: Path) -> None:
    (corner / "configs" / "features.yaml").write_text("traits: {expression: {detector: expression.cornr}}")
    result = run_command("features")
    assert (result.code, "did you mean expression.corner?" in result.err) == (2, True)


def test_an_unknown_trait_says_which_was_meant(corner: Path) -> None:
    result = run_command("analyze", write_portrait(corner / "a.png"), "--traits", "expresion")
    assert (result.code, "did you mean expression?" in result.err) == (2, True)
    result = run_command("analyze", "a.png", "--traits", "zzz")
    assert (result.code, "punkdetect features lists them" in result.err) == (2, True)


def test_a_fault_of_ours_is_one_line_and_says_how_to_see_the_rest(
    corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError("odd\nthing")

    monkeypatch.setattr("punkdetect.pipeline.open_analyzer", fail)
    result = run_command("analyze", write_portrait(corner / "a.png"))
    assert result.code == 70
    assert result.err.count("\n") == 1
    assert "RuntimeError: odd thing" in result.err
    assert "PUNKDETECT_DEBUG=1" in result.err
    monkeypatch.setenv("PUNKDETECT_DEBUG", "1")
    assert "Traceback" in run_command("analyze", "a.png").err


def test_a_detector_fault_shows_its_traceback_to_those_who_ask(
    corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fakes import FussyDetector

    use_detectors(monkeypatch, FussyDetector(method="corner"))
    path = write_portrait(corner / "a.png", blue=13)
    assert run_command("analyze", path).code == 1
    monkeypatch.setenv("PUNKDETECT_DEBUG", "1")
    assert "ZeroDivisionError" in run_command("analyze", path).err


@pytest.mark.parametrize("command", ["analyze", "scan"])
def test_an_output_of_somebody_else_is_never_written_over(corner: Path, command: str) -> None:
    write_portrait(corner / "p" / "a.png")
    path, name = ("p", "out.csv") if command == "scan" else ("p/a.png", "out.json")
    output = corner / name
    output.write_text("precious")
    result = run_command(command, path, "-o", output)
    assert (result.code, "say --force" in result.err) == (2, True)
    assert output.read_text() == "precious"
    assert run_command(command, path, "-o", output, "--force").code == 0
    assert run_command(command, path, "-o", output).code == 0, "its own output needs no force"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("scan", "p", "--format", "csv", "-o", "t.json"), "end it in .csv"),
        (("scan", "p", "--format", "jsonl", "-o", "t.JSON"), "end it in .jsonl"),
        (("rarity", "p", "--format", "text", "-o", "t.csv"), "end it in .txt"),
        (("audit", "p", "--format", "html", "-o", "t.csv"), "end it in .html"),
        (("analyze", "p/a.png", "-o", "t.csv"), "end it in .json, or let punkdetect scan write a table"),
    ],
)
def test_no_output_gets_the_name_of_another_format(corner: Path, args: tuple[str, ...], words: str) -> None:
    write_portrait(corner / "p" / "a.png")
    result = run_command(*args)
    assert (result.code, words in result.err) == (2, True)
    assert not (corner / args[-1]).exists()


def test_a_format_may_have_a_name_that_belongs_to_none(corner: Path) -> None:
    write_portrait(corner / "p" / "a.png")
    for args in (("scan", "p", "--format", "csv"), ("analyze", "p/a.png")):
        for name in ("t.dat", "t.txt", "t"):
            assert run_command(*args, "--force", "-o", name).code == 0


@pytest.mark.parametrize("command", ["explain", "recover"])
def test_a_picture_that_is_not_ours_is_never_written_over(corner: Path, command: str) -> None:
    path, other = write_portrait(corner / "a.png"), write_portrait(corner / "other.png")
    before = other.read_bytes()
    assert run_command(command, path, "-o", other).code == 2
    assert other.read_bytes() == before
    assert run_command(command, path, "-o", "new.png").code == 0
    assert run_command(command, path, "-o", "new.png").code == 0, "its own output needs no force"


@pytest.mark.parametrize("command", ["analyze", "scan", "explain", "recover"])
def test_an_input_is_never_written_over_even_by_force(corner: Path, command: str) -> None:
    path = write_portrait(corner / "a.png")
    before = path.read_bytes()
    extra = ["--format", "csv"] if command == "scan" else []
    result = run_command(command, path, "-o", path, "--force", *extra)
    assert (result.code, "one of the inputs" in result.err) == (2, True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", ["configs/features.yaml", "data/labels.csv"])
@pytest.mark.parametrize("command", ["analyze", "scan", "features", "validate"])
def test_the_config_and_its_labels_are_never_written_over_even_by_force(
    corner: Path, command: str, kept: str
) -> None:
    (corner / "data").mkdir()
    (corner / "data" / "labels.csv").write_text("image,expression\na,smile\n")
    write_portrait(corner / "a.png")
    with (corner / "configs" / "features.yaml").open("a") as config:
        config.write("\nlabels: ../data/labels.csv\n")
    before = (corner / kept).read_bytes()
    asked = {
        "analyze": ["a.png", "-o", kept],
        "scan": ["a.png", "--format", "csv", "-o", kept],
        "features": ["--json", kept],
        "validate": ["--labels", "data/labels.csv", "--json", kept],
    }
    result = run_command(command, *asked[command], "--force")
    assert (result.code, "one of the inputs" in result.err) == (2, True)
    assert (corner / kept).read_bytes() == before


@pytest.mark.parametrize("output", [".", "none/t.csv"])
def test_an_output_that_cannot_be_written_is_refused_before_any_work(corner: Path, output: str) -> None:
    path = write_portrait(corner / "p" / "a.png")
    assert run_command("scan", path, "-o", output, "--format", "csv").code == 2
    assert sorted(p.name for p in corner.iterdir()) == ["configs", "p"]


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("command", ["scan", "explain", "recover"])
def test_an_open_file_is_written_on_and_never_replaced(tmp_path: Path, name: str, command: str) -> None:
    write_portrait(tmp_path / "a.png")
    with start(command, "a.png", "-o", name, "-q", cwd=tmp_path) as process:
        piped, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert piped.startswith(b"image,status" if command == "scan" else b"\x89PNG")
    log = tmp_path / "log"
    log.write_bytes(b"before\n")
    with log.open("ab") as file:
        arguments = [sys.executable, "-m", "punkdetect", command, "a.png", "-o", name, "-q"]
        subprocess.run(arguments, stdout=file, cwd=tmp_path, check=True)
    assert log.read_bytes() == b"before\n" + piped
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.png", "log"]


def test_a_named_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    write_portrait(tmp_path / "a.png")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with start("scan", "a.png", "-o", pipe, "-q", cwd=tmp_path) as process:
        assert pipe.read_bytes().startswith(b"image,status")
    assert process.returncode == 0
    assert pipe.is_fifo()


def test_a_full_disk_is_exit_code_3(corner: Path) -> None:
    path = write_portrait(corner / "a.png")
    result = run_command("scan", path, "-o", "/dev/full")
    assert (result.code, "No space left" in result.err) == (3, True)


def test_a_reader_that_stops_early_ends_the_run_quietly(tmp_path: Path) -> None:
    for i in range(40):
        write_portrait(tmp_path / "p" / f"{i:03}.png")
    with start("scan", "p", "--all", "--format", "jsonl", "-q", cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # as `head` does when it has seen enough
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_a_closed_standard_output_is_told_of(tmp_path: Path) -> None:
    path = write_portrait(tmp_path / "a.png")
    command = f'exec "{sys.executable}" -m punkdetect analyze "{path}" >&-'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, "standard output is closed" in done.stderr) == (3, True)


@pytest.mark.parametrize("closed", ["2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_reason_to_stop_and_nothing_else_gets_into_the_output(
    tmp_path: Path, closed: str
) -> None:
    for i in range(3):
        write_portrait(tmp_path / "p" / f"{i}.png")
    scan = f'"{sys.executable}" -m punkdetect scan p -o'
    subprocess.run(["/bin/sh", "-c", f"{scan} open.csv"], cwd=tmp_path, check=True, capture_output=True)
    done = subprocess.run(["/bin/sh", "-c", f"exec {scan} closed.csv {closed}"], cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert (tmp_path / "closed.csv").read_bytes() == (tmp_path / "open.csv").read_bytes()
    code = (
        "import os, sys, punkdetect.__main__ as m\n"
        "sys.argv[1:] = ['--version']\n"
        "try: m.main()\n"
        "except SystemExit: sys.exit(any(not os.path.exists(f'/proc/self/fd/{n}') for n in range(3)))"
    )
    done = subprocess.run(["/bin/sh", "-c", f'exec "{sys.executable}" -c "$0" {closed}', code], check=False)
    assert done.returncode == 0, "no file of ours gets the number of a standard stream"


@pytest.mark.parametrize("command", ["scan", "analyze", "explain", "recover", "rarity", "caption"])
def test_an_empty_name_is_no_folder_to_scan(corner: Path, command: str) -> None:
    write_portrait(corner / "a.png")
    result = run_command(command, "")
    assert (result.code, "empty name" in result.err) == (2, True)


def test_a_second_run_into_the_same_output_is_locked_out(corner: Path) -> None:
    path = write_portrait(corner / "a.png")
    (corner / ".t.csv.punkdetect-lock").write_text(str(os.getpid()))
    result = run_command("scan", path, "-o", "t.csv")
    assert (result.code, "locked" in result.err) == (3, True)


def test_an_interrupted_scan_says_how_far_it_came_and_keeps_what_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    for i in range(3000):
        write_portrait(folder / f"{i:04}.png") if i == 0 else os.link(
            folder / "0000.png", folder / f"{i:04}.png"
        )
    (tmp_path / "t.csv").write_text("")
    process = start("scan", folder, "--all", "-o", tmp_path / "t.csv", cwd=tmp_path)
    part = tmp_path / ".t.csv.punkdetect-part"
    while not part.exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130, err
    assert b"of 3000 done, run again with --resume" in err
    assert (tmp_path / "t.csv").read_text() == ""
    kept = [".t.csv.punkdetect-journal", ".t.csv.punkdetect-part"]
    assert sorted(p.name for p in tmp_path.iterdir()) == [*kept, "p", "t.csv"]


@pytest.mark.parametrize(
    "args",
    [
        ("report", "--images", "p", "-o", "r.html"),
        ("rarity", "p", "-o", "r.csv"),
        ("export", "p", "-o", "metadata"),
        ("audit", "p", "--words", "w.csv", "-o", "a.csv"),
        ("explain", "p/0.png", "-o", "why.png"),
        ("validate", "--labels", "w.csv", "--images", "p", "--json", "v.json"),
    ],
)
def test_who_interrupts_is_told_that_nothing_was_written(
    corner: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    (corner / "w.csv").write_text("image,collection,family,expression\n0,c,0,smile\n")
    for i in range(3):
        write_portrait(corner / "p" / f"{i}.png")

    def strike(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(CornerDetector, "detect", strike)
    before = sorted(corner.iterdir())
    result = run_command(*args)
    assert (result.code, result.out, result.err) == (130, b"", "\ninterrupted: nothing was written\n")
    assert sorted(corner.iterdir()) == before


def test_a_file_that_begins_like_an_option_is_told_how_to_be_named(corner: Path) -> None:
    write_portrait(corner / "-dash.png")
    write_portrait(corner / "--all.png")
    for command in ("analyze", "scan", "explain"):
        for name in ("-dash.png", "--all.png"):
            result = run_command(command, name)
            assert (result.code, f"For the file of this name write ./{name}." in result.err) == (2, True)
    assert run_command("analyze", "./-dash.png").code == 0
    assert run_command("analyze", "--", "-dash.png").code == 0
    assert "For the file" not in run_command("analyze", "-x.png").err


@pytest.mark.parametrize(
    ("command", "output"),
    [
        (("report", "--images"), "r.html"),
        (("rarity",), "r.csv"),
        (("export",), "m.json"),
        (("export",), "m.csv"),
        (("audit", "--words", "w.csv"), "a.csv"),
    ],
)
def test_a_folder_without_pictures_takes_no_earlier_output_away(
    corner: Path, command: tuple[str, ...], output: str
) -> None:
    (corner / "w.csv").write_text("image,collection,family,expression\na,c,0,smile\n")
    (corner / "empty").mkdir()
    write_portrait(corner / "p" / "a.png")
    assert run_command(*command, "p", "-o", output).code == 0
    before = (corner / output).read_bytes()
    result = run_command(*command, "empty", "-o", output)
    assert (result.code, (corner / output).read_bytes()) == (1, before)
    said = f"no images found in empty; {corner / output} stays as it was (--force empties it)\n"
    assert result.err == said
    assert run_command(*command, "empty", "-o", output, "--force").code == 1
    assert (corner / output).read_bytes() != before


def test_who_interrupts_a_folder_of_outputs_is_told_how_far_it_came(
    corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(3):
        write_portrait(corner / "p" / f"{i}.png")
    from punkdetect.cli import _run, synth
    from punkdetect.writers import drawn_folder, token_folder

    def third_strikes(calls: list[int], function: Callable[..., Any]) -> Callable[..., Any]:
        def strike(*args: Any, **options: Any) -> Any:
            calls.append(1)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return function(*args, **options)

        return strike

    monkeypatch.setattr(_run, "put", third_strikes([], _run.put))
    recovered = run_command("recover", "p/0.png", "p/1.png", "p/2.png", "-o", "r/")
    assert (recovered.code, recovered.err) == (130, "interrupted: 2 of 3 pictures done\n\n")
    monkeypatch.setattr(token_folder, "_put", third_strikes([], token_folder._put))
    exported = run_command("export", "p", "-o", "m")
    assert (exported.code, exported.err) == (
        130,
        "interrupted: m may lack some of 3 tokens; run again for all\n\n",
    )
    monkeypatch.setattr(synth, "_BLOCK", 2)
    monkeypatch.setattr(drawn_folder.DrawnFolder, "add", third_strikes([], drawn_folder.DrawnFolder.add))
    drawn = run_command("synth", "-n", "9", "-o", "d")
    assert (drawn.code, drawn.err) == (
        130,
        "interrupted: 4 of 9 portraits in d, without labels; run again for all\n\n",
    )
    assert len(list((corner / "d").iterdir())) == 4


def test_an_interrupt_while_classes_are_being_made_is_exit_code_130_too(tmp_path: Path) -> None:
    (tmp_path / "strike.py").write_text(
        "import punkdetect.cli as c\n"
        "c.cli.main = lambda **options: exec('raise KeyboardInterrupt')\n"
        "c.main()\n"
    )
    done = subprocess.run([sys.executable, "-m", "strike"], cwd=tmp_path, check=False)
    assert done.returncode == 130


def test_an_interrupt_while_the_command_is_being_loaded_is_exit_code_130_too(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt")
    with start("--version", env={**os.environ, "PYTHONPATH": str(tmp_path)}, cwd=tmp_path) as process:
        said = process.communicate()
    assert (process.returncode, said) == (130, (b"", b""))


def test_a_killed_scan_leaves_the_old_output_and_the_next_run_clears_up(tmp_path: Path) -> None:
    folder, output = tmp_path / "p", tmp_path / "t.csv"
    first = write_portrait(folder / "0000.png")
    for i in range(1, 2000):
        (folder / f"{i:04}.png").hardlink_to(first)
    assert run_command("scan", first, "-o", output).code == 0
    before = output.read_bytes()
    with start("scan", folder, "--all", "-o", output, cwd=tmp_path) as process:
        while not (tmp_path / ".t.csv.punkdetect-part").exists() and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert output.read_bytes() == before
    assert run_command("scan", first, "-o", output).code == 0
    assert output.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [".t.csv.punkdetect-journal", "p", "t.csv"]


def test_a_bar_is_shown_on_a_terminal_only(corner: Path) -> None:
    for i in range(3):
        write_portrait(corner / "p" / f"{i}.png")
    main, terminal = os.openpty()
    command = [sys.executable, "-m", "punkdetect", "scan", "p", "--config"]
    plain = corner / "plain.yaml"
    plain.write_text("traits: {}")
    done = subprocess.run([*command, plain, "-o", "t.csv"], stderr=terminal, check=True)
    os.close(terminal)
    said = os.read(main, 65536).decode()
    os.close(main)
    assert done.returncode == 0
    assert "3/3" in said
    assert " a second" in said
    assert "3 of 3 pictures done" in said.splitlines()[-1]
    with start("scan", "p", "--config", plain, "-o", "t.csv") as process:
        _, err = process.communicate()
    assert len(err.splitlines()) == 1


def test_where_there_is_no_terminal_a_line_is_said_every_so_often(
    corner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punkdetect.cli._say.REMIND", 0.0)
    monkeypatch.setattr("punkdetect.engines.local._block_size", lambda total, jobs: 2)
    for i in range(4):
        write_portrait(corner / "p" / f"{i}.png")
    lines = run_command("scan", "p", "-o", "t.csv").err.splitlines()
    assert len([line for line in lines if "a second" in line]) == 2
    assert re.fullmatch(r"2 of 4 pictures, [\d,]+ a second, 0 s left", lines[0])
    assert run_command("scan", "p", "-o", "t.csv", "-q").err == ""


def test_quiet_says_only_what_went_wrong(corner: Path) -> None:
    write_portrait(corner / "p" / "a.png")
    assert run_command("scan", "p", "-o", "t.csv", "-q").err == ""
    (corner / "p" / "b.png").write_text("text")
    assert run_command("scan", "p", "-o", "t.csv", "-q").err.splitlines() == [
        "b.png: not-an-image: begins like no picture format"
    ]


def test_a_name_never_steers_the_terminal(corner: Path) -> None:
    (corner / "p").mkdir()
    (corner / "p" / "a\n\x1b[2Jb.png").write_text("text")
    result = run_command("scan", "p", "-o", "t.csv")
    assert "a\\n\\x1b[2Jb.png: not-an-image" in result.err
    assert "\x1b" not in (corner / "t.csv").read_text()


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    process = start("--version", cwd=tmp_path)
    out, _ = process.communicate()
    assert out.startswith(b"punkdetect ")
    assert process.returncode == 0


def test_the_page_on_inputs_names_the_commands_that_cut_sheets(repository: Path) -> None:
    page = (repository / "docs" / "inputs.md").read_text(encoding="utf-8")
    told = re.search(r"## Sheets\n\n(.*) cut sheets\.", page)
    assert told
    cutting = {name for name, c in COMMANDS.items() if c and any("--tile" in p.opts for p in c.params)}
    assert set(re.findall(r"`(\w+)`", told[1])) == cutting


def test_a_sheet_can_be_cut_into_files_as_the_page_on_inputs_says(corner: Path) -> None:
    sheet = np.concatenate([portrait(1), portrait(2)], axis=1)
    (corner / "punks.png").write_bytes(encode_png(sheet))
    assert run_command("export", "punks.png", "--tile", "24", "--scale", "1", "-o", "tiles").code == 0
    tiles = sorted((corner / "tiles").rglob("*.png"))
    assert [run_command("analyze", tile).code for tile in tiles] == [0, 0]


@pytest.mark.parametrize("command", ["scan", "export"])
def test_a_name_that_is_too_long_is_refused_in_plain_words(corner: Path, command: str) -> None:
    result = run_command(command, write_portrait(corner / "a.png"), "-o", "x" * 300 + ".csv")
    assert (result.code, "File name too long" in result.err, "Errno" in result.err) == (2, True, False)


def test_a_picture_of_one_colour_is_not_taken_for_a_sheet(corner: Path) -> None:
    (corner / "blue.png").write_bytes(encode_png(np.full((480, 480, 4), (0, 0, 200, 255), np.uint8)))
    result = run_command("analyze", "blue.png")
    assert (result.code, "one colour" in result.err, "--tile" in result.err) == (1, True, False)


def test_evidence_does_not_go_into_text(corner: Path) -> None:
    result = run_command("analyze", write_portrait(corner / "a.png"), "--format", "text", "--evidence")
    assert (result.code, "leave out --format text" in result.err) == (2, True)
