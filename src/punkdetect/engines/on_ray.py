"""A scan on Ray Data: pictures on disks, in Parquet or in object stores, examined by every core of a cluster.

Knows Ray and pyarrow's file systems; what is done to each batch is `arrow`'s.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from punkdetect.engines.arrow import BYTES, IMAGE, check_columns, examine_items, examine_table
from punkdetect.errors import (
    EnvironmentUnusableError,
    PictureError,
    PunkdetectError,
    TooLargeError,
    UnreadableError,
    UsageError,
)
from punkdetect.inputs import Item
from punkdetect.pipeline import Analyzer
from punkdetect.sources import PORTRAIT_BYTES, SUFFIXES, SourceError, find_sources, read_bytes
from punkdetect.writers.parquet_format import ParquetFormat

if TYPE_CHECKING:
    import pyarrow
    import ray.data

BATCH = 1024
"""Pictures a task takes at once: some tenths of a second of work, long against what a task costs."""

STORE, PATH, CODE = "store", "path", "code"
"""Further columns of a list of pictures: address of the object store, empty on a disk; path of the file, or
what is wrong with it; error code of what cannot be read."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def is_address(place: str) -> bool:
    """Tell whether a place is an address such as `s3://bucket/folder` and no path."""
    return _ADDRESS.match(place) is not None


def scan_on_ray(
    places: Sequence[str],
    output: str,
    analyzer: Analyzer,
    *,
    forced: bool = False,
    jobs: int | None = None,
) -> Counter[str]:
    """Scan pictures with Ray Data and write their traits as Parquet.

    Joins the cluster that the environment variable RAY_ADDRESS names; else starts one on this machine.

    Parameters
    ----------
    places : sequence of str
        Picture files and folders of them, Parquet files of image bytes (columns `image` and `bytes`) and
        folders of those, as paths or as addresses that pyarrow knows (`s3://`, `gs://`, `hdfs://`...).
    output : str
        Folder or address where the Parquet files are put.
    analyzer : Analyzer
    forced : bool
        Take every picture for a grid of 24 cells even if the search would refuse it.
    jobs : int, optional
        Cores of this machine to use, where no cluster is joined; else all.

    Returns
    -------
    Counter of str
        Number of rows by status.

    Raises
    ------
    UsageError
        If a place does not exist, or the output is there already.
    EnvironmentUnusableError
        If Ray is not installed, or the cluster cannot be reached.
    """
    ray = _import_ray()
    _check_output(output)
    parts = [_Part(place) for place in places]
    listed = _listing([part.place for part in parts if not part.is_parquet])
    _start(ray, jobs)
    try:
        datasets = []
        if len(listed) or not any(part.is_parquet for part in parts):
            pictures = ray.data.from_arrow(list(_pieces(listed)))
            datasets.append(_map(pictures, partial(_examine_listed, analyzer=analyzer, forced=forced)))
        for part in parts:
            if part.is_parquet:
                pictures = ray.data.read_parquet(part.place, columns=[IMAGE, BYTES])
                datasets.append(_map(pictures, partial(examine_table, analyzer=analyzer, forced=forced)))
        whole = datasets[0].union(*datasets[1:]) if len(datasets) > 1 else datasets[0]
        whole.write_parquet(output)
        _write_nothing(output, analyzer)
        return _count(output)
    except ray.exceptions.RayError as error:
        raise _ours(error) from error
    finally:
        ray.shutdown()


def _ours(error: BaseException) -> BaseException:
    """Return what this package or a system raised on the cluster, out of what Ray has wrapped around it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, PunkdetectError):
            return cause
        if isinstance(cause, OSError) and cause.errno:
            return EnvironmentUnusableError(f"the cluster cannot go on: {os.strerror(cause.errno).lower()}")
        cause = getattr(cause, "cause", None) or cause.__cause__
    return error


def _import_ray() -> Any:
    try:
        import ray
        import ray.data
        import ray.exceptions
    except ImportError:
        raise EnvironmentUnusableError(
            "--engine ray needs Ray Data; install it with: pip install 'punkdetect[ray]'"
        ) from None
    return ray


def _start(ray: Any, jobs: int | None) -> None:
    """Join the cluster of the environment, or start one here; quietly."""
    import logging

    own = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": jobs, "include_dashboard": False}
    try:
        ray.init(logging_level=logging.ERROR, log_to_driver=False, **own)
    except (ConnectionError, RuntimeError) as error:
        raise EnvironmentUnusableError(f"Ray does not start: {error}") from None
    except UnicodeEncodeError:  # it writes down the command line
        raise UsageError("Ray wants names of UTF-8 on its command line: name the folder above") from None
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # a failure is told once, by us
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False


class _Part:
    """One place that was named, and whether it holds Parquet or pictures."""

    def __init__(self, place: str) -> None:
        self.place = place
        is_folder, inside = _look_at_store(place) if is_address(place) else _look_at_disk(place)
        in_parquet = [name for name in inside if name.endswith(_PARQUET)]
        self.is_parquet = place.endswith(_PARQUET) or bool(in_parquet)
        if not self.is_parquet:
            return
        if is_folder and any(name.lower().endswith(SUFFIXES) for name in inside):
            raise UsageError(f"{place} holds both Parquet and pictures: name the files that are meant")
        files, root = _file_system(place)
        check_columns(_parquet_schema(files, root, place), place)


_PARQUET = ".parquet"


def _look_at_disk(place: str) -> tuple[bool, list[str]]:
    """Tell whether a path is a folder, and what is in it; a name need be no UTF-8, as pyarrow's must."""
    if not os.path.lexists(place):
        raise UsageError(f"{place} does not exist")
    try:
        return True, os.listdir(place)  # noqa: PTH208  (names, not paths)
    except OSError:  # a file, or a folder that cannot be listed, which ends as a record
        return False, []


def _look_at_store(place: str) -> tuple[bool, list[str]]:
    """Tell whether an address is a folder, and what is in it."""
    from pyarrow.fs import FileSelector, FileType

    files, root = _file_system(place)
    info = files.get_file_info(root)
    if info.type == FileType.NotFound:
        raise UsageError(f"{place} does not exist")
    if info.type != FileType.Directory:
        return False, []
    return True, [entry.path for entry in files.get_file_info(FileSelector(root))]


def _parquet_schema(files: Any, root: str, place: str) -> pyarrow.Schema:
    import pyarrow
    from pyarrow import dataset

    try:
        return dataset.dataset(root, filesystem=files, format="parquet").schema
    except (pyarrow.ArrowException, OSError) as error:
        raise UsageError(f"{place}: no Parquet file: {error}") from None


@lru_cache(maxsize=16)
def _file_system(place: str) -> tuple[Any, str]:
    """Return pyarrow's file system of a place, and the path there."""
    import pyarrow
    from pyarrow import fs

    if not is_address(place):
        return fs.LocalFileSystem(), str(Path(place).resolve())
    try:
        files, path = fs.FileSystem.from_uri(place)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise UsageError(f"{place}: {error}") from None
    return files, path


def _check_output(output: str) -> None:
    """Refuse to mix new rows with what is there already."""
    from pyarrow.fs import FileSelector, FileType

    files, root = _file_system(output)
    info = files.get_file_info(root)
    if info.type == FileType.Directory:
        if files.get_file_info(FileSelector(root)):
            raise UsageError(f"{output} is not empty: --engine ray writes into a new folder")
    elif info.type != FileType.NotFound:
        raise UsageError(f"{output} is a file: --engine ray writes a folder of Parquet files; name a new one")


def _write_nothing(output: str, analyzer: Analyzer) -> None:
    """Write a table without rows where Ray, given no pictures, has written nothing at all."""
    import pyarrow.parquet
    from pyarrow.fs import FileSelector

    files, root = _file_system(output)
    files.create_dir(root, recursive=True)
    if not files.get_file_info(FileSelector(root)):
        nothing = ParquetFormat(analyzer.headings).schema.empty_table()
        pyarrow.parquet.write_table(nothing, f"{root}/nothing.parquet", filesystem=files)


def _listing(places: Sequence[str]) -> pyarrow.Table:
    """List pictures: what each is called, where it is, and why it cannot be read, as `scan` finds them."""
    import pyarrow as pa

    paths = [place for place in places if not is_address(place)]
    rows: list[tuple[str, str, str, str]] = []
    for source in find_sources(paths) if paths else ():
        if isinstance(source, SourceError):
            rows.append((source.name, "", source.error.message, source.error.code))
        else:
            rows.append((source.name, "", source.path, ""))
    for place in places:
        if is_address(place):
            rows += [(name, place, path, "") for name, path in _list_store(place)]
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    texts = (pa.array([os.fsencode(cell) for cell in column], pa.binary()) for column in columns)
    return pa.table(dict(zip((IMAGE, STORE, PATH, CODE), texts, strict=True)))


def _list_store(place: str) -> Iterator[tuple[str, str]]:
    """Yield name and path of each picture of an object store, in the order of their names."""
    from pyarrow.fs import FileSelector, FileType

    files, root = _file_system(place)
    info = files.get_file_info(root)
    if info.type == FileType.File:
        yield info.base_name, info.path
        return
    found = files.get_file_info(FileSelector(root, recursive=True))
    for entry in sorted(found, key=lambda entry: str(entry.path)):
        if entry.type == FileType.File and entry.path.lower().endswith(SUFFIXES):
            yield entry.path[len(root.rstrip("/")) + 1 :], entry.path


def _pieces(listed: pyarrow.Table) -> Iterator[pyarrow.Table]:
    """Cut a list so that there is a task for every core long before the end."""
    for start in range(0, max(1, len(listed)), BATCH):
        yield listed.slice(start, BATCH)


def _map(pictures: ray.data.Dataset, work: Any) -> ray.data.Dataset:
    return pictures.map_batches(work, batch_format="pyarrow", batch_size=BATCH, zero_copy_batch=True)


def _examine_listed(listed: pyarrow.Table, analyzer: Analyzer, forced: bool) -> pyarrow.Table:
    """Read the traits of listed pictures: runs on the cluster."""
    return examine_items(_listed_items(listed, forced), analyzer)


def _listed_items(listed: pyarrow.Table, forced: bool) -> Iterator[Item]:
    for row in zip(*(column.to_pylist() for column in listed.columns), strict=True):
        name, store, path, code = map(os.fsdecode, row)
        read = partial(_refuse, code, path) if code else partial(_read, store, path)
        yield Item(name, read, forced)


def _refuse(code: str, message: str) -> bytes:
    error = PictureError(message)
    error.code = code
    raise error


def _read(store: str, path: str) -> bytes:
    """Return the bytes of a file, on a disk or in a store; raises PictureError."""
    if not store:
        return read_bytes(path)
    try:
        files, _ = _file_system(store)
        if (files.get_file_info(path).size or 0) > PORTRAIT_BYTES:
            raise TooLargeError(f"longer than {PORTRAIT_BYTES >> 20} MiB")
        with files.open_input_stream(path) as stream:
            return bytes(stream.readall())
    except (OSError, UsageError) as error:
        raise UnreadableError(str(error)) from None


def _count(output: str) -> Counter[str]:
    """Count the rows that were written, by status."""
    import pyarrow.dataset

    files, root = _file_system(output)
    written = pyarrow.dataset.dataset(root, filesystem=files, format="parquet")
    counts: Counter[str] = Counter()
    for batch in written.to_batches(columns=["status"]):
        counts.update(batch.column(0).to_pylist())
    return counts
