"""The mouth item: what leaves the mouth and the head, and what covers both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from drawn_faces import batch, draw
from punkdetect.detectors.mouth_item import LeavesTheMouth
from punkdetect.landmarks import Landmarks
from punkdetect.punks import Punks, TraitColumn

Changes = dict[tuple[int, int], str]

COLORS = {
    "p": (133, 81, 20, 255),  # pipe
    "b": (68, 44, 12, 255),  # cigar
    "B": (79, 49, 11, 255),
    "o": (226, 91, 38, 255),  # ember
    "v": (89, 89, 89, 255),  # vape
    "u": (0, 64, 255, 255),
    "m": (200, 205, 215, 255),  # mask
    "y": (240, 220, 120, 255),  # blonde hair
    ".": (120, 150, 170, 255),  # background
    "g": (90, 160, 60, 255),
}


def detect(*portraits: np.ndarray) -> TraitColumn:
    punks = Punks(batch(*portraits))
    return LeavesTheMouth().detect(punks, Landmarks(punks))


def item_of(changes: Changes | None = None, **more: tuple[int, int, int, int]) -> str | None:
    return detect(draw(changes, COLORS | more)).value(0)


def pixels(mask: np.ndarray) -> set[tuple[int, int]]:
    rows, cols = np.nonzero(mask)
    return set(zip(rows.tolist(), cols.tolist(), strict=True))


CIGARETTE: Changes = {(16, 14): "kkkkkkk", (17, 14): "wwwwwok", (18, 14): "kkkkkkk"}
BARE_CIGARETTE: Changes = {(17, 14): "wwwwwwo"}
CIGAR: Changes = {(16, 13): "kkkkkk", (17, 13): "kbBbBok", (18, 13): "kkkkkk"}
VAPE: Changes = {(16, 14): "kkkkkkk", (17, 14): "vvvvvuk", (18, 14): "kkkkkkk"}
PIPE: Changes = {
    (18, 13): "kpk",
    (19, 14): "kpkkpppk",
    (20, 15): "kpppppk",
    (21, 16): "kppppk",
    (22, 17): "kkkk",
}
HOLDER: Changes = {(17, 14): "w"} | {(18 + i, 16 + i): "k" for i in range(5)}
ITEMS = {"cigarette": CIGARETTE, "cigar": CIGAR, "vape": VAPE, "pipe": PIPE}


def test_a_bare_mouth_holds_nothing() -> None:
    assert item_of() == "none"


@pytest.mark.parametrize("item", ITEMS)
def test_each_item_is_known_by_its_shape_and_color(item: str) -> None:
    assert item_of(ITEMS[item]) == item


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("shift", [(-1, 0), (1, 1), (0, -2)])
def test_an_item_is_found_wherever_the_face_lies(item: str, shift: tuple[int, int]) -> None:
    assert detect(draw(ITEMS[item], COLORS, shift=shift)).value(0) == item


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_to_the_left_is_found_too(item: str) -> None:
    assert detect(draw(ITEMS[item], COLORS)[:, ::-1]).value(0) == item


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_is_found_on_any_background(item: str) -> None:
    for background in ((0, 0, 0, 0), (0, 0, 0, 255), (255, 255, 255, 255), (219, 177, 128, 255)):
        assert item_of(ITEMS[item], **{".": background}) == item, background


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_is_found_before_long_hair(item: str) -> None:
    hair = {(row, col): "yyyyy" for row in range(7, 24) for col in (2, 17)}
    assert item_of(hair | ITEMS[item]) == item


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_is_found_in_a_beard(item: str) -> None:
    beard = {(row, 7): "hhhhhhhhh" for row in (16, 18, 19)} | {(17, 7): "hhhhlllhh"}
    assert item_of(beard | ITEMS[item]) == item


BUBBLE: Changes = {(16, 12): "gg", (17, 11): "gggg", (18, 11): "gggg", (19, 12): "gg"}


@pytest.mark.parametrize("gum", [(255, 140, 200, 255), (90, 170, 240, 255)])
def test_a_bubble_in_front_of_the_mouth_is_something_else(gum: tuple[int, int, int, int]) -> None:
    assert item_of(BUBBLE, g=gum) == "other"


def test_a_flower_by_its_green_stem_is_something_else() -> None:
    assert (
        item_of({(17, 14): "ggggg", (16, 18): "rrr", (17, 19): "rr", (18, 18): "rrr"}, r=(220, 30, 60, 255))
        == "other"
    )


COVERING: dict[str, tuple[Changes, str]] = {
    "cigarette over the bar": ({(17, 12): "wwwwwwwo"}, "cigarette"),
    "short cigarette": ({(17, 13): "wwwo"}, "cigarette"),
    "cigarette with a filter": ({(17, 12): "yywwwwo"}, "cigarette"),
    "lowered cigarette": ({(17, 12): "ww", (18, 14): "ww", (19, 16): "wo"}, "cigarette"),
    "fat cigar": ({(16, 13): "pppp", (17, 12): "pbpppo", (18, 13): "pppp"}, "cigar"),
    "pipe with a black stem": (
        {(17, 12): "kkkkk", (16, 17): "ppp", (17, 17): "pbp", (18, 17): "ppp"},
        "pipe",
    ),
    "corncob": ({(17, 12): "kkkkk", (16, 17): "www", (17, 17): "wpw", (18, 17): "www"}, "pipe"),
    "box vape": ({(17, 12): "kkkkk", (16, 17): "vvv", (17, 17): "vuv", (18, 17): "vvv"}, "vape"),
    "lollipop": ({(17, 12): "wwwww", (16, 17): "rrr", (17, 17): "rrr", (18, 17): "rrr"}, "other"),
}


@pytest.mark.parametrize("name", COVERING)
def test_what_covers_the_mouth_is_followed_out_of_the_head(name: str) -> None:
    changes, expected = COVERING[name]
    assert item_of(changes, r=(220, 30, 60, 255)) == expected
    assert detect(draw(changes, COLORS | {"r": (220, 30, 60, 255)})[:, ::-1]).value(0) == expected


GRAY, RED, TEAL, GOLD = (180, 184, 188, 255), (200, 40, 60, 255), (47, 154, 138, 255), (216, 164, 31, 255)
SEVERAL_COLORS: dict[str, tuple[Changes, str]] = {
    "outlined box with two buttons": (
        {
            (16, 14): "kkkkkk",
            (17, 14): "kkddddk",
            (18, 14): "mmdudddk",
            (19, 14): "kkddddk",
            (20, 15): "kduddk",
            (21, 15): "kkkkkk",
        },
        "vape",
    ),
    "box of a dye with a lamp": (
        {(17, 14): "dd", (16, 16): "tt", (17, 16): "tu", (18, 16): "tu", (19, 16): "tt", (20, 16): "tt"},
        "vape",
    ),
    "dyed stick behind a mouthpiece": (
        {(16, 14): "kkkkkkkk", (17, 14): "kmttttuk", (18, 14): "kkkkkkkk"},
        "vape",
    ),
    "dyed stick with a lamp": ({(16, 14): "kkkkkkkk", (17, 14): "kkrrrruk", (18, 14): "kkkkkkkk"}, "vape"),
    "sweet on a white stick": ({(17, 14): "www", (16, 17): "rrr", (17, 17): "rwr", (18, 17): "rrr"}, "other"),
    "party horn": ({(17, 14): "xx", (16, 16): "x", (15, 17): "xx", (14, 18): "xx", (13, 18): "xx"}, "other"),
    "red bowl on a black stem": (
        {
            (18, 14): "kk",
            (19, 15): "kkk",
            (15, 17): "kkkk",
            (16, 17): "rrrr",
            (17, 17): "rrrr",
            (18, 17): "rrrr",
            (19, 18): "rrr",
        },
        "pipe",
    ),
    "drooping cigar with a band": (
        {(17, 14): "pp", (18, 14): "pppp", (19, 15): "ppxpp", (20, 17): "xpp", (21, 19): "o"},
        "cigar",
    ),
    "green stick with a light of another colour": ({(17, 14): "Dgggggu"}, "vape"),
    "box of light and dark bands": (
        {(16, 14): "kkkkkkkk", (17, 14): "DuTuTuTk", (18, 14): "kkkkkkkk"},
        "vape",
    ),
    "stick with a glowing end": (
        {(16, 14): "kkkkkkk", (17, 14): "kpppnk", (18, 14): "kkkkkkk"},
        "vape",
    ),
    "dark bowl that glows on top": (
        {
            (14, 17): "kkkk",
            (15, 16): "koooo",
            (16, 16): "kDDDD",
            (17, 14): "DDkDDDD",
            (18, 14): "DDDDDDD",
            (19, 17): "kkkk",
        },
        "pipe",
    ),
    "blossom at the end of a green stem": (
        {(17, 14): "ggggg", (16, 19): "ww", (17, 19): "ww", (18, 19): "ww"},
        "other",
    ),
    "black ball on a white stick": (
        {(17, 14): "wwwww", (16, 19): "kkk", (17, 19): "kkk", (18, 19): "kkk"},
        "other",
    ),
    "glossy sweet in an outline on a grey stick": (
        {
            (17, 14): "mmmmkTwTk",
            (15, 19): "kkk",
            (16, 18): "kTTTk",
            (18, 18): "kTTTk",
            (19, 19): "kkk",
        },
        "other",
    ),
    "bowl behind its outline": (
        {
            (16, 14): "kkkkkpppk",
            (17, 14): "xxxxkpppk",
            (18, 14): "kkkkkpppk",
            (15, 18): "kpppk",
            (14, 18): "kpopk",
            (13, 19): "kkk",
            (19, 19): "kkk",
        },
        "pipe",
    ),
    "outlined cigarette over a part of the bar": (
        {(16, 13): "kkkkkkk", (17, 13): "xxwwwwo", (18, 13): "kkkkkkk"},
        "cigarette",
    ),
}


@pytest.mark.parametrize("name", SEVERAL_COLORS)
@pytest.mark.parametrize("hair", [False, True])
def test_a_thing_of_several_colors_is_named_by_its_shape_and_colors(name: str, hair: bool) -> None:
    changes, expected = SEVERAL_COLORS[name]
    colors = COLORS | {"d": (74, 79, 90, 255), "m": GRAY, "r": RED, "t": TEAL, "x": GOLD}
    colors |= {
        "D": (60, 60, 66, 255),
        "T": (122, 74, 240, 255),
        "u": (60, 200, 255, 255),
        "g": (48, 160, 90, 255),
        "n": (64, 255, 96, 255),
    }
    behind: Changes = {(row, col): "yyyyyy" for row in range(6, 22) for col in (1, 16)} if hair else {}
    portrait = draw(behind, colors)
    thing = draw(changes, colors)
    plain = draw(colors=colors)
    portrait[(thing != plain).any(axis=-1)] = thing[(thing != plain).any(axis=-1)]
    assert detect(portrait).value(0) == expected
    assert detect(portrait[:, ::-1]).value(0) == expected


def test_a_pipe_in_the_colour_of_the_skin_is_found_by_its_outline() -> None:
    pipe: Changes = {
        (16, 14): "kkkk",
        (17, 14): "ssskssssk",
        (18, 14): "kkkkssssk",
        (19, 18): "kkkk",
        (16, 18): "ssssk",
        (15, 18): "ssssk",
        (14, 18): "kkkk",
    }
    dark = (122, 74, 42, 255)
    assert item_of(pipe, s=dark) == "pipe"
    assert item_of(dict.fromkeys(((13, 16), (14, 16), (14, 17)), "s"), s=dark) == "none"


def test_a_box_that_touches_the_side_of_the_picture_is_held() -> None:
    box: Changes = {
        (16, 14): "kkkkkkkkkk",
        (17, 14): "kDDTTTTuDk",
        (18, 14): "kDDTTTTuDk",
        (19, 14): "kkkkkkkkkk",
    }
    colors = {"D": (60, 60, 66, 255), "T": (154, 90, 224, 255), "u": (90, 240, 255, 255)}
    for background in ((250, 250, 250, 255), (60, 90, 190, 255)):
        assert item_of(box, **colors, **{".": background}) == "vape"


def test_a_cigarette_before_hair_that_hangs_beside_the_face_is_no_hair() -> None:
    hair: Changes = {(row, col): "xyX" for row in range(6, 23) for col in (3, 16)}
    colors = {"x": (236, 95, 164, 255), "y": (241, 133, 179, 255), "X": (196, 79, 139, 255)}
    assert item_of(hair | {(17, 14): "ww", (18, 15): "www", (19, 18): "wo"}, **colors) == "cigarette"


def test_hair_of_many_shades_beside_a_smile_is_nothing_held() -> None:
    shades = {"y": (160, 90, 60, 255), "Y": (190, 110, 80, 255), "z": (140, 80, 50, 255)}
    hair: Changes = {(row, col): "yYzYy"[row % 3 :][:3] for row in range(6, 22) for col in (4, 16)}
    assert detect(draw(hair | {(16, 14): "l"}, COLORS | shades)).value(0) == "none"


def test_an_earring_on_both_sides_is_nothing_held() -> None:
    hoops: Changes = {(row, col): "xxx" for row in (15, 17) for col in (4, 16)}
    hoops |= {(16, col): "x" for col in (4, 6, 16, 18)}
    assert detect(draw(hoops | {(16, 14): "ll"}, COLORS | {"x": GOLD})).value(0) == "none"


def test_a_cigarette_needs_no_outline() -> None:
    assert item_of(BARE_CIGARETTE) == "cigarette"


def test_a_thin_line_out_of_the_jaw_is_a_cigarette_in_its_holder() -> None:
    column = detect(draw(HOLDER, COLORS))
    assert column.value(0) == "cigarette"
    assert column.confidence[0] < 0.9
    assert {(19, 17), (20, 18), (21, 19), (22, 20)} <= pixels(column.evidence[0])


def test_cloth_over_nose_and_mouth_is_a_mask() -> None:
    assert item_of({(row, 8): "mmmmmmm" for row in range(14, 20)}) == "mask"


def test_a_pleated_mask_is_a_mask() -> None:
    mask = {(row, 8): "mmmmmmm" for row in range(14, 20)} | {(15, 12): "n", (17, 8): "nmmmmmn"}
    assert item_of(mask, n=(180, 185, 195, 255)) == "mask"


def test_a_striped_mask_is_a_mask() -> None:
    rows = ["".join("n" if (row + col) % 4 == 0 else "m" for col in range(8, 16)) for row in range(14, 20)]
    striped = {(14 + i, 8): stripes for i, stripes in enumerate(rows)}
    for dark in ((160, 165, 175, 255), (40, 40, 60, 255)):
        assert item_of(striped, n=dark) == "mask"


def test_a_mask_with_a_pleat_across_is_a_mask() -> None:
    pleated = {(row, 8): "mmmmmmmm" for row in range(14, 20)} | {(17, 9): "nnnnnnn"}
    assert item_of(pleated, n=(160, 165, 175, 255)) == "mask"


@pytest.mark.parametrize("cloth", [(230, 232, 232, 255), (122, 192, 138, 255), (201, 52, 46, 255)])
def test_a_short_pleat_in_the_middle_of_a_mask_is_no_mouth(cloth: tuple[int, int, int, int]) -> None:
    mask: Changes = {(row, 7): "mmmmmmmmm" for row in range(16, 20)} | {(17, 12): "nn"}
    pleat = (*(int(channel * 0.72) for channel in cloth[:3]), 255)
    assert item_of(mask, m=cloth, n=pleat) == "mask"


def test_a_respirator_with_its_filter_is_a_mask() -> None:
    mask: Changes = {(15, 11): "kmmmm", (16, 10): "mmffm", (17, 10): "mfkfm", (18, 10): "mfffm"}
    mask |= {(16, 11): "fff", (16, 14): "mm", (17, 8): "kk", (17, 10): "mfkfmm", (18, 10): "mfffmm"}
    mask |= {
        (15, 9): "mmmmmmm",
        (16, 9): "mmfffmm",
        (17, 9): "mmfkfmm",
        (18, 9): "mmfffmm",
        (19, 9): "mmmmmmm",
    }
    assert item_of(mask, m=(74, 90, 72, 255), f=GRAY) == "mask"


def test_the_dots_of_a_bandana_are_no_mouth() -> None:
    dotted: Changes = {(row, 7): "mmmmmmmmm" for row in range(15, 20)}
    dotted |= {(15, 9): "mwmmwm", (17, 8): "mmmwwmmw", (19, 9): "wmmmwm"}
    assert item_of(dotted, m=(194, 36, 44, 255)) == "mask"


def test_lips_in_a_checkered_beard_are_no_mask() -> None:
    beard: Changes = {
        (row, 7): "".join("hHi"[(row + col) % 3] for col in range(9)) for row in range(16, 20)
    } | {(17, 11): "lll"}
    shades = {"h": (58, 38, 24, 255), "H": (102, 84, 69, 255), "i": (76, 52, 34, 255)}
    assert item_of(beard, **shades) == "none"


@pytest.mark.parametrize("cloth", [(230, 230, 235, 255), (60, 110, 200, 255), (180, 40, 120, 255)])
def test_cloth_under_a_bare_nose_is_a_mask_too(cloth: tuple[int, int, int, int]) -> None:
    assert item_of({(row, 7): "mmmmmmmmm" for row in range(16, 20)}, m=cloth) == "mask"


@pytest.mark.parametrize("beard", [(90, 60, 30, 255), (120, 120, 125, 255), (200, 100, 30, 255)])
def test_a_beard_that_hides_the_mouth_is_no_mask(beard: tuple[int, int, int, int]) -> None:
    assert item_of({(row, 7): "hhhhhhhhh" for row in range(16, 20)}, h=beard) == "none"


DOTS = {(row, 7): "".join("w" if (row + col) % 4 == 0 else "d" for col in range(9)) for row in range(15, 20)}


@pytest.mark.parametrize(
    "cloth", [(38, 38, 42, 255), (43, 47, 58, 255), (192, 40, 40, 255), (90, 60, 30, 255)]
)
def test_cloth_with_a_pattern_is_a_mask_in_any_colour(cloth: tuple[int, int, int, int]) -> None:
    assert item_of(DOTS, d=cloth) == "mask"


def test_a_mask_with_two_filters_is_a_mask_in_any_colour() -> None:
    mask: Changes = {(row, 7): "ddddddddd" for row in range(15, 20)}
    mask |= {(row, 8): "fffdfff" for row in (17, 19)} | {(18, 8): "fwfdfwf"}
    assert item_of(mask, d=(74, 78, 86, 255), f=(34, 36, 42, 255)) == "mask"


def test_a_beard_of_two_shades_is_no_pattern() -> None:
    beard = {(row, 7): "".join("hH"[(row + col) % 2] for col in range(9)) for row in range(16, 20)}
    for shades in (((90, 60, 30, 255), (120, 80, 40, 255)), ((39, 81, 183, 255), (52, 108, 244, 255))):
        assert item_of(beard, h=shades[0], H=shades[1]) == "none"


SCARF: Changes = {(row, 7): "dDdDdDdDd"[row % 2] * 9 for row in range(16, 20)}
SCARF |= {(row, 5): "dDdDdDdDd"[row % 2] * 13 for row in range(20, 24)}


def test_a_scarf_over_the_mouth_is_no_mask() -> None:
    shades = {"d": (40, 90, 180, 255), "D": (115, 148, 206, 255)}
    column = detect(draw(SCARF, COLORS | shades))
    assert column.value(0) == "none"
    mask: Changes = {at: row for at, row in SCARF.items() if at[0] < 20}
    assert item_of(mask, **shades) == "mask"


def test_a_beard_in_the_colour_of_dyed_hair_is_no_bubble() -> None:
    tuft: Changes = {(18, 11): "gggg", (19, 11): "gggg", (20, 11): "ggg", (21, 12): "gg"}
    hair: Changes = {(row, 6): "ggggggggggg" for row in (5, 6, 7)}
    assert item_of(tuft | hair) == "none"


def test_a_bubble_has_a_shade_and_a_glint() -> None:
    bubble: Changes = {
        (16, 15): "cccc",
        (17, 14): "cwcccC",
        (18, 14): "ccccCC",
        (19, 14): "cccCCC",
        (20, 15): "CCCC",
    }
    colors = {"c": (250, 130, 180, 255), "C": (210, 109, 151, 255)}
    assert item_of(bubble, **colors) == "other"


def test_smoke_over_a_cigarette_is_no_part_of_it() -> None:
    smoke: Changes = {(row, 19): "v" for row in (8, 10, 12)} | {(row, 20): "v" for row in (9, 11, 13)}
    hair: Changes = {(row, 17): "yyyy" for row in range(6, 23)}
    column = detect(draw(hair | CIGARETTE | smoke, COLORS))
    assert column.value(0) == "cigarette"
    assert not column.evidence[0][:14].any()


def test_a_striped_toy_in_warm_and_cold_colours_is_something_else() -> None:
    toy: Changes = {(16, 15): "xuxux", (17, 14): "xruruxu", (18, 15): "xuxux"}
    assert item_of(toy, x=(250, 220, 70, 255), u=(60, 160, 230, 255), r=(240, 60, 90, 255)) == "other"


GOGGLES: Changes = {(row, 7): "ggggggggg" for row in range(10, 15)} | {(12, 8): "vvvvvvv"}


@pytest.mark.parametrize("item", [None, "cigarette", "cigar"])
def test_lips_under_goggles_are_under_no_mask(item: str | None) -> None:
    """What hides eyes and nose misleads about the place of the mouth, what is held hides an end of it."""
    held = ITEMS[item] if item else {}
    assert item_of(GOGGLES | held, g=(240, 192, 48, 255), v=(160, 60, 168, 255)) == (item or "none")


NOTHING_HELD: dict[str, Changes] = {
    "mole": {(16, 9): "k"},
    "smile": {(16, 14): "l"},
    "frown": {(18, 14): "l"},
    "pearl at the corner": {(17, 14): "w"},
    "full beard": {(row, 7): "hhhhhhhhh" for row in (16, 17, 18, 19)} | {(17, 11): "lll"},
    "goatee": {(18, 11): "hhh", (19, 11): "hhh"},
    "moustache": {(16, 9): "hhhhhhh"},
    "long moustache": {(16, 9): "hhhhhhh", (17, 9): "h", (17, 15): "h", (18, 9): "h", (18, 15): "h"},
    "chin strap": {(row, col): "v" for row in range(13, 20) for col in (7, 15)},
    "flat long hair": {(row, col): "yyyyy" for row in range(7, 24) for col in (2, 16)},
    "hair over one cheek": {(row, 14): "yyyyyyy" for row in range(8, 24)},
    "hood": {(row, col): "vvv" for row in range(4, 24) for col in (3, 17)},
    "collar": {(row, 2): "gggggggggggggggggg" for row in (20, 21, 22, 23)},
    "earrings": {(15, 5): "w", (15, 17): "w", (16, 17): "w"},
    "rosy cheek": {(15, 14): "oo", (16, 14): "oo"},
    "smoke alone": {(row, 19): "w" for row in range(8, 16)},
}


@pytest.mark.parametrize("name", NOTHING_HELD)
def test_what_is_not_held_in_the_mouth_is_none(name: str) -> None:
    assert item_of(NOTHING_HELD[name]) == "none"


def test_the_evidence_is_what_is_held() -> None:
    column = detect(draw(BARE_CIGARETTE, COLORS), draw(colors=COLORS), draw(PIPE, COLORS))
    cigarette, jaw = {(17, col) for col in range(14, 21)}, {(row, 16) for row in (16, 18)}
    assert cigarette <= pixels(column.evidence[0]) <= cigarette | jaw
    assert pixels(column.evidence[1]) == {(17, 11), (17, 12), (17, 13)}
    stem, bowl = {(18, 14), (19, 15)}, {(20, 18), (21, 18)}
    assert stem | bowl <= pixels(column.evidence[2])
    assert (17, 12) not in pixels(column.evidence[2])


def test_no_face_holds_nothing_that_could_be_named() -> None:
    column = detect(np.zeros((24, 24, 4), np.uint8))
    assert column.value(0) is None
    assert not column.evidence.any()


def test_answers_do_not_depend_on_the_batch() -> None:
    portraits = [draw(change, COLORS) for change in (None, CIGARETTE, PIPE, HOLDER, NOTHING_HELD["hood"])]
    portraits.insert(2, np.zeros((24, 24, 4), np.uint8))
    whole = detect(*portraits)
    for i, portrait in enumerate(portraits):
        single = detect(portrait)
        assert single.codes[0] == whole.codes[i]
        assert single.confidence[0] == whole.confidence[i]
        assert np.array_equal(single.evidence[0], whole.evidence[i])


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(np.uint8, (2, 24, 24, 4), elements=st.sampled_from([0, 30, 90, 180, 255])))
def test_any_pixels_give_an_answer_or_none(rgba: np.ndarray) -> None:
    column = detect(*rgba)
    assert ((column.confidence > 0) == (column.codes >= 0)).all()


BOWL_UP: Changes = {(18, 14): "bbbbppp", (16, 18): "ppp", (17, 18): "ppp"}
FILTER: Changes = {(17, 14): "ggwwwwo"}
BAND: Changes = {(17, 14): "bobbbbo"}


def test_a_stem_with_a_bowl_that_rises_at_its_end_is_a_pipe() -> None:
    assert item_of(BOWL_UP) == "pipe"
    assert item_of({(18, 14): "bbbbbbb"}) == "cigar"


def test_a_filter_and_a_band_are_part_of_what_is_smoked() -> None:
    assert item_of(FILTER) == "cigarette"
    assert item_of(BAND) == "cigar"


def test_a_pixel_of_skin_before_a_glowing_cigarette_does_not_hide_it() -> None:
    assert item_of({(17, 15): "wwwwo"}) == "cigarette"


def test_a_dyed_beard_around_the_mouth_is_no_bubble() -> None:
    beard = {(row, 9): "ggggggg" for row in range(16, 21)}
    assert item_of(beard | {(17, 9): "gglllgg"}) == "none"
    assert item_of({(row, 10): "ggggg" for row in range(16, 21)}) == "other"
