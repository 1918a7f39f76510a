"""Runs the command: `python -m punkdetect`, and the script `punkdetect`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; an interrupt while it is still being loaded ends it like a later one."""
    try:
        from punkdetect.cli import main as command

        command()
    except KeyboardInterrupt:
        exec("")  # noqa: S102  # see `punkdetect.cli.run`
        sys.exit(130)


if __name__ == "__main__":
    main()
