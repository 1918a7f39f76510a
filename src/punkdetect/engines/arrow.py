"""Tables of image bytes in, tables of traits out: what other engines call on each of their batches.

Knows the pipeline and the columns of the Parquet table; knows nothing of who calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from punkdetect.errors import UnreadableError, UsageError
from punkdetect.inputs import Item
from punkdetect.pipeline import Analyzer, open_analyzer
from punkdetect.tables import need_pyarrow
from punkdetect.writers.parquet_format import ParquetFormat

if TYPE_CHECKING:
    import pyarrow

IMAGE, BYTES = "image", "bytes"
"""Columns of a table of pictures: what each is called, and the bytes of its file."""


def analyze_table(table: pyarrow.Table, **options: Any) -> pyarrow.Table:
    """Read the traits of a table of pictures.

    Parameters
    ----------
    table : pyarrow.Table
        Columns `image` (string) and `bytes` (binary: a picture file of any size); others are not looked at.
    **options
        As in `open_analyzer`: `config`, `traits`, `everything`, `min_confidence`.

    Returns
    -------
    pyarrow.Table
        The columns of `punkdetect scan -o FILE.parquet`, one row for each of `table`, in its order. A picture
        that cannot be read is a row whose `status` and `message` say why.

    Raises
    ------
    UsageError
        If a column is missing or of another type, or a name in the config is wrong.
    EnvironmentUnusableError
        If pyarrow is not installed.

    Examples
    --------
    >>> import pyarrow, punkdetect
    >>> pictures = pyarrow.table({"image": ["a.png"], "bytes": [b"no picture"]})
    >>> punkdetect.analyze_table(pictures).column("status").to_pylist()
    ['not-an-image']
    """
    need_pyarrow()
    return examine_table(table, open_analyzer(**options))


def examine_table(table: pyarrow.Table, analyzer: Analyzer, forced: bool = False) -> pyarrow.Table:
    """Read the traits of a table of pictures with an analyzer that is ready; as `analyze_table`."""
    check_columns(table.schema)
    return examine_items(_items(table, forced), analyzer)


def examine_items(items: Iterator[Item], analyzer: Analyzer) -> pyarrow.Table:
    """Return the table of some pictures, in their order."""
    form = ParquetFormat(analyzer.headings)
    lines = [line for reports in analyzer.run(items) for line in form.records(reports)]
    return form.table("".join(lines).encode("utf-8", "backslashreplace"))


def check_columns(schema: pyarrow.Schema, table: str = "the table") -> None:
    """Raise UsageError if a table has not the columns of one of pictures."""
    import pyarrow as pa

    for name, kinds, wanted in (
        (IMAGE, (pa.types.is_string, pa.types.is_large_string), "string"),
        (BYTES, (pa.types.is_binary, pa.types.is_large_binary), "binary"),
    ):
        if name not in schema.names:
            raise UsageError(f"{table} has no column {name!r}: it needs {IMAGE!r} and {BYTES!r}")
        kind = schema.field(name).type
        if not any(is_kind(kind) for is_kind in kinds):
            raise UsageError(f"column {name!r} of {table} is {kind}, not {wanted}")


def _items(table: pyarrow.Table, forced: bool) -> Iterator[Item]:
    for batch in table.select([IMAGE, BYTES]).to_batches():
        for name, content in zip(batch.column(0), batch.column(1), strict=True):
            yield Item(name.as_py() or "", partial(_content, content.as_py()), forced)


def _content(content: bytes | None) -> bytes:
    if content is None:
        raise UnreadableError("no bytes in the table")
    return content
