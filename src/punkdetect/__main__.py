"""Runs the command: `python -m punkdetect`, and the script `punkdetect`."""

from __future__ import annotations

import gc
import os
import sys

OBJECTS_BEFORE_A_LOOK = 100_000
"""New objects after which Python looks for garbage among them: `analyze` makes some 55,000, which stay."""


def main() -> None:
    """Run the command line; an interrupt while it is still being loaded ends it like a later one."""
    # One thread for numpy's sums: a scan keeps the cores busy with processes, and a process that has threads
    # must not be forked. Read when numpy is imported, which is later.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Where a standard stream is closed, the next file that is opened takes its number, and what a library
    # says on standard error would stand in the output.
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    # A tenth of the time of one `analyze` went into looking for garbage where there is none.
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK)
    try:
        from punkdetect.cli import main as command

        command()
    except KeyboardInterrupt:
        exec("")  # noqa: S102  # see `punkdetect.cli.run`
        sys.exit(130)
    finally:
        # All that is left goes with the process: looking through it once more at the end took another tenth.
        gc.freeze()


if __name__ == "__main__":
    main()
