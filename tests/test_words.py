"""Words: what a caption claims, whatever its wording, and where words of pictures are found."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punkdetect.errors import UsageError
from punkdetect.vocabulary import TRAITS
from punkdetect.words.caption import read_template, write_caption
from punkdetect.words.claims import read_claims
from punkdetect.words.given import read_beside, read_words
from punkdetect.words.table import TABLE, normalize, read_table

WORDS = read_table()


def claimed(text: str) -> dict[str, str]:
    """What a text claims: values by trait, `|` between."""
    return {claim.trait: "|".join(claim.accepted) for claim in read_claims(text, WORDS)}


@pytest.mark.parametrize(
    ("text", "trait", "values"),
    [
        ("wearing black shades", "eyewear", "sunglasses"),
        ("a pair of round specs", "eyewear", "glasses"),
        ("black rectangular sunglasses covering eyes", "eyewear", "sunglasses"),
        ("3D glasses", "eyewear", "other"),
        ("VR headset, sad face", "eyewear", "other"),
        ("without glasses", "eyewear", "none"),
        ("she isn't wearing any glasses or earrings", "eyewear", "none"),
        ("she isn't wearing any glasses or earrings", "earrings", "none"),
        ("neither glasses nor earrings", "earrings", "none"),
        ("Eyewear: None. Earrings: hoop.", "eyewear", "none"),
        ("glasses off", "eyewear", "none"),
        ("sunglasses pushed up on her head", "eyewear", "none"),
        ("sunglasses pushed up on her head", "headwear", "other"),
        ("no hat, glasses", "eyewear", "glasses"),
        ("not bald but with glasses", "eyewear", "glasses"),
        ("gold hoop earrings", "earrings", "hoop"),
        ("gold hoops", "earrings", "hoop"),
        ("hoop_earrings, 1girl", "earrings", "hoop"),
        ("tiny pearl studs in her ears", "earrings", "stud"),
        ("long dangling earrings", "earrings", "drop"),
        ("pendant earrings", "earrings", "drop"),
        ("long hair, an earring", "earrings", "stud|hoop|drop"),
        ("slight smile", "expression", "smile"),
        ("grinning", "expression", "smile"),
        ("not smiling", "expression", "neutral|frown|hidden"),
        ("neutral expression", "expression", "neutral"),
        ("frowning", "expression", "frown"),
        ("mouth covered by a scarf", "expression", "hidden"),
        ("bald", "hairstyle", "none"),
        ("long wavy auburn hair", "hair_color", "brown|red|orange"),
        ("long wavy auburn hair", "hairstyle", "wavy"),
        ("long wavy auburn hair", "hair_length", "long"),
        ("hair is blonde and eyes are green", "hair_color", "blonde"),
        ("hair is blonde and eyes are green", "eye_color", "green"),
        ("red shirt, black hair", "hair_color", "black"),
        ("a red shirt and black hair", "hair_color", "black"),
        ("black and white hair", "hair_color", "black|white|multicolor"),
        ("blue-eyed blond boy", "eye_color", "blue"),
        ("hair color: pink, eye color: red", "hair_color", "pink"),
        ("dark-skinned", "skin_tone", "dark"),
        ("greybackground", "background_color", "gray"),
        ("split background", "background", "split"),
        ("no beard but a mustache", "facial_hair", "mustache"),
        ("no beard", "facial_hair", "none|stubble|mustache|goatee"),
        ("clean-shaven", "facial_hair", "none"),
        ("a red bow in her hair", "headwear", "bow"),
        ("a stud in her left ear", "earrings", "stud"),
        ("bare ears", "earrings", "none"),
        ("no jewelry", "earrings", "none"),
        ("glasses-free", "eyewear", "none"),
        ("he took off his glasses", "eyewear", "none"),
        ("3-D glasses", "eyewear", "other"),
        ("goggles on the forehead", "headwear", "other"),
        ("his mouth is covered", "expression", "hidden"),
        ("hair dyed pink", "hair_color", "pink"),
        ("a black woman with braids", "skin_tone", "dark"),
    ],
)
def test_words_are_understood_in_many_wordings(text: str, trait: str, values: str) -> None:
    assert claimed(text).get(trait) == values


@pytest.mark.parametrize(
    ("text", "trait"),
    [
        ("all shades of pink", "eyewear"),
        ("hair of a brown shade", "eyewear"),
        ("green eye shadow", "eye_color"),
        ("nose ring", "earrings"),
        ("elf ears", "headwear"),
        ("a red shirt", "hair_color"),
        ("hair", "hair_color"),
        ("purple jacket with a white collar", "background_color"),
        ("neutral background", "expression"),
        ("", "expression"),
    ],
)
def test_words_that_only_look_like_a_claim_are_none(text: str, trait: str) -> None:
    assert trait not in claimed(text)


WORDINGS = st.lists(
    st.one_of(
        st.sampled_from(sorted(WORDS.known)),
        st.sampled_from(["no", "or", ",", "and", "is", ":", "\n"]),
        st.text(),
    )
).map(" ".join)


@given(WORDINGS)
@settings(max_examples=300, deadline=None)
def test_any_text_gives_claims_of_the_vocabulary_and_never_an_exception(text: str) -> None:
    claims = read_claims(text, WORDS)
    assert [c.trait for c in claims] == [t for t in TRAITS if t in {c.trait for c in claims}]
    for claim in claims:
        assert claim.accepted
        assert set(claim.accepted) <= set(TRAITS[claim.trait])


def test_a_long_text_is_read_in_a_time_that_grows_with_its_length() -> None:
    for text in ("hair " * 20_000, "a" * 200_000, "no glasses or " * 20_000):
        read_claims(text, WORDS)  # minutes, if it grew with the square


SHOWN = st.fixed_dictionaries({trait: st.sampled_from(values) for trait, values in TRAITS.items()})


@given(SHOWN)
@settings(max_examples=1000, deadline=None)
def test_what_caption_writes_audit_agrees_with(shown: dict[str, str]) -> None:
    caption = write_caption(read_template()._replace(max_words=200), shown)
    for claim in read_claims(caption, WORDS):
        assert shown[claim.trait] in claim.accepted, caption


@pytest.mark.parametrize("trait", TRAITS)
def test_what_caption_tells_audit_reads(trait: str) -> None:
    rest = {"background": "solid", "hair_color": "black"}
    for value in TRAITS[trait]:
        told = write_caption(read_template(), {**rest, trait: value})
        if told == write_caption(read_template(), {k: v for k, v in rest.items() if k != trait}):
            assert value in ("none", "other"), f"{trait} {value} is not told"
            continue
        claims = {c.trait: c.accepted for c in read_claims(told, WORDS)}
        assert value in claims.get(trait, ()), f"{told!r} claims {claims}"


def test_a_claim_keeps_the_words_that_made_it() -> None:
    (claim,) = read_claims("wearing silver Hoop earrings", WORDS)
    assert claim.words == "hoop, hoop earrings"


@pytest.mark.parametrize("trait", [t for t in TRAITS if t not in ("hair_color", "hair_length")])
def test_every_value_of_a_trait_can_be_said(trait: str) -> None:
    said = {value for m in WORDS.things.values() for x in m if x.trait == trait for value in x.values}
    for part in WORDS.parts:
        said |= {v for m in part.words.values() for x in m if x.trait == trait for v in x.values}
    assert set(TRAITS[trait]) - said <= {"none"} | ({"solid"} if trait == "background" else set())


def test_a_table_of_ones_own_decides(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("things: {eyewear: {glasses: [nose bicycle]}}\nnegations: [sans]\n")
    table = read_table(own)
    assert [c.accepted for c in read_claims("a nose-bicycle", table)] == [("glasses",)]
    assert read_claims("shades", table) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("things: {eyeware: {glasses: [x]}}", "did you mean eyewear?"),
        ("things: {eyewear: {gogles: [x]}}", "unknown key 'gogles'"),
        ("things: {eyewear: {glasses: x}}", "a list of words is expected"),
        ("thing: {}", "did you mean things?"),
        ("parts: {hair: {hair_color: {red: [x]}}}", "say what hair is called"),
        ("silence_means_none: [hats]", "no trait is called 'hats'"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text)
    with pytest.raises(UsageError, match=r"own\.yaml, line 1, column") as caught:
        read_table(own)
    assert words in caught.value.message


def test_a_section_of_a_table_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("things: {eyewear: {glasses: [specs]}}\nignored:\nother_nouns: []\n")
    assert [c.accepted for c in read_claims("specs", read_table(tmp_path / "t.yaml"))] == [("glasses",)]


def test_hyphens_accents_and_plurals_do_not_matter() -> None:
    assert normalize("Hoop-Earrings") == normalize("hoop earring") == ("hoop", "earring")
    assert normalize("Béret") == ("beret",)


def test_captions_lie_beside_their_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("smile")
    (tmp_path / "a.json").write_text(json.dumps(erc721(("Mouth", "Frown"))))
    (tmp_path / "b.caption").write_text("smile")
    (tmp_path / "c.json").write_text(json.dumps(erc721(("Mouth", "Smile"))))
    (tmp_path / "d.json").write_text("[]")
    given = read_beside({f"{n}.png": str(tmp_path / f"{n}.png") for n in "abcde"}, WORDS)
    assert [w.claims[0].accepted for w in given.by_image.values() if w.claims] == [("smile",)] * 3
    assert list(given.by_image) == ["a.png", "b.png", "c.png", "d.png"]


def test_captions_in_a_folder_are_found_by_path_before_name(tmp_path: Path) -> None:
    for place, text in (("x", "smile"), ("y", "frown")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "a.txt").write_text(text)
    (tmp_path / "lost.txt").write_text("smile")
    given = read_words(tmp_path, ["x/a.png", "y/a.png"], WORDS)
    assert {k: w.claims[0].accepted for k, w in given.by_image.items()} == {
        "x/a.png": ("smile",),
        "y/a.png": ("frown",),
    }
    assert [w.keys[0] for w in given.homeless] == ["lost"]


def erc721(*pairs: tuple[str, object]) -> dict[str, object]:
    """Metadata of one portrait."""
    return {"name": "Punk", "attributes": [{"trait_type": name, "value": value} for name, value in pairs]}


def test_marketplace_metadata_is_read_whatever_its_traits_are_called(tmp_path: Path) -> None:
    (tmp_path / "7.json").write_text(
        json.dumps(
            erc721(
                ("Eyes", "Nerd Glasses"),
                ("Earring", "Gold Hoop"),
                ("Hat", "None"),
                ("Mouth", "Smile"),
                ("Hair", "Blonde Bob"),
                ("Generation", 1),
                ("expression", "neutral|smile"),
            )
        )
    )
    given = read_words(tmp_path, ["punk_0007.png", "punk_0008.png"], WORDS)
    wording = given.by_image["punk_0007.png"]
    claims = {c.trait: c.accepted for c in wording.claims}
    assert claims["eyewear"] == ("glasses",)
    assert claims["earrings"] == ("hoop",)
    assert claims["headwear"] == ("none",)
    assert claims["hair_color"] == ("blonde",)
    assert claims["expression"] == ("neutral", "smile")
    assert wording.speaks


def test_metadata_under_64_hex_digits_belongs_to_its_number(tmp_path: Path) -> None:
    (tmp_path / f"{26:064x}").write_text(json.dumps({"properties": {"eyewear": {"value": "glasses"}}}))
    given = read_words(tmp_path, ["p_26.png"], WORDS)
    assert given.by_image["p_26.png"].claims[0].accepted == ("glasses",)


def test_one_file_of_many_objects_is_read_by_their_pictures(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    path.write_text(json.dumps([{**erc721(("Eyes", "Shades")), "image": "ipfs://x/punk_1.png"}]))
    assert list(read_words(path, ["punk_1.png"], WORDS).by_image) == ["punk_1.png"]
    path = tmp_path / "all.jsonl"
    path.write_text('{"file_name": "b.png", "text": "a smile"}\n')
    assert read_words(path, ["b.png"], WORDS).by_image["b.png"].claims[0].accepted == ("smile",)


def test_a_label_table_claims_exactly_and_its_blanks_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("image,eyewear,earrings,Hat,note\na,glasses|other,,Fedora,shades\n")
    wording = read_words(path, ["a.png"], WORDS).by_image["a.png"]
    claims = {c.trait: c.accepted for c in wording.claims}
    assert claims == {"eyewear": ("glasses", "other"), "headwear": ("fedora",)}
    assert not wording.speaks


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", "{", "not JSON"),
        ("a.csv", "eyewear\nglasses\n", "needs a column named image"),
        ("a.json", "{}", "no captions, labels or metadata"),
        ("a.parquet", "PAR1", "words are read from .txt, .caption, .csv, .json and .jsonl"),
    ],
)
def test_words_that_cannot_be_read_are_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(UsageError, match=words):
        read_words(path, ["a.png"], WORDS)


@pytest.mark.parametrize(
    "value",
    [
        {"attributes": None},
        {"attributes": [1, None, {}, {"value": "Shades"}, {"trait_type": None, "value": "Hoop Earrings"}]},
        {"attributes": [{"trait_type": ["x"], "value": {"deep": [1]}}], "image": 3, "name": None},
        {"properties": {"eyes": None, "hat": {"value": None}}},
        {"traits": {"eyewear": {"value": 1.5}}},
        [[], 1, "x", {"attributes": []}],
        [{"image": name, "attributes": [{"value": "Shades"}]} for name in ("", "/", ".", "..", "\\")],
    ],
)
def test_metadata_of_any_shape_is_no_fault(tmp_path: Path, value: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps(value))
    given = read_words(tmp_path, ["a.png"], WORDS)
    found = {c.trait: c.accepted for w in (*given.by_image.values(), *given.homeless) for c in w.claims}
    meant = {"eyewear": ("sunglasses",), "earrings": ("hoop",)}
    assert found.items() <= meant.items()


def test_words_that_are_no_regular_file_are_said_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").mkdir()
    given = read_beside({n: str(tmp_path / n) for n in ("a.png", "b.png")}, WORDS)
    assert ["not a regular file" in w.error for w in given.by_image.values()] == [True, True]


def test_files_of_other_kinds_and_hidden_ones_are_no_words(tmp_path: Path) -> None:
    for name in ("a.png", ".DS_Store", "notes.md", "b.json.bak"):
        (tmp_path / name).write_text("nothing of the kind")
    (tmp_path / "1").write_text(json.dumps(erc721(("Eyes", "Shades"))))
    given = read_words(tmp_path, ["a.png", "punk_1.png"], WORDS)
    assert [path.name for path in given.files] == ["1"]
    assert list(given.by_image) == ["punk_1.png"]


def test_one_bad_file_of_a_folder_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.txt").write_text("smile")
    given = read_words(tmp_path, ["a.png", "b.png"], WORDS)
    assert "not JSON" in given.by_image["a.png"].error
    assert not given.by_image["b.png"].error


def test_the_table_ships_with_the_package() -> None:
    assert TABLE.parent.name == "words"
    assert WORDS.negations
