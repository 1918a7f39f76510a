"""Options that several commands share, so that every command takes the same flags.

Knows click and the types of values; knows nothing of what commands do with them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from punkdetect.inputs import SheetLayout

F = TypeVar("F", bound=Callable[..., Any])


class Share(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.4 on
    """A finite number from 0 to 1; click's own range lets nan pass."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number, or refuse it."""
        try:
            number = float(value)
        except ValueError:
            self.fail(f"{value!r} is not a number", param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number", param, ctx)
        if not 0 <= number <= 1:
            self.fail(f"{value} is not between 0 and 1", param, ctx)
        return number


class Names(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.4 on
    """Names with commas between."""

    name = "names"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names."""
        if isinstance(value, tuple):
            return value
        names = tuple(part.strip() for part in str(value).split(",") if part.strip())
        if not names:
            self.fail("names no trait", param, ctx)
        return names


def chain(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Join decorators so that `--help` lists their options in this order."""

    def join(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return join


class Named(click.Path):
    """A path that somebody named; an empty one, as of a variable that is not set, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a Path."""
        if not value:
            self.fail("an empty name is no path", param, ctx)  # to Path it would be the folder one stands in
        return super().convert(value, param, ctx)


class Place(Named):
    """A path, or an address such as `s3://bucket/folder`, which stays text: a path has no double slashes."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a Path, or an address as it is."""
        if isinstance(value, str) and "://" in value:
            return value
        return super().convert(value, param, ctx)


PLACE = Place(path_type=Path, allow_dash=True, readable=False)

PICTURE = Named(path_type=Path, allow_dash=True, readable=False)
"""What is read; `readable=False` keeps click from refusing all where one ends as a record."""

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Config to use.  [default: ./configs/features.yaml, else the packaged one]",
)
traits_option = click.option("--traits", type=Names(), metavar="A,B", help="Only these traits.")
all_option = click.option("--all", "everything", is_flag=True, help="Answer withheld traits as well.")
confidence_option = click.option(
    "--min-confidence", type=Share(), metavar="X", help="Leave empty what is less sure than this (0 to 1)."
)
force_option = click.option(
    "--force", is_flag=True, help="Write over an output that was not made by this command."
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Say only what went wrong.")
grid_option = click.option(
    "--grid",
    type=click.Choice(["24"]),
    help="Take every picture for 24 x 24 cells, even if the search would refuse it.",
)
jobs_option = click.option(
    "--jobs", "-j", type=click.IntRange(1), metavar="N", help="Processes to use.  [default: one a core]"
)
face_model_option = click.option(
    "--face-model",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Face model of expression.mediapipe.  [default: the config's, else that of punkdetect face-model]",
)
evidence_option = click.option("--evidence", is_flag=True, help="Add the pixels that decided (JSON only).")

analysis_options = chain(traits_option, all_option, confidence_option, config_option)
"""What to look for: shared by every command that runs detectors."""


def sheet_options_called(name: str, first_id: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what adds the options that say how a sheet is cut; the command gets one `sheet`.

    Parameters
    ----------
    name, first_id : str
        How the options are called that name tiles and give the first one's id.

    Returns
    -------
    callable
        Decorates a command, which is given a SheetLayout or None.
    """
    added = chain(
        click.option(
            "--tile", type=click.IntRange(1), metavar="N", help="The pictures are sheets of N x N tiles."
        ),
        click.option("--columns", type=click.IntRange(1), metavar="N", help="Tiles in a row of the sheet."),
        click.option(
            "--margin", type=click.IntRange(0), default=0, metavar="N", help="Pixels around the sheet."
        ),
        click.option("--gap", type=click.IntRange(0), default=0, metavar="N", help="Pixels between tiles."),
        click.option(
            name,
            "tile_name",
            metavar="TEXT",
            help='Names of tiles, such as "punk_{id:04d}".  [default: <sheet>_0000...]',
        ),
        click.option(first_id, "first_tile", type=int, default=0, metavar="N", help="Id of the first tile."),
    )

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def with_sheet(
            *args: Any,
            tile: int | None,
            columns: int | None,
            margin: int,
            gap: int,
            tile_name: str | None,
            first_tile: int,
            **kwargs: Any,
        ) -> Any:
            sheet: SheetLayout | None = None
            if tile is not None:
                from punkdetect.inputs import SheetLayout

                sheet = SheetLayout(tile, columns, margin, gap, tile_name, first_tile)
            elif columns is not None or margin or gap or tile_name is not None or first_tile:
                raise click.UsageError(
                    f"--columns, --margin, --gap, {name} and {first_id} say how a sheet is cut: add --tile"
                )
            return function(*args, sheet=sheet, **kwargs)

        return added(with_sheet)

    return add


sheet_options = sheet_options_called("--name", "--first-id")


def sheet_hint(places: Iterable[Path], sheet: SheetLayout | None) -> str:
    """Say that a sheet is cut with --tile, where a single file was named and nothing said how it is cut."""
    return "; a sheet is cut with --tile 24" if sheet is None and any(p.is_file() for p in places) else ""


def output_option(help_text: str, metavar: str = "FILE") -> Callable[[F], F]:
    """Return the option -o; `-` is standard output."""
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path, allow_dash=True), metavar=metavar, help=help_text
    )


def output_path(output: Path | None) -> Path | None:
    """Return the path of -o, or None for standard output."""
    return None if output is None or str(output) == "-" else output


def picture_paths(help_metavar: str = "IMAGE...") -> Callable[[F], F]:
    """Return the argument for one or more picture files."""
    return click.argument(
        "images",
        nargs=-1,
        required=True,
        type=PICTURE,
        metavar=help_metavar,
    )


def examples(*lines: str) -> str:
    r"""Return the end of a command's help: commands that work as typed.

    The leading \b keeps click from wrapping the lines.
    """
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
