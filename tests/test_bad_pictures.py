"""What is said about each broken picture, and that saying it costs no memory."""

from __future__ import annotations

import pytest

from bad_pictures import BAD_PICTURES, BadPicture
from punkdetect.errors import PictureError
from punkdetect.images import read_picture


@pytest.mark.parametrize("bad", BAD_PICTURES, ids=lambda bad: bad.name)
def test_each_broken_picture_gets_its_code_and_reason(bad: BadPicture) -> None:
    with pytest.raises(PictureError) as caught:
        read_picture(bad.make())
    assert f"{caught.value.code}: {caught.value.message}".startswith(f"{bad.code}: {bad.reason}")
