"""Fixtures that several test modules share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import Browser, open_browser, why_no_browser

ROOT = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag under which golden answers are written anew."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/*.json anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden answers are written rather than compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Labelled portraits of real collections, which are not part of the project.

    Without them the tests that measure on them skip; where the variable names a folder, it must be there.
    """
    named = os.environ.get("PUNKDETECT_SHARED_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        if named:
            pytest.fail(f"PUNKDETECT_SHARED_DATA names {named}, which is no folder")
        pytest.skip("needs labelled portraits of real collections: PUNKDETECT_SHARED_DATA names them")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; without one the tests of pages skip and say what is missing."""
    if why := why_no_browser():
        pytest.skip(why)
    with open_browser() as opened:
        yield opened
