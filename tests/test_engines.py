"""Tables in, tables out, and the same on Ray Data: always the rows that a plain scan writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import punkdetect
from fakes import run_command
from punkdetect.engines.on_ray import _ours, is_address
from punkdetect.errors import EnvironmentUnusableError

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'punkdetect[parquet]'")

DEMO = Path(__file__).parents[1] / "data" / "demo"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of portraits of this project, in subfolders, with some that cannot be read."""
    folder = tmp_path / "pictures"
    for i, path in enumerate(sorted(DEMO.glob("*.png"))[:12]):
        place = folder / f"part_{i % 2}" / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    (folder / "part_1" / "=1 + 1%20.png").write_bytes((folder / "part_1").joinpath(path.name).read_bytes())
    (folder / "text.png").write_text("no picture")
    (folder / "empty.png").write_bytes(b"")
    return folder


def table_of(folder: Path) -> Any:
    files = sorted(path for path in folder.rglob("*.png") if path.is_file())
    names = [str(path.relative_to(folder)) for path in files]
    return pa.table({"image": names, "bytes": pa.array([path.read_bytes() for path in files], pa.binary())})


def rows(table: Any) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: row["image"])


def plain_scan(folder: Path, *options: str) -> Any:
    import pyarrow.parquet

    output = folder.parent / "plain.parquet"
    run_command("scan", folder, "-o", output, "--quiet", *options)
    return pyarrow.parquet.read_table(output)


def test_a_table_of_bytes_gets_the_rows_of_a_scan(pictures: Path) -> None:
    found = punkdetect.analyze_table(table_of(pictures))
    plain = plain_scan(pictures)
    assert found.schema.equals(plain.schema)
    assert rows(found) == rows(plain)
    assert len(found) == 15


def test_rows_come_in_the_order_of_the_table(pictures: Path) -> None:
    table = table_of(pictures).take(list(range(14, -1, -1)))
    found = punkdetect.analyze_table(table, traits=["expression"])
    assert found.column("image").to_pylist() == table.column("image").to_pylist()


def test_a_row_without_bytes_or_name_is_a_row_all_the_same() -> None:
    table = pa.table({"image": [None, "a"], "bytes": pa.array([b"x", None], pa.binary()), "more": [1, 2]})
    found = punkdetect.analyze_table(table, traits=["type"])
    assert found.column("status").to_pylist() == ["not-an-image", "unreadable"]
    assert found.column("message").to_pylist()[1] == "no bytes in the table"


def test_a_table_without_rows_gives_the_columns() -> None:
    table = pa.table({"image": pa.array([], pa.string()), "bytes": pa.array([], pa.binary())})
    found = punkdetect.analyze_table(table, traits=["type"])
    assert (len(found), found.column_names[:3]) == (0, ["image", "status", "message"])


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"image": ["a"]}, "no column 'bytes'"),
        ({"bytes": [b"a"]}, "no column 'image'"),
        ({"image": [1], "bytes": [b"a"]}, "column 'image' of the table is int64, not string"),
        ({"image": ["a"], "bytes": ["a"]}, "column 'bytes' of the table is string, not binary"),
    ],
)
def test_a_table_of_something_else_is_refused_with_what_it_needs(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(punkdetect.PunkdetectError, match=said):
        punkdetect.analyze_table(pa.table(columns))


@pytest.mark.parametrize(
    ("place", "is_one"),
    [("s3://bucket/folder", True), ("file:///tmp", True), ("a/b", False), ("C:/a", False), ("a:b//c", False)],
)
def test_addresses_are_told_from_paths(place: str, is_one: bool) -> None:
    assert is_address(place) == is_one


@pytest.mark.parametrize(
    "options",
    [("--tile", "24"), ("--resume",), ("--evidence",), ("--only", "new"), ("--format", "csv")],
)
def test_what_only_one_machine_can_do_is_refused_on_ray(pictures: Path, options: tuple[str, ...]) -> None:
    result = run_command("scan", pictures, "--engine", "ray", "-o", pictures.parent / "out", *options)
    assert (result.code, options[0] in result.err) == (2, True)


class TestOnRay:
    """Run for real on a local Ray of two cores, each in a process of its own: Ray stays where it started."""

    @pytest.fixture(autouse=True)
    def needs_ray(self) -> None:
        pytest.importorskip("ray", reason="Ray is not installed: pip install 'punkdetect[ray]'")

    def scan(self, *args: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if k != "RAY_ADDRESS"}
        environment |= {"RAY_USAGE_STATS_ENABLED": "0"}
        return subprocess.run(
            [sys.executable, "-m", "punkdetect", "scan", "--engine", "ray", "--jobs", "2", *map(str, args)],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )

    def test_folders_parquet_and_addresses_give_the_rows_of_a_plain_scan(
        self, pictures: Path, tmp_path: Path
    ) -> None:
        import pyarrow.dataset
        import pyarrow.parquet

        stored = tmp_path / "stored"
        stored.mkdir()
        half = table_of(pictures / "part_0")
        pyarrow.parquet.write_table(half, stored / "a.parquet", row_group_size=2)
        address = f"file://{pictures / 'part_1'}"
        done = self.scan(pictures, stored, address, "-o", tmp_path / "out")
        assert done.returncode == 1, done.stderr
        assert "26 of 28 pictures done" in done.stderr
        assert "1 not-an-image" in done.stderr or "2 not-an-image" in done.stderr
        found = rows(pyarrow.dataset.dataset(tmp_path / "out", format="parquet").to_table())
        plain = rows(plain_scan(pictures))
        parts = [row | {"image": Path(row["image"]).name} for row in plain if "part_" in row["image"]]
        assert found == sorted([*plain, *parts], key=lambda row: row["image"])

    def test_what_is_there_already_is_not_mixed_with(self, pictures: Path, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "old.parquet").write_bytes(b"old")
        done = self.scan(pictures, "-o", tmp_path / "out")
        assert (done.returncode, "is not empty" in done.stderr) == (2, True)
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["old.parquet"]

    def test_a_place_that_is_not_there_is_said_before_ray_starts(self, tmp_path: Path) -> None:
        done = self.scan(tmp_path / "nowhere", "-o", tmp_path / "out")
        assert (done.returncode, "does not exist" in done.stderr) == (2, True)
        done = self.scan(f"file://{tmp_path}/nowhere", "-o", tmp_path / "out")
        assert (done.returncode, "does not exist" in done.stderr) == (2, True)

    def test_names_that_are_no_utf8_and_folders_of_nothing_are_read(
        self, pictures: Path, tmp_path: Path
    ) -> None:
        import pyarrow.dataset

        (tmp_path / "nothing").mkdir()
        odd = tmp_path / "odd" / os.fsdecode(b"\xff")
        odd.mkdir(parents=True)
        (odd / os.fsdecode(b"\xfe.png")).write_bytes((pictures / "part_1" / "=1 + 1%20.png").read_bytes())
        done = self.scan(odd, "-o", tmp_path / "out")
        assert (done.returncode, "name the folder above" in done.stderr) == (2, True), done.stderr
        done = self.scan(odd.parent, "-o", tmp_path / "out")
        assert (done.returncode, "1 of 1 picture done" in done.stderr) == (0, True), done.stderr
        found = pyarrow.dataset.dataset(tmp_path / "out", format="parquet").to_table()
        assert found.column("image").to_pylist() == ["\\udcff/\\udcfe.png"]
        done = self.scan(tmp_path / "nothing", "-o", tmp_path / "none")
        assert (done.returncode, "no images found in" in done.stderr) == (1, True), done.stderr
        empty = pyarrow.dataset.dataset(tmp_path / "none", format="parquet").to_table()
        assert (len(empty), empty.column_names) == (0, found.column_names)

    def test_a_full_disk_is_told_of(self, pictures: Path, tmp_path: Path) -> None:
        done = self.scan(pictures, "-o", "/dev/null")
        assert (done.returncode, "is a file" in done.stderr) == (2, True)
        error = OSError(28, "Error writing bytes to file. Detail: ...")
        wrapped = RuntimeError("what Ray says of it, at length")
        wrapped.__cause__ = error
        ours = _ours(wrapped)
        assert isinstance(ours, EnvironmentUnusableError)
        assert ours.message == "the cluster cannot go on: no space left on device"

    def test_a_folder_of_parquet_and_pictures_is_asked_wrongly(self, pictures: Path, tmp_path: Path) -> None:
        import pyarrow.parquet

        pyarrow.parquet.write_table(table_of(pictures), pictures / "a.parquet")
        for place in (pictures, f"file://{pictures}"):
            done = self.scan(place, "-o", tmp_path / "out")
            assert (done.returncode, "both Parquet and pictures" in done.stderr) == (2, True)

    def test_parquet_without_the_columns_is_asked_wrongly(self, tmp_path: Path) -> None:
        import pyarrow.parquet

        pyarrow.parquet.write_table(pa.table({"picture": [b"x"]}), tmp_path / "a.parquet")
        done = self.scan(tmp_path / "a.parquet", "-o", tmp_path / "out")
        assert done.returncode == 2, done.stderr
        assert "no column 'image'" in done.stderr
