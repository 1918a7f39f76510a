"""Runs the command: `python -m punkdetect`."""

from __future__ import annotations

from punkdetect.cli import main

if __name__ == "__main__":
    main()
