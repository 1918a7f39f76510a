"""Every file that is meant is found once, in an order that stays, or ends as a record that says why not."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from punkdetect.errors import TooLargeError, UnreadableError, UsageError
from punkdetect.sources import STDIN, SourceError, SourceFile, find_sources, read_bytes


def make(folder: Path, *names: str) -> None:
    """Write files whose content is their own name."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def names(found: list[SourceFile | SourceError]) -> list[str]:
    return [item.name for item in found]


def reasons(found: list[SourceFile | SourceError]) -> dict[str, str]:
    return {
        item.name: f"{item.error.code}: {item.error.message}"
        for item in found
        if isinstance(item, SourceError)
    }


# What is found


def test_a_folder_is_walked_with_its_subfolders_in_the_order_of_names(tmp_path: Path) -> None:
    make(tmp_path, "b.png", "a/2.png", "a/10.png", "a/deep/er/x.png", "c.png", "B.png")
    found = find_sources([tmp_path])
    assert names(found) == ["B.png", "a/10.png", "a/2.png", "a/deep/er/x.png", "b.png", "c.png"]
    assert [Path(item.path).read_text() for item in found if isinstance(item, SourceFile)] == names(found)


def test_only_picture_suffixes_are_tried_in_a_folder_in_either_case(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a.png",
        "b.GIF",
        "c.webp",
        "d.bmp",
        "e.jpg",
        "f.JPEG",
        "g.txt",
        "h.tiff",
        "png",
        "i.png.bak",
    )
    assert names(find_sources([tmp_path])) == ["a.png", "b.GIF", "c.webp", "d.bmp", "e.jpg", "f.JPEG"]


def test_pictures_of_other_suffixes_are_left_out_of_a_folder_and_counted(tmp_path: Path) -> None:
    make(tmp_path, "a.png", "b.tiff", "c/d.TIFF", "c/e.ico", "notes.txt", "._b.tiff", ".tiff")
    said: list[str] = []
    assert names(find_sources([tmp_path, tmp_path / "b.tiff"], note=said.append)) == ["a.png", "b.tiff"]
    assert said == [f"{tmp_path}: 4 pictures of other suffixes left out (.ico, .tiff): name them to try them"]


def test_a_file_that_is_named_is_tried_whatever_it_is_called(tmp_path: Path) -> None:
    make(tmp_path, "portrait", "sub/x.tiff")
    assert names(find_sources([tmp_path / "portrait", tmp_path / "sub/x.tiff"])) == ["portrait", "x.tiff"]


def test_arguments_keep_their_order(tmp_path: Path) -> None:
    make(tmp_path, "b/1.png", "a/2.png", "0.png")
    given = [tmp_path / "b", tmp_path / "0.png", tmp_path / "a"]
    assert names(find_sources(given)) == ["1.png", "0.png", "2.png"]


def test_a_folder_called_like_a_picture_is_a_folder(tmp_path: Path) -> None:
    make(tmp_path, "x.png/inner.png")
    assert names(find_sources([tmp_path])) == ["x.png/inner.png"]
    assert names(find_sources([tmp_path / "x.png"])) == ["inner.png"]
    with pytest.raises(UsageError, match="is a folder"):
        find_sources([tmp_path / "x.png"], folders=False)


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert list(find_sources([tmp_path])) == []


def test_a_path_that_does_not_exist_stops_everything(tmp_path: Path) -> None:
    make(tmp_path, "a.png")
    for missing in ("b.png", "a.png/b", "nul\0byte"):
        with pytest.raises(UsageError, match="no such file"):
            find_sources([tmp_path / "a.png", f"{tmp_path}/{missing}"])


def test_names_stay_as_they_are_on_disk(tmp_path: Path) -> None:
    odd = [b"line\nbreak.png", b"\x1b[31mred.png", b"latin\xff.png", b"=1+1.png", b"-o.png", b" .png"]
    for name in odd:
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    found = find_sources([tmp_path])
    assert sorted(os.fsencode(name) for name in names(found)) == sorted(odd)
    assert all(
        read_bytes(item.path) == os.fsencode(item.name) for item in found if isinstance(item, SourceFile)
    )


def test_a_thousand_folders_inside_each_other_are_walked(tmp_path: Path) -> None:
    depth = 1000  # more than Python's recursion limit, less than the longest path
    home = Path.cwd()
    os.chdir(tmp_path)
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("x.png").write_text("deep")
    try:
        found = find_sources([tmp_path])
    finally:  # shutil.rmtree recurses, and would leave all of it behind
        Path("x.png").unlink()
        for _ in range(depth):
            os.chdir("..")
            Path("d").rmdir()
        os.chdir(home)
    assert names(found) == ["d/" * depth + "x.png"]


def test_companion_files_of_macos_are_left_out_and_counted(tmp_path: Path) -> None:
    make(tmp_path, "a.png", "._a.png", "sub/._b.png", ".hidden.png")
    said: list[str] = []
    assert names(find_sources([tmp_path], note=said.append)) == [".hidden.png", "a.png"]
    assert len(said) == 1
    assert "2 companion files" in said[0]


# Names that collide


def test_equal_names_from_different_folders_become_the_paths_as_given(tmp_path: Path) -> None:
    make(tmp_path, "lad/1.png", "lady/1.png", "lady/2.png")
    lad, lady = str(tmp_path / "lad"), str(tmp_path / "lady")
    assert names(find_sources([lad, lady])) == [f"{lad}/1.png", f"{lady}/1.png", "2.png"]
    assert names(find_sources([f"{lad}/1.png", f"{lady}/1.png"])) == [f"{lad}/1.png", f"{lady}/1.png"]


def test_a_longer_name_that_collides_again_is_resolved_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a/x.png", "b/x.png", "root/a/x.png")
    monkeypatch.chdir(tmp_path)
    assert names(find_sources(["a/x.png", "b/x.png", "root"])) == ["a/x.png", "b/x.png", "root/a/x.png"]


# The same file again


def test_the_same_file_by_two_arguments_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "d/a.png", "d/b.png")
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    assert names(find_sources(["d/a.png", "./d/a.png", "d", "d"], note=said.append)) == ["a.png", "b.png"]
    assert len(said) == 3
    assert names(find_sources(["d", "d/a.png"])) == ["a.png", "b.png"]


def test_a_link_beside_its_target_is_one_picture_under_the_name_of_the_target(tmp_path: Path) -> None:
    make(tmp_path, "real.png")
    (tmp_path / "a_link.png").symlink_to("real.png")
    said: list[str] = []
    assert names(find_sources([tmp_path], note=said.append)) == ["real.png"]
    assert len(said) == 1
    assert "a_link.png: the same file as" in said[0]


def test_a_link_to_a_file_elsewhere_is_read(tmp_path: Path) -> None:
    make(tmp_path, "elsewhere/real.png")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/link.png").symlink_to("../elsewhere/real.png")
    assert names(find_sources([tmp_path / "folder"])) == ["link.png"]


def test_copies_and_hard_links_are_pictures_of_their_own(tmp_path: Path) -> None:
    make(tmp_path, "a.png")
    shutil.copy(tmp_path / "a.png", tmp_path / "b.png")
    os.link(tmp_path / "a.png", tmp_path / "c.png")
    (tmp_path / "d.png").symlink_to("c.png")
    assert names(find_sources([tmp_path])) == ["a.png", "b.png", "c.png"]


def test_linked_folders_are_followed_only_when_asked_and_each_file_comes_once(tmp_path: Path) -> None:
    make(tmp_path, "a/x.png", "other/y.png")
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "a/other").symlink_to("../other")
    said: list[str] = []
    assert names(find_sources([tmp_path / "a"], note=said.append)) == ["x.png"]
    assert sorted(line.partition(": ")[2] for line in said) == ["a link to a folder, not followed"] * 2
    assert names(find_sources([tmp_path / "a"], follow_links=True)) == ["other/y.png", "x.png"]
    assert names(find_sources([tmp_path], follow_links=True)) == ["a/other/y.png", "a/x.png"]


def test_a_folder_named_through_a_link_is_walked(tmp_path: Path) -> None:
    make(tmp_path, "real/x.png")
    (tmp_path / "link").symlink_to("real")
    assert names(find_sources([tmp_path / "link"])) == ["x.png"]


# What cannot be read


def test_a_pipe_is_a_record_and_nothing_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.png")
    expected = {"x.png": "unreadable: not a regular file"}
    assert reasons(find_sources([tmp_path])) == expected
    assert reasons(find_sources([tmp_path / "x.png"])) == expected
    with pytest.raises(UnreadableError, match="not a regular file"):
        read_bytes(str(tmp_path / "x.png"))


def test_a_socket_and_a_device_are_records() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/s.png")
        Path(f"{folder}/null.png").symlink_to("/dev/null")
        reason = "unreadable: not a regular file"
        assert reasons(find_sources([folder])) == {"null.png": reason, "s.png": reason}
        for path in (f"{folder}/s.png", "/dev/null"):
            with pytest.raises(UnreadableError, match="not a regular file"):
                read_bytes(path)


def test_links_that_lead_nowhere_are_records(tmp_path: Path) -> None:
    (tmp_path / "self.png").symlink_to("self.png")
    (tmp_path / "lost.png").symlink_to("nowhere.png")
    expected = {"lost.png": "unreadable: missing target", "self.png": "unreadable: link loop"}
    assert reasons(find_sources([tmp_path])) == expected
    given = [tmp_path / "lost.png", tmp_path / "self.png", tmp_path / "lost.png"]
    assert reasons(find_sources(given)) == expected
    assert names(find_sources(given)) == ["lost.png", "self.png"]


def test_a_file_that_goes_after_it_was_found_is_a_record(tmp_path: Path) -> None:
    make(tmp_path, "a.png")
    (found,) = find_sources([tmp_path])
    (tmp_path / "a.png").unlink()
    assert isinstance(found, SourceFile)
    with pytest.raises(UnreadableError, match="gone"):
        read_bytes(found.path)


def test_a_folder_in_place_of_a_file_is_a_record(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="not a regular file"):
        read_bytes(str(tmp_path))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can reach; those of pytest are private."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    for path in folder.rglob("*"):
        path.chmod(0o700)
    shutil.rmtree(folder)


AS_NOBODY = """
import os, sys
from punkdetect.sources import SourceFile
from punkdetect.sources import find_sources, read_bytes
from punkdetect.errors import PictureError
if os.geteuid() == 0:  # the owner of the machine may read everything
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for item in find_sources(sys.argv[1:]):
    try:
        error = read_bytes(item.path) and None if isinstance(item, SourceFile) else item.error
    except PictureError as caught:
        error = caught
    print(item.name, "read" if error is None else f"{error.code}: {error.message}", sep="|")
"""


def test_what_may_not_be_read_is_a_record_for_files_and_folders(open_folder: Path) -> None:
    make(open_folder, "a.png", "closed.png", "hidden/x.png", "nosearch/y.png")
    for path in (open_folder, open_folder / "nosearch", open_folder / "hidden"):
        path.chmod(0o755)
    (open_folder / "closed.png").chmod(0)
    (open_folder / "hidden").chmod(0)
    (open_folder / "nosearch").chmod(0o444)
    run = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(open_folder), str(open_folder / "hidden")],
        capture_output=True,
        text=True,
        check=False,
    )
    (open_folder / "hidden").chmod(0o755)
    (open_folder / "nosearch").chmod(0o755)
    assert run.returncode == 0, run.stderr
    lines = dict(line.split("|") for line in run.stdout.splitlines())
    assert lines == {
        "a.png": "read",
        "closed.png": "unreadable: permission denied",
        "hidden": "unreadable: permission denied: folder cannot be listed",
        "nosearch/y.png": "unreadable: permission denied",
    }


COMMAND_AS_NOBODY = """
import os, sys
from punkdetect.cli import run
command, named = sys.argv[1:]
run([command, "a.png", "--format", "csv", "-o", "/dev/null", "-q"][: 2 if command == "analyze" else None])
print("now as nobody", flush=True)
if os.geteuid() == 0:  # only now, when all is imported: what is imported may be the owner's alone
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(run([command, named]))
"""


@pytest.mark.parametrize("command", ["scan", "analyze"])
def test_what_may_not_be_read_is_a_record_though_it_was_named(open_folder: Path, command: str) -> None:
    make(open_folder, "a.png", "no/c.png")
    (open_folder / "configs").mkdir()
    (open_folder / "configs" / "features.yaml").write_text("traits: {}")
    (open_folder / "no").chmod(0)
    named = open_folder / "no" if command == "scan" else open_folder / "no" / "c.png"
    run = subprocess.run(
        [sys.executable, "-c", COMMAND_AS_NOBODY, command, str(named)],
        cwd=open_folder,
        capture_output=True,
        text=True,
        check=False,
    )
    (open_folder / "no").chmod(0o755)
    said = run.stdout.partition("now as nobody")[2]
    assert (run.returncode, "permission denied" in said) == (1, True), run.stderr


# Bytes


def test_bytes_are_read_whole_and_once(tmp_path: Path) -> None:
    for size in (0, 1, 4095, 4096, 4097, 300_000):
        content = os.urandom(size)
        (tmp_path / "x").write_bytes(content)
        assert read_bytes(str(tmp_path / "x")) == content
        assert read_bytes(str(tmp_path / "x"), max_bytes=max(size, 1)) == content


def test_a_file_over_the_limit_is_refused_even_if_it_grows_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(bytes(1000))
    with pytest.raises(TooLargeError):
        read_bytes(str(path), max_bytes=999)
    real_read = os.read

    def read_and_grow(file: int, count: int) -> bytes:
        with path.open("ab") as other:
            other.write(bytes(600))
        return real_read(file, count)

    monkeypatch.setattr(os, "read", read_and_grow)
    with pytest.raises(TooLargeError):
        read_bytes(str(path), max_bytes=1500)


def test_a_file_the_system_makes_up_is_read_although_it_has_no_size() -> None:
    if not Path("/proc/self/limits").exists():
        pytest.skip("needs the made-up files of Linux (/proc)")
    assert read_bytes("/proc/self/limits").startswith(b"Limit")


def test_no_file_stays_open() -> None:
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        read_bytes(__file__)
        for path in ("/dev/null", "/nowhere"):
            with pytest.raises(UnreadableError):
                read_bytes(path)
        with pytest.raises(TooLargeError):
            read_bytes(__file__, max_bytes=10)
    assert len(list(Path("/dev/fd").iterdir())) == before


class _Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Stdin(b"from a pipe"))
    assert list(find_sources(["-", "-"])) == [SourceFile("-", STDIN)]
    assert read_bytes(STDIN) == b"from a pipe"
    monkeypatch.setattr(sys, "stdin", _Stdin(b"from a pipe"))
    with pytest.raises(TooLargeError):
        read_bytes(STDIN, max_bytes=5)


def test_standard_input_that_is_closed_is_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UnreadableError, match="standard input"):
        read_bytes(STDIN)
