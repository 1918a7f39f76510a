"""An audit as the data of a page: portraits on sheets, the pixels that decided, one entry a finding.

Knows findings; knows nothing of HTML, and finds nothing itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from punkdetect.cells import printable_text
from punkdetect.punks import SIDE
from punkdetect.report.gallery import SHEET_SIDE, draw_sheets, encode_sheets, pack_evidence
from punkdetect.tables import MASK_BYTES
from punkdetect.vocabulary import TRAITS
from punkdetect.words.audit import Audit


def audit_data(audit: Audit) -> dict[str, Any]:
    """Return what `pages/audit.js` draws.

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    dict
        `images`, `pictures`, `sheets`, `sheet_side`, `traits`, `evidence` as of `gallery_data`; `findings`
        (row of the picture, position of the trait, kind, claimed, words, shown, sure); `unaudited` (name,
        kind, why).
    """
    rows = {image: row for row, image in enumerate(dict.fromkeys(f.image for f in audit.findings))}
    found = {f.trait for f in audit.findings}
    traits = [trait for trait in TRAITS if trait in found]
    rgba = np.zeros((len(rows), SIDE, SIDE, 4), np.uint8)
    masks = np.zeros((len(traits), len(rows), MASK_BYTES), np.uint8)
    for f in audit.findings:
        rgba[rows[f.image]] = f.rgba
        masks[traits.index(f.trait), rows[f.image]] = np.packbits(f.evidence)
    return {
        "images": [printable_text(image) for image in rows],
        "pictures": list(range(len(rows))),
        "sheet_side": SHEET_SIDE,
        "sheets": encode_sheets(draw_sheets(rgba)),
        "traits": [{"name": trait, "mask": i} for i, trait in enumerate(traits)],
        "evidence": pack_evidence(list(masks)),
        "findings": [
            {
                "row": rows[f.image],
                "trait": traits.index(f.trait),
                "kind": f.kind,
                "claimed": list(f.claimed),
                "words": printable_text(f.words),
                "shown": f.shown,
                "sure": f.sure,
            }
            for f in audit.findings
        ],
        "unaudited": [[printable_text(u.name), u.kind, printable_text(u.message)] for u in audit.unaudited],
    }
