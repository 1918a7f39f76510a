"""Draw the demo portraits and their rows of data/validation_labels.csv.

Each portrait is described below by what it shall show; what is not said is drawn at random from its seed. The
labels are those of the drawing, and every value that was asked for must be among them.
"""

from __future__ import annotations

from pathlib import Path

from label_file import replace_collection

from punkdetect.images import encode_png
from punkdetect.labels import read_labels
from punkdetect.synth import draw_pinned
from punkdetect.vocabulary import ALL_TRAITS, TRAITS
from punkdetect.writers.drawn_folder import label_word

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "data" / "demo"
LABELS = ROOT / "data" / "validation_labels.csv"

NOTHING_WORN = dict.fromkeys(
    ("eyewear", "earrings", "headwear", "facial_hair", "mouth_item", "neckwear"), "none"
)
BARE = {**NOTHING_WORN, "mouth_width": "3", "mouth_shift": "0", "extra": "none", "nose": "own"}
"""What a demo portrait wears unless it is said."""

FLAT = {
    "style": "flat",
    "head": "plain own",
    "outline": "full",
    "shading": "highlight",
    "clothes": "none",
    "texture": "flat",
}
RICH = {"style": "rich", "head": "stepped own", "brows": "lid", "eyes": "pupil and iris"}
"""Two ways to draw: flat colours within a black line, or shaded hair and clothes."""

PORTRAITS: dict[str, tuple[int, dict[str, str]]] = {}
"""By name: seed, and what is asked for."""


def portrait(name: str, seed: int, look: dict[str, str], **wanted: str) -> None:
    """Describe one demo portrait."""
    PORTRAITS[f"demo_{len(PORTRAITS) + 1:02d}_{name}"] = seed, {**BARE, **look, **wanted}


def describe() -> None:
    """Describe them all: every value of most traits, and both types."""
    portrait(
        "smile_hoop",
        1,
        RICH,
        type="female",
        expression="smile",
        earrings="hoop",
        earring_side="left",
        hair_shape="long part",
        hair_color="brown",
        skin_tone="light",
        background="solid",
        background_color="cyan",
    )
    portrait(
        "neutral_glasses",
        1,
        RICH,
        type="male",
        expression="neutral",
        eyewear="glasses",
        eyewear_shape="horn",
        frame_color="black",
        hair_shape="side part",
        hair_color="black",
        skin_tone="light",
        background="solid",
        background_color="blue",
        clothes="suit",
    )
    portrait(
        "frown_beard",
        2,
        RICH,
        type="male",
        expression="frown",
        facial_hair="beard",
        beard_shape="full",
        hair_shape="waves medium",
        hair_color="brown",
        skin_tone="medium",
        background="gradient",
        background_color="green",
    )
    portrait(
        "hidden_mask",
        3,
        FLAT,
        type="male",
        expression="hidden",
        mouth_item="mask",
        mouth_item_shape="medical",
        hair_shape="crew",
        hair_color="black",
        background="transparent",
    )
    portrait(
        "sunglasses_flat_top",
        4,
        FLAT,
        type="male",
        eyewear="sunglasses",
        eyewear_shape="regular",
        expression="smile",
        hair_shape="flat top",
        hair_color="black",
        skin_tone="dark",
        background="transparent",
    )
    portrait(
        "afro_stud",
        5,
        RICH,
        type="female",
        earrings="stud",
        earring_side="left",
        expression="smile",
        hair_shape="afro",
        hair_color="black",
        skin_tone="dark",
        background="split",
        pattern="0",
    )
    portrait(
        "braids_drop",
        6,
        RICH,
        type="female",
        earrings="drop",
        earring_side="both",
        expression="neutral",
        hair_shape="plaits",
        hair_color="red",
        skin_tone="light",
        background="stripes",
        background_color="yellow",
    )
    portrait(
        "vr_bald",
        7,
        FLAT,
        type="male",
        eyewear="other",
        eyewear_shape="vr",
        expression="neutral",
        hairstyle="none",
        skin_tone="medium",
        background="checker",
        background_color="pink",
    )
    portrait(
        "hills_cowboy",
        8,
        RICH,
        type="male",
        headwear="cowboy_hat",
        headwear_shape="brown",
        expression="smile",
        facial_hair="mustache",
        beard_shape="handlebar",
        hair_shape="side part",
        skin_tone="light",
        background="scene",
        pattern="0",
    )
    portrait(
        "cigarette_mohawk",
        9,
        FLAT,
        type="male",
        mouth_item="cigarette",
        mouth_item_shape="outlined smoke",
        expression="neutral",
        hair_shape="spiked mohawk",
        hair_color="green",
        skin_tone="light",
        background="solid",
        background_color="purple",
    )
    portrait(
        "curls_smile",
        10,
        RICH,
        type="female",
        expression="smile",
        smile="left",
        hair_shape="big curls",
        hair_color="brown",
        skin_tone="medium",
        background="solid",
        background_color="yellow",
    )
    portrait(
        "waves_blonde",
        11,
        RICH,
        type="female",
        expression="neutral",
        hair_shape="waves long",
        hair_color="blonde",
        skin_tone="light",
        background="gradient",
        background_color="purple",
    )
    portrait(
        "cap_stubble",
        12,
        RICH,
        type="male",
        headwear="cap",
        headwear_shape="logo",
        hat_color="red",
        facial_hair="stubble",
        expression="neutral",
        hair_shape="crew",
        skin_tone="light",
        background="solid",
        background_color="cyan",
    )
    portrait(
        "beanie_goatee",
        13,
        FLAT,
        type="male",
        headwear="beanie",
        headwear_shape="knit",
        facial_hair="goatee",
        beard_shape="circle",
        expression="smile",
        hair_shape="crew",
        skin_tone="dark",
        background="transparent",
    )
    portrait(
        "crown_long",
        14,
        RICH,
        type="female",
        headwear="crown",
        headwear_shape="points",
        expression="smile",
        hair_shape="long fringe",
        hair_color="black",
        skin_tone="medium",
        background="solid",
        background_color="red",
    )
    portrait(
        "top_hat_pipe",
        15,
        FLAT,
        type="male",
        headwear="top_hat",
        headwear_shape="tall",
        hat_color="black",
        mouth_item="pipe",
        mouth_item_shape="bent",
        expression="neutral",
        hair_shape="side fringe",
        hair_color="gray",
        skin_tone="light",
        background="solid",
        background_color="beige",
    )
    portrait(
        "hood_frown",
        16,
        FLAT,
        type="male",
        headwear="hood",
        headwear_shape="hood",
        hat_color="gray",
        expression="frown",
        hairstyle="none",
        skin_tone="medium",
        background="transparent",
    )
    portrait(
        "wizard_long_beard",
        17,
        RICH,
        type="male",
        headwear="wizard_hat",
        headwear_shape="wizard",
        hat_color="purple",
        facial_hair="beard",
        beard_shape="long",
        expression="neutral",
        hair_shape="long swept",
        hair_color="gray",
        skin_tone="light",
        background="solid",
        background_color="blue",
    )
    portrait(
        "tiara_necklace",
        18,
        RICH,
        type="female",
        headwear="tiara",
        headwear_shape="peak",
        neckwear="necklace",
        neckwear_shape="pearls",
        expression="smile",
        hair_shape="bob",
        hair_color="brown",
        skin_tone="light",
        clothes="none",
        background="solid",
        background_color="pink",
    )
    portrait(
        "bow_pigtails",
        19,
        RICH,
        type="female",
        headwear="bow",
        headwear_shape="top bow",
        expression="smile",
        smile="both",
        hair_shape="pigtails",
        hair_color="orange",
        skin_tone="light",
        background="checker",
        background_color="green",
    )
    portrait(
        "tie_sunglasses",
        20,
        RICH,
        type="male",
        neckwear="tie",
        neckwear_shape="tie",
        clothes="suit",
        eyewear="sunglasses",
        eyewear_shape="deal",
        frame_color="black",
        expression="smile",
        hair_shape="quiff",
        hair_color="black",
        skin_tone="light",
        background="split",
        pattern="12",
    )
    portrait(
        "scarf_beret",
        21,
        RICH,
        type="female",
        neckwear="scarf",
        neckwear_shape="scarf",
        headwear="beret",
        headwear_shape="beret",
        hat_color="red",
        expression="neutral",
        hair_shape="bob",
        hair_color="black",
        skin_tone="light",
        background="solid",
        background_color="white",
    )
    portrait(
        "halo_curls",
        22,
        RICH,
        type="female",
        headwear="halo",
        headwear_shape="ring",
        hat_color="yellow",
        expression="smile",
        hair_shape="ringlets",
        hair_color="blonde",
        skin_tone="dark",
        background="gradient",
        background_color="cyan",
    )
    portrait(
        "headband_hoop",
        23,
        FLAT,
        type="male",
        headwear="headband",
        headwear_shape="sport",
        earrings="hoop",
        earring_shape="small ring",
        earring_side="left",
        expression="neutral",
        hair_shape="short afro",
        hair_color="black",
        skin_tone="dark",
        background="transparent",
    )
    portrait(
        "bandana_patch",
        24,
        FLAT,
        type="male",
        headwear="bandana",
        headwear_shape="bandana",
        hat_color="red",
        eyewear="other",
        eyewear_shape="patch",
        frame_color="black",
        facial_hair="stubble",
        expression="smile",
        hairstyle="none",
        skin_tone="light",
        background="stripes",
        background_color="blue",
    )
    portrait(
        "flower_braids",
        25,
        RICH,
        type="female",
        headwear="flower",
        headwear_shape="red flower",
        expression="smile",
        hair_shape="dreads",
        hair_color="black",
        skin_tone="dark",
        background="scene",
        pattern="3",
    )
    portrait(
        "round_glasses_bun",
        26,
        RICH,
        type="female",
        eyewear="glasses",
        eyewear_shape="big round",
        frame_color="black",
        expression="frown",
        hair_shape="top bun",
        hair_color="gray",
        skin_tone="light",
        background="solid",
        background_color="green",
    )
    portrait(
        "alien_neutral",
        27,
        FLAT,
        type="male",
        expression="neutral",
        hairstyle="none",
        skin_tone="other",
        eyewear="glasses",
        eyewear_shape="pale box",
        frame_color="black",
        background="transparent",
    )
    portrait(
        "cigar_fedora",
        28,
        RICH,
        type="male",
        mouth_item="cigar",
        mouth_item_shape="fat",
        headwear="fedora",
        headwear_shape="fedora",
        hat_color="gray",
        expression="neutral",
        hair_shape="slick",
        hair_color="black",
        skin_tone="light",
        background="gradient",
        background_color="orange",
    )
    portrait(
        "vape_spikes",
        29,
        FLAT,
        type="male",
        mouth_item="vape",
        mouth_item_shape="outlined vape",
        expression="neutral",
        hair_shape="spikes",
        hair_color="purple",
        skin_tone="light",
        background="solid",
        background_color="yellow",
    )
    portrait(
        "drop_wavy_bob",
        30,
        RICH,
        type="female",
        earrings="drop",
        earring_shape="pearl",
        earring_side="left",
        expression="neutral",
        hair_shape="surfer",
        hair_color="red",
        skin_tone="light",
        background="stripes",
        background_color="pink",
    )
    portrait(
        "stud_cornrows",
        31,
        FLAT,
        type="male",
        earrings="stud",
        earring_shape="edged point",
        earring_side="left",
        expression="smile",
        hair_shape="cornrows",
        hair_color="black",
        skin_tone="dark",
        background="solid",
        background_color="gray",
    )
    portrait(
        "cat_ears_pink",
        32,
        RICH,
        type="female",
        headwear="animal_ears",
        headwear_shape="cat",
        expression="smile",
        smile="both",
        hair_shape="long fringe",
        hair_color="pink",
        skin_tone="light",
        background="solid",
        background_color="blue",
    )
    portrait(
        "three_d_wild",
        33,
        FLAT,
        type="male",
        eyewear="other",
        eyewear_shape="3d",
        expression="frown",
        hair_shape="wild",
        hair_color="black",
        skin_tone="medium",
        background="transparent",
    )
    portrait(
        "bucket_hat_choker",
        34,
        RICH,
        type="female",
        headwear="bucket_hat",
        headwear_shape="patterned",
        neckwear="necklace",
        neckwear_shape="choker",
        clothes="none",
        expression="neutral",
        hair_shape="long side",
        hair_color="blue",
        skin_tone="light",
        background="split",
        pattern="14",
    )
    portrait(
        "helmet_goatee",
        35,
        RICH,
        type="male",
        headwear="helmet",
        headwear_shape="viking",
        facial_hair="goatee",
        beard_shape="chin and lip",
        expression="neutral",
        hair_shape="locs",
        hair_color="blonde",
        skin_tone="light",
        background="scene",
        pattern="1",
    )
    portrait(
        "gray_monochrome",
        36,
        RICH,
        type="male",
        expression="neutral",
        hair_shape="tousled",
        hair_color="gray",
        skin_tone="gray",
        background="solid",
        background_color="gray",
    )
    portrait(
        "hair_clip_smile",
        37,
        RICH,
        type="female",
        headwear="hair_clip",
        headwear_shape="two clips",
        hat_color="yellow",
        expression="smile",
        hair_shape="half bob",
        hair_color="black",
        skin_tone="medium",
        background="solid",
        background_color="orange",
    )
    portrait(
        "aviator_mullet",
        38,
        RICH,
        type="male",
        eyewear="sunglasses",
        eyewear_shape="aviator",
        facial_hair="mustache",
        beard_shape="bar",
        expression="neutral",
        hair_shape="mullet",
        hair_color="brown",
        skin_tone="light",
        background="gradient",
        background_color="red",
    )
    portrait(
        "goggles_up",
        39,
        FLAT,
        type="female",
        headwear="other",
        headwear_shape="goggles",
        expression="smile",
        hair_shape="waves side",
        hair_color="brown",
        skin_tone="light",
        background="solid",
        background_color="cyan",
    )
    portrait(
        "two_colours",
        40,
        RICH,
        type="female",
        expression="neutral",
        hair_shape="long part",
        hair_color="multicolor",
        texture="two sides",
        skin_tone="light",
        background="solid",
        background_color="purple",
    )
    portrait(
        "rose_side_part",
        41,
        RICH,
        type="male",
        mouth_item="other",
        mouth_item_shape="rose",
        expression="neutral",
        hair_shape="other part",
        hair_color="brown",
        skin_tone="medium",
        background="solid",
        background_color="green",
    )


TO_COVER = ("type", "expression", "eyewear", "earrings", "headwear", "facial_hair", "hairstyle", "background",
            "hair_length", "mouth_item")  # fmt: skip
"""Traits of which the demo portraits show every value."""


def main() -> None:
    """Draw, check that what was asked for is what can be seen, and write."""
    describe()
    rows, faults = [], []
    for old in DEMO.glob("*.png"):
        old.unlink()
    for name, (seed, wanted) in PORTRAITS.items():
        drawn = draw_pinned([wanted], seed)
        words = {trait: label_word(trait, int(drawn.labels[trait][0])) for trait in ALL_TRAITS}
        faults += [
            f"{name}: asked for {trait} {wanted[trait]}, drawn {words[trait] or 'unsure'}"
            for trait in TRAITS
            if trait in wanted and words[trait] != wanted[trait]
        ]
        (DEMO / f"{name}.png").write_bytes(encode_png(drawn.rgba[0]))
        rows.append({"image": name, "family": name, **words})
    for trait in TO_COVER:
        missing = set(TRAITS[trait]) - {row[trait] for row in rows}
        if missing:
            faults.append(f"no portrait shows {trait} {', '.join(sorted(missing))}")
    if faults:
        raise SystemExit("\n".join(faults))
    count = replace_collection(LABELS, "demo", rows)
    read_labels(LABELS)
    print(f"{LABELS.name}: {len(rows)} rows of demo, {count} in all")


if __name__ == "__main__":
    main()
