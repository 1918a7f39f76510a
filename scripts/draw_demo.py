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

LOOKS = {
    "flat": {
        "style": "flat", "head": "plain own", "outline": "full", "shading": "highlight", "clothes": "none",
        "texture": "flat",
    },
    "rich": {"style": "rich", "head": "stepped own", "brows": "lid", "eyes": "pupil and iris"},
}  # fmt: skip
"""Two ways to draw: flat colours within a black line, or shaded hair and clothes."""

PORTRAITS = """
smile_hoop, rich 1: earrings hoop; type female; expression smile; earring_side left; hair_shape long part;
    hair_color brown; skin_tone light; background solid; background_color cyan
neutral_glasses, rich 1: eyewear glasses; type male; expression neutral; eyewear_shape square; frame_color
    black; hair_shape side part; hair_color black; skin_tone light; background solid; background_color
    blue; clothes suit
frown_beard, rich 2: facial_hair beard; type male; expression frown; beard_shape full; hair_shape waves
    medium; hair_color brown; skin_tone medium; background gradient; background_color green
hidden_mask, flat 3: mouth_item mask; type male; expression hidden; mouth_item_shape medical; hair_shape
    crew; hair_color black; background transparent
sunglasses_flat_top, flat 52: eyewear sunglasses; type male; eyewear_shape regular; expression smile;
    hair_shape flat top; hair_color black; skin_tone dark; background transparent
afro_stud, rich 5: earrings stud; type female; earring_side left; expression smile; hair_shape afro;
    hair_color black; skin_tone dark; background split; pattern 0
braids_drop, rich 60: earrings drop; type female; earring_side both; expression neutral; hair_shape plaits;
    hair_color red; skin_tone light; background stripes; background_color yellow
vr_bald, flat 7: eyewear other; type male; eyewear_shape vr; expression neutral; hairstyle none; skin_tone
    medium; background checker; background_color pink
hills_cowboy, rich 8: headwear cowboy_hat; facial_hair mustache; type male; headwear_shape brown;
    expression smile; beard_shape handlebar; hair_shape side part; skin_tone light; background scene;
    pattern 0
cigarette_mohawk, flat 9: mouth_item cigarette; type male; mouth_item_shape outlined smoke; expression
    neutral; hair_shape spiked mohawk; hair_color green; skin_tone light; background solid;
    background_color purple
curls_smile, rich 47: type female; expression smile; smile left; hair_shape big curls; hair_color brown;
    skin_tone medium; background solid; background_color yellow
waves_blonde, rich 11: type female; expression neutral; hair_shape waves long; hair_color blonde;
    skin_tone light; background gradient; background_color purple
cap_stubble, rich 12: headwear cap; facial_hair stubble; type male; headwear_shape logo; hat_color red;
    expression neutral; hair_shape crew; skin_tone light; background solid; background_color cyan
beanie_goatee, flat 13: headwear beanie; facial_hair goatee; type male; headwear_shape knit; beard_shape
    circle; expression smile; hair_shape crew; skin_tone dark; background transparent
crown_long, rich 14: headwear crown; type female; headwear_shape points; expression smile; hair_shape long
    fringe; hair_color black; skin_tone medium; background solid; background_color red
top_hat_pipe, flat 15: headwear top_hat; mouth_item pipe; type male; headwear_shape tall; hat_color black;
    mouth_item_shape bent; expression neutral; hair_shape side fringe; hair_color gray; skin_tone light;
    background solid; background_color beige
hood_frown, flat 16: headwear hood; type male; headwear_shape hood; hat_color gray; expression frown;
    hairstyle none; skin_tone medium; background transparent
wizard_long_beard, rich 17: headwear wizard_hat; facial_hair beard; type male; headwear_shape wizard;
    hat_color purple; beard_shape long; expression neutral; hair_shape long swept; hair_color gray;
    skin_tone light; background solid; background_color blue
tiara_necklace, rich 18: headwear tiara; neckwear necklace; type female; headwear_shape peak;
    neckwear_shape pearls; expression smile; hair_shape bob; hair_color brown; skin_tone light; clothes
    none; background solid; background_color pink
bow_pigtails, rich 19: headwear bow; type female; headwear_shape top bow; hat_color pink; expression
    smile; smile both; hair_shape pigtails; hair_color orange; skin_tone light; background checker;
    background_color green
tie_sunglasses, rich 20: eyewear sunglasses; neckwear tie; type male; neckwear_shape tie; clothes suit;
    eyewear_shape deal; frame_color black; expression smile; hair_shape quiff; hair_color black; skin_tone
    light; background split; pattern 12
scarf_beret, rich 21: headwear beret; neckwear scarf; type female; neckwear_shape scarf; headwear_shape
    beret; hat_color red; expression neutral; hair_shape bob; hair_color black; skin_tone light;
    background solid; background_color white
halo_curls, rich 22: headwear halo; type female; headwear_shape ring; hat_color yellow; expression smile;
    hair_shape ringlets; hair_color blonde; skin_tone dark; background gradient; background_color cyan
headband_hoop, flat 23: earrings hoop; headwear headband; type male; headwear_shape sport; earring_shape
    small ring; earring_side left; expression neutral; hair_shape short afro; hair_color black; skin_tone
    dark; background transparent
bandana_patch, flat 24: eyewear other; headwear bandana; facial_hair stubble; type male; headwear_shape
    bandana; hat_color red; eyewear_shape patch; frame_color black; expression smile; hairstyle none;
    skin_tone light; background stripes; background_color blue
flower_braids, rich 25: headwear flower; type female; headwear_shape red flower; expression smile;
    hair_shape dreads; hair_color black; skin_tone dark; background scene; pattern 3
round_glasses_bun, rich 26: eyewear glasses; type female; eyewear_shape big round; frame_color black;
    expression frown; hair_shape top bun; hair_color gray; skin_tone light; background solid;
    background_color green
alien_neutral, flat 27: eyewear glasses; type male; expression neutral; hairstyle none; skin_tone other;
    eyewear_shape pale box; frame_color black; background transparent
cigar_fedora, rich 28: headwear fedora; mouth_item cigar; type male; mouth_item_shape fat; headwear_shape
    fedora; hat_color gray; expression neutral; hair_shape slick; hair_color black; skin_tone light;
    background gradient; background_color orange
vape_spikes, flat 29: mouth_item vape; type male; mouth_item_shape outlined vape; expression neutral;
    hair_shape spikes; hair_color purple; skin_tone light; background solid; background_color yellow
drop_wavy_bob, rich 30: earrings drop; type female; earring_shape pearl; earring_side left; expression
    neutral; hair_shape surfer; hair_color red; skin_tone light; background stripes; background_color pink
stud_cornrows, flat 31: earrings stud; type male; earring_shape edged point; earring_side left; expression
    smile; hair_shape cornrows; hair_color black; skin_tone dark; background solid; background_color gray
cat_ears_pink, rich 32: headwear animal_ears; type female; headwear_shape cat; expression smile; smile
    both; hair_shape long fringe; hair_color pink; skin_tone light; background solid; background_color
    blue
three_d_wild, flat 33: eyewear other; type male; eyewear_shape 3d; expression frown; hair_shape wild;
    hair_color black; skin_tone medium; background transparent
bucket_hat_choker, rich 34: headwear bucket_hat; neckwear necklace; type female; headwear_shape patterned;
    neckwear_shape choker; clothes none; expression neutral; hair_shape long side; hair_color blue;
    skin_tone light; background split; pattern 14
helmet_goatee, rich 35: headwear helmet; facial_hair goatee; type male; headwear_shape viking; beard_shape
    chin and lip; expression neutral; hair_shape locs; hair_color blonde; skin_tone light; background
    scene; pattern 1
gray_monochrome, rich 36: type male; expression neutral; hair_shape tousled; hair_color gray; skin_tone
    gray; background solid; background_color gray
hair_clip_smile, rich 37: headwear hair_clip; type female; headwear_shape two clips; hat_color yellow;
    expression smile; hair_shape half bob; hair_color black; skin_tone medium; background solid;
    background_color orange
aviator_mullet, rich 38: eyewear sunglasses; facial_hair mustache; type male; eyewear_shape aviator;
    beard_shape bar; expression neutral; hair_shape mullet; hair_color brown; skin_tone light; background
    gradient; background_color red
goggles_up, flat 39: headwear other; type female; headwear_shape goggles; expression smile; hair_shape
    waves side; hair_color brown; skin_tone light; background solid; background_color cyan
two_colours, rich 40: type female; expression neutral; hair_shape long part; hair_color multicolor;
    texture two sides; skin_tone light; background solid; background_color purple
rose_side_part, rich 41: mouth_item other; type male; mouth_item_shape rose; expression neutral;
    hair_shape other part; hair_color brown; skin_tone medium; background solid; background_color green
"""
"""Name, way to draw and seed; then what is asked for: a trait or a choice of the generator, and its value."""


def read_portraits() -> dict[str, tuple[int, dict[str, str]]]:
    """Return the portraits by file name: seed, and everything that is asked for."""
    found = {}
    for entry in PORTRAITS.strip().replace("\n    ", " ").split("\n"):
        title, _, wishes = entry.partition(": ")
        name, _, way = title.partition(", ")
        look, seed = way.split()
        wanted = dict(wish.split(" ", 1) for wish in wishes.split("; "))
        found[f"demo_{len(found) + 1:02d}_{name}"] = int(seed), {**BARE, **LOOKS[look], **wanted}
    return found


TO_COVER = ("type", "expression", "eyewear", "earrings", "headwear", "facial_hair", "hairstyle", "background",
            "hair_length", "mouth_item")  # fmt: skip
"""Traits of which the demo portraits show every value."""


def main() -> None:
    """Draw, check that what was asked for is what can be seen, and write."""
    rows, faults = [], []
    for old in DEMO.glob("*.png"):
        old.unlink()
    for name, (seed, wanted) in read_portraits().items():
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
