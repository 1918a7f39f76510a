"""What is said about each broken picture, and that saying it costs no memory."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from bad_pictures import BAD_PICTURES, BadPicture
from punkdetect.errors import PictureError
from punkdetect.images import read_picture

MIB = 1024  # kB, as the kernel counts

# Reads files in a fresh process, a sound one first, and prints how far the memory that was ever in use grew
# while the last one was read: VmHWM, set back by writing 5 to clear_refs (see proc(5)).
MEASURE = """
import sys
from functools import cache
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from bad_pictures import BAD_PICTURES, png, black_png
from punkdetect.errors import PictureError
from punkdetect.images import read_picture

def status(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key))

read_picture(png())
for name in sys.argv[2:]:
    data = black_png(int(name)) if name.isdigit() else next(b for b in BAD_PICTURES if b.name == name).make()
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    try:
        read_picture(data)
    except PictureError:
        pass
    print(name, status("VmHWM") - before)
"""


def memory_growth(*names: str) -> dict[str, int]:
    """Return by how many kB memory grew while reading each file."""
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("needs the memory figures of Linux (/proc/self/clear_refs)")
    tests = str(Path(__file__).parent)
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, tests, *names], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return {name: int(grown) for name, grown in (line.split() for line in run.stdout.splitlines())}


@cache
def refusal(bad: BadPicture) -> PictureError:
    """Return what is said about a broken picture."""
    with pytest.raises(PictureError) as caught:
        read_picture(bad.make())
    return caught.value


@pytest.mark.parametrize("bad", BAD_PICTURES, ids=lambda bad: bad.name)
def test_each_broken_picture_gets_its_code_and_reason(bad: BadPicture) -> None:
    error = refusal(bad)
    assert error.code == bad.code
    assert error.message.startswith(bad.reason)


def test_every_name_stands_for_one_broken_picture() -> None:
    names = [bad.name for bad in BAD_PICTURES]
    assert len(set(names)) == len(names)


def test_no_message_spans_lines_or_names_a_library() -> None:
    for bad in BAD_PICTURES:
        message = refusal(bad).message
        assert message
        assert message.isprintable()
        assert "pillow" not in message.lower()


def test_refusing_what_is_too_large_takes_less_than_10_mib() -> None:
    names = (
        "black-8000-a-side",
        "30000-a-side",
        "10000-a-side",
        "width-0xffffffff",
        "gif-65535-a-side",
        "bmp-30000-wide",
        "jpeg-30000-wide",
        "webp-16383-wide",
        "ztxt-of-50-mib",
        "itxt-of-50-mib",
        "iccp-of-50-mib",
        "late-ztxt-of-50-mib",
        "80-texts-of-1-mib",
        "chunk-of-2-gib",
        "idat-of-4-gib",
    )
    grown = memory_growth(*names)
    assert set(grown) == set(names)
    assert {name: kb for name, kb in grown.items() if kb >= 10 * MIB} == {}


def test_the_largest_portrait_takes_less_than_a_quarter_of_a_gib() -> None:
    assert memory_growth("4096")["4096"] < 256 * MIB


def test_the_measurement_sees_memory_that_is_taken() -> None:
    assert memory_growth("2000")["2000"] > 12 * MIB  # 2000 x 2000 x 4 bytes are 15 MiB


def test_the_page_on_inputs_names_every_code_and_reason(repository: Path) -> None:
    page = (repository / "docs" / "inputs.md").read_text(encoding="utf-8")
    phrases = tuple(phrase.removeprefix("... ") for phrase in re.findall(r"`([^`\n]+)`", page))
    assert {bad.code for bad in BAD_PICTURES} <= set(phrases)
    for bad in BAD_PICTURES:
        if bad.code in ("corrupt", "unsupported"):
            reason = re.sub(r"^\d+ ", "", refusal(bad).message)
            assert reason.startswith(phrases), f"{bad.name}: {reason}"
