"""Every kind of picture file gives exactly the pixels that it holds."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from bad_pictures import (
    BAD_PICTURES,
    animated,
    black_png,
    chunk,
    compressed_text,
    gif,
    header,
    indexed,
    plain_codes,
    png,
    portrait,
    rgb_image,
    saved,
    scanlines,
)
from icc_profiles import ADOBE_PRIMARIES, P3_PRIMARIES, icc_profile, plain_gamma, srgb_curves
from punkdetect.errors import CorruptError, TooLargeError, UnsupportedError
from punkdetect.images import (
    CONVERTED,
    PORTRAIT_LIMITS,
    SHEET_LIMITS,
    TURNED,
    encode_png,
    read_picture,
    read_small_pictures,
)

COLORS = portrait(3, channels=3)
PIXELS = np.dstack([COLORS, np.full((24, 24), 255, np.uint8)])


def opaque(rgb: np.ndarray) -> np.ndarray:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def packed(samples: np.ndarray, depth: int) -> bytes:
    """Return rows of small samples (H, W), packed as a PNG packs them, behind filter bytes."""
    bits = np.unpackbits(samples.astype(np.uint8)[..., None], axis=-1)[..., 8 - depth :]
    return scanlines(np.packbits(bits.reshape(len(samples), -1), axis=-1))


# Formats


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("BMP", {}), ("WebP", {"lossless": True}), ("GIF", {}), ("PNG", {"interlace": 1})],
)
def test_lossless_formats_give_the_pixels_that_were_saved(kind: str, options: dict[str, object]) -> None:
    picture = read_picture(saved(Image.fromarray(COLORS), kind, **options))
    assert picture.format == kind
    assert (picture.rgba == PIXELS).all()
    assert picture.notes == ()


def test_a_jpeg_gives_what_pillow_decodes() -> None:
    data = saved(Image.fromarray(COLORS), "JPEG", quality=75)
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(image.convert("RGBA"))
    picture = read_picture(data)
    assert picture.format == "JPEG"
    assert (picture.rgba == expected).all()


def test_pictures_are_read_only_and_contiguous() -> None:
    for data in (png(), saved(rgb_image(), "GIF"), saved(rgb_image(), "JPEG"), saved(rgb_image(), "BMP")):
        rgba = read_picture(data).rgba
        assert rgba.dtype == np.uint8
        assert rgba.flags.c_contiguous
        assert not rgba.flags.writeable


def test_pictures_need_not_be_square() -> None:
    wide = portrait(1, 60)[:7]
    for kind in ("PNG", "WebP"):
        data = saved(Image.fromarray(wide), kind, lossless=True, exact=True)
        assert (read_picture(data).rgba == wide).all()


# Samples


def test_colors_under_full_transparency_are_kept_as_they_are() -> None:
    rgba = portrait(4)
    rgba[..., 3] = np.arange(24, dtype=np.uint8) * 11
    assert (read_picture(png(raw=scanlines(rgba))).rgba == rgba).all()


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_grey_of_any_depth_is_spread_over_0_to_255(depth: int) -> None:
    grey = np.random.default_rng(depth).integers(0, 1 << depth, (24, 24))
    grey.flat[:2] = 0, (1 << depth) - 1
    rgba = read_picture(png(header(depth=depth, color=0), packed(grey, depth))).rgba
    expected = np.round(grey * (255 / ((1 << depth) - 1))).astype(np.uint8)
    assert (rgba == opaque(np.dstack([expected] * 3))).all()


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_the_transparent_grey_is_see_through_and_no_other(depth: int) -> None:
    grey = np.random.default_rng(depth).integers(0, 1 << depth, (24, 24))
    marked = int(grey[5, 5])
    trns = chunk(b"tRNS", struct.pack(">H", marked))
    rgba = read_picture(png(header(depth=depth, color=0), packed(grey, depth), before=trns)).rgba
    assert (rgba[..., 3] == np.where(grey == marked, 0, 255)).all()


def test_the_transparent_rgb_color_is_see_through_and_no_other() -> None:
    marked = COLORS[2, 2]
    trns = chunk(b"tRNS", marked.astype(">u2").tobytes())
    rgba = read_picture(png(header(color=2), scanlines(COLORS), before=trns)).rgba
    assert (rgba[..., :3] == COLORS).all()
    assert (rgba[..., 3] == np.where((marked == COLORS).all(-1), 0, 255)).all()
    assert 0 < (rgba[..., 3] == 0).sum() < 576


def test_grey_with_alpha_keeps_both() -> None:
    samples = portrait(6, channels=2)
    rgba = read_picture(png(header(color=4), scanlines(samples))).rgba
    assert (rgba == samples[..., [0, 0, 0, 1]]).all()


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_a_palette_of_any_depth_gives_its_colors_and_alphas(depth: int) -> None:
    count = min(1 << depth, 200)
    rng = np.random.default_rng(depth)
    palette = rng.integers(0, 256, (count, 3), dtype=np.uint8)
    alphas = rng.integers(0, 256, count - 1, dtype=np.uint8)  # the last colour has none of its own
    indices = rng.integers(0, count, (24, 24))
    before = chunk(b"PLTE", palette.tobytes()) + chunk(b"tRNS", alphas.tobytes())
    rgba = read_picture(png(header(depth=depth, color=3), packed(indices, depth), before=before)).rgba
    assert (rgba[..., :3] == palette[indices]).all()
    assert (rgba[..., 3] == np.append(alphas, 255)[indices]).all()


def test_a_suggested_palette_of_an_rgb_picture_changes_nothing() -> None:
    data = png(header(color=2), scanlines(COLORS), before=chunk(b"PLTE", bytes(range(9))))
    assert (read_picture(data).rgba == PIXELS).all()


@pytest.mark.parametrize(("color", "channels"), [(0, 1), (4, 2), (2, 3), (6, 4)])
def test_16_bit_samples_are_read_by_their_high_byte(color: int, channels: int) -> None:
    wide = np.random.default_rng(color).integers(0, 65536, (24, 24, channels)).astype(">u2")
    wide[0, 0] = 258  # Pillow on its own makes white of this grey
    picture = read_picture(png(header(depth=16, color=color), scanlines(wide)))
    high = (wide >> 8).astype(np.uint8)
    if channels < 3:
        high = np.dstack([high[..., :1]] * 3 + [high[..., 1:]])
    assert (picture.rgba[..., : high.shape[2]] == high).all()
    assert channels in (2, 4) or (picture.rgba[..., 3] == 255).all()
    assert picture.notes == ("16-bit samples were cut to their high byte",)


def test_16_bit_grey_compares_all_of_the_transparent_grey() -> None:
    wide = np.full((24, 24, 1), 0x1234, ">u2")
    wide[3, 4] = 0x1235
    trns = chunk(b"tRNS", b"\x12\x35")
    rgba = read_picture(png(header(depth=16, color=0), scanlines(wide), before=trns)).rgba
    assert rgba[3, 4].tolist() == [0x12, 0x12, 0x12, 0]
    assert (rgba[..., 3] == 0).sum() == 1


def test_16_bit_rgb_with_a_transparent_color_is_refused_rather_than_guessed() -> None:
    wide = np.zeros((24, 24, 3), ">u2")
    data = png(header(depth=16, color=2), scanlines(wide), before=chunk(b"tRNS", bytes(6)))
    with pytest.raises(UnsupportedError, match="16-bit"):
        read_picture(data)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_a_bmp_of_any_mode_equals_its_rgba_twin(mode: str) -> None:
    image = Image.fromarray(COLORS).convert(mode)
    rgba = read_picture(saved(image, "BMP")).rgba
    assert (rgba == np.asarray(image.convert("RGBA"))).all()


def test_a_black_picture_is_black_and_not_taken_for_one_with_missing_rows() -> None:
    for color, channels in ((0, 1), (2, 3), (6, 4)):
        raw = scanlines(np.zeros((24, 24, channels), np.uint8))
        assert not read_picture(png(header(color=color), raw)).rgba[..., :3].any()
        for cut in (1, 24 * channels + 1):
            with pytest.raises(CorruptError, match=r"^short"):
                read_picture(png(header(color=color), raw[:-cut]))
    assert not read_picture(saved(Image.new("RGBA", (25, 23)), "PNG")).rgba.any()


def test_interlaced_sizes_that_leave_some_passes_empty_are_read() -> None:
    for width, height in ((1, 1), (2, 5), (5, 2), (24, 1), (9, 9)):
        samples = portrait(width * height, 24)[:height, :width]
        passes = [
            (0, 0, 8, 8),
            (0, 4, 8, 8),
            (4, 0, 8, 4),
            (0, 2, 4, 4),
            (2, 0, 4, 2),
            (0, 1, 2, 2),
            (1, 0, 2, 1),
        ]
        parts = [samples[row::down, col::across] for row, col, down, across in passes]
        raw = b"".join(scanlines(part) for part in parts if part.size)
        assert (read_picture(png(header(width, height, interlace=1), raw)).rgba == samples).all()
        with pytest.raises(CorruptError, match=r"^short"):
            read_picture(png(header(width, height, interlace=1), raw[:-1]))


# What a file may carry besides


def test_bytes_after_the_end_are_left_aside_and_said() -> None:
    picture = read_picture(png() + b"appended")
    assert (picture.rgba == portrait()).all()
    assert picture.notes == ("8 bytes after the end of the picture ignored",)


def test_small_pictures_decoded_together_are_those_that_are_read_one_by_one() -> None:
    modes = ("RGBA", "RGB", "L", "LA", "P")
    drawn = [portrait(i, 24 if i % 3 else 17) for i in range(20)]
    # Pillow chooses a filter for each row; the others are written by hand
    plain = [saved(Image.fromarray(p).convert(mode), "PNG") for p in drawn for mode in modes]
    plain += [png(raw=scanlines(portrait(5), filter_byte)) for filter_byte in range(5)]
    plain += [encode_png(portrait(6)), encode_png(portrait(7, 40))]
    for data, picture in zip(plain, read_small_pictures(plain), strict=True):
        assert picture is not None
        assert np.array_equal(picture.rgba, read_picture(data).rgba)
        assert not picture.rgba.flags.writeable


def test_what_is_not_small_plain_and_sound_is_left_to_be_read_alone() -> None:
    colors = Image.fromarray(COLORS)
    special = [saved(colors, "GIF"), png(idat=chunk(b"IDAT")), png(header(depth=16), raw=bytes(24 * 193))]
    special += [
        black_png(4096),
        saved(colors, "PNG", icc_profile=icc_profile(plain_gamma(2.2), P3_PRIMARIES)),
    ]
    special += [bad.make() for bad in BAD_PICTURES]
    assert read_small_pictures(special) == [None] * len(special)


def test_extra_rows_change_nothing() -> None:
    picture = read_picture(png(raw=scanlines(portrait()) + bytes(970)))
    assert (picture.rgba == portrait()).all()


def test_image_data_in_many_chunks_is_one_stream() -> None:
    stream = zlib.compress(scanlines(portrait()))
    idat = b"".join(chunk(b"IDAT", stream[i : i + 7]) for i in range(0, len(stream), 7)) + chunk(b"IDAT")
    assert (read_picture(png(idat=idat)).rgba == portrait()).all()


def test_text_and_unknown_chunks_change_nothing() -> None:
    before = (
        chunk(b"tEXt", b"parameters\0a prompt") + chunk(b"prVt", b"x" * 99) + compressed_text(b"zTXt", 10_000)
    )
    after = compressed_text(b"iTXt", 10_000) + chunk(b"tIME", bytes(7)) + chunk(b"zTXt", b"k\0\0not zlib")
    assert (read_picture(png(before=before, after=after)).rgba == portrait()).all()


def test_a_still_in_an_animated_container_is_read() -> None:
    actl = chunk(b"acTL", struct.pack(">II", 1, 0))
    assert (read_picture(png(before=actl)).rgba == portrait()).all()
    with pytest.raises(UnsupportedError, match="animated"):  # its one frame is not the picture
        read_picture(png(before=actl, after=chunk(b"fdAT", bytes(9))))
    for kind in ("GIF", "WebP"):
        assert read_picture(animated(kind, frames=1)).rgba.shape == (24, 24, 4)


def test_what_a_gif_frame_does_not_cover_is_see_through() -> None:
    indices = np.random.default_rng(8).integers(0, 4, (5, 7))
    palette = np.arange(12, dtype=np.uint8).reshape(4, 3)
    rgba = read_picture(gif(plain_codes(indices), box=(3, 2, 7, 5))).rgba
    assert (rgba[2:7, 3:10] == opaque(palette[indices])).all()
    rgba = rgba.copy()
    rgba[2:7, 3:10] = 0
    assert not rgba.any()


def test_the_transparent_color_of_a_gif_is_see_through() -> None:
    image = Image.fromarray(COLORS).quantize(9)
    rgba = read_picture(saved(image, "GIF", transparency=4)).rgba
    assert ((rgba[..., 3] == 0) == (np.asarray(image) == 4)).all()
    assert (rgba[..., :3] == np.asarray(image.convert("RGB"))).all()


# Rotation


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WebP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(kind: str, orientation: int) -> None:
    image = Image.fromarray(portrait(2, 32, channels=3)[:24])
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(image, kind, exif=exif.tobytes(), **({"lossless": True} if kind == "WebP" else {}))
    with Image.open(io.BytesIO(data)) as stored:
        expected = np.asarray(ImageOps.exif_transpose(stored).convert("RGBA"))
    picture = read_picture(data)
    assert (picture.rgba == expected).all()
    assert picture.rgba.flags.c_contiguous
    assert picture.notes == (() if orientation == 1 else (TURNED,))


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II*",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x09\0\0\0\0\0\0",
    ],
    ids=["empty", "cut", "lost", "orientation-9"],
)
def test_exif_that_makes_no_sense_is_left_aside_without_a_warning(exif: bytes) -> None:
    assert (read_picture(png(before=chunk(b"eXIf", exif))).rgba == portrait()).all()
    jpeg = saved(rgb_image(), "JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif
    assert (read_picture(jpeg[:2] + segment + jpeg[2:]).rgba == read_picture(jpeg).rgba).all()


# Colour profiles


def with_profile(profile: bytes, kind: str = "PNG") -> bytes:
    return saved(
        Image.fromarray(COLORS), kind, icc_profile=profile, **({"lossless": True} if kind == "WebP" else {})
    )


@pytest.mark.parametrize("kind", ["PNG", "WebP"])
@pytest.mark.parametrize("primaries", [P3_PRIMARIES, ADOBE_PRIMARIES], ids=["display-p3", "adobe-rgb"])
def test_a_real_profile_is_converted_to_srgb(kind: str, primaries: tuple[tuple[float, ...], ...]) -> None:
    profile = icc_profile(plain_gamma(2.2), primaries)
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    expected = ImageCms.profileToProfile(Image.fromarray(COLORS), source, ImageCms.createProfile("sRGB"))
    picture = read_picture(with_profile(profile, kind))
    assert (picture.rgba == opaque(np.asarray(expected))).all()
    assert np.abs(picture.rgba.astype(int) - PIXELS).max() > 20
    assert picture.notes == (CONVERTED,)


def test_converting_a_profile_keeps_alpha() -> None:
    profile = icc_profile(plain_gamma(2.2), P3_PRIMARIES)
    rgba = portrait(9)
    picture = read_picture(saved(Image.fromarray(rgba), "PNG", icc_profile=profile))
    assert (picture.rgba[..., 3] == rgba[..., 3]).all()


@pytest.mark.parametrize("curve", srgb_curves(), ids=lambda curve: f"{len(curve)}-bytes")
def test_an_srgb_profile_leaves_every_pixel_bit_exact(curve: bytes) -> None:
    picture = read_picture(with_profile(icc_profile(curve)))
    assert (picture.rgba == PIXELS).all()
    assert picture.notes == ()


def test_the_usual_srgb_profile_leaves_every_pixel_bit_exact() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert (read_picture(with_profile(profile)).rgba == PIXELS).all()


def test_a_grey_profile_is_converted_for_a_grey_picture_only() -> None:
    profile = icc_profile(plain_gamma(1.0), None)
    grey = COLORS[..., 0]
    picture = read_picture(saved(Image.fromarray(grey), "PNG", icc_profile=profile))
    assert (picture.rgba[..., 0].astype(int) >= grey).all()
    assert picture.rgba[..., 0].sum() > grey.sum()
    assert (read_picture(with_profile(profile)).rgba == PIXELS).all()


@pytest.mark.parametrize("profile", [b"x", bytes(128), icc_profile(plain_gamma(2.2))[:200]], ids=len)
def test_a_broken_profile_is_left_aside(profile: bytes) -> None:
    for kind in ("PNG", "WebP"):
        assert (read_picture(with_profile(profile, kind)).rgba == PIXELS).all()


# Limits


def test_a_portrait_may_have_4096_pixels_a_side_and_a_sheet_64_million_in_any_shape() -> None:
    PORTRAIT_LIMITS.check(4096, 4096)
    SHEET_LIMITS.check(8000, 8000)
    SHEET_LIMITS.check(24, 240_000)
    for limits, width, height in (
        (PORTRAIT_LIMITS, 4097, 1),
        (PORTRAIT_LIMITS, 1, 4097),
        (SHEET_LIMITS, 8000, 8001),
        (SHEET_LIMITS, 10_000, 10_000),
    ):
        with pytest.raises(TooLargeError, match=f"{width}x{height}"):
            limits.check(width, height)


def test_the_limits_of_a_sheet_let_a_larger_picture_through() -> None:
    image = saved(Image.new("L", (5000, 24), 7), "PNG")
    with pytest.raises(TooLargeError):
        read_picture(image)
    assert read_picture(image, limits=SHEET_LIMITS).rgba.shape == (24, 5000, 4)


# Writing


def test_written_pixels_are_read_back_and_equal_pixels_give_equal_bytes() -> None:
    rgba = portrait(7)
    data = encode_png(rgba)
    assert (read_picture(data).rgba == rgba).all()
    assert encode_png(rgba.copy()) == data
    assert encode_png(rgba[:, ::-1]) == encode_png(np.ascontiguousarray(rgba[:, ::-1]))


def test_a_written_png_carries_nothing_but_pixels() -> None:
    data = encode_png(portrait(7))
    kinds = []
    position = 8
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        kinds.append(data[position + 4 : position + 8])
        position += length + 12
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


# What it costs


def test_reading_a_png_loads_no_plugin_of_pillow_and_nothing_starts_a_process() -> None:
    code = """
import sys

def watch(event, args):
    if event in ("subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "os.exec"):
        raise SystemExit(f"started a process: {event} {args}")

import punkdetect.images as images
from punkdetect.errors import PictureError
assert not any(name.split(".")[0] == "PIL" for name in sys.modules), "Pillow is loaded on first use"
sys.addaudithook(watch)
rgba = images.read_picture(bytes.fromhex(sys.argv[1])).rgba
for name in ("eps", "tiff"):
    try:
        images.read_picture({"eps": b"%!PS-Adobe-3.0 EPSF-3.0\\n", "tiff": b"II*\\0" + bytes(99)}[name])
    except PictureError as error:
        assert error.code == "unsupported-format"
plugins = {name[4:] for name in sys.modules if name.startswith("PIL.") and name.endswith("Plugin")}
print(",".join(sorted(plugins)))
images.encode_png(rgba)
"""
    run = subprocess.run(
        [sys.executable, "-c", code, png().hex()], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == ""


def test_palettes_out_of_order_are_refused() -> None:
    with pytest.raises(CorruptError, match="PLTE"):
        read_picture(
            png(
                header(color=3),
                scanlines(np.zeros((24, 24, 1), np.uint8)),
                before=chunk(b"tRNS", b"\0") + chunk(b"PLTE", bytes(3)),
            )
        )
    assert read_picture(indexed(4, transparency=b"\0")).rgba[0, 0, 3] == 0
