"""Cards of the combined detectors: the rule as it answers now, the network as it answered out of fold."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fakes import CornerDetector, portrait
from punkdetect.detectors._combined import Limits, RuleAndNetwork
from punkdetect.model_cards import (
    Fitted,
    ModelCard,
    OutOfFold,
    pixel_digest,
    read_model_card,
    write_model_card,
)
from punkdetect.training import combined_cards
from punkdetect.training.examples import make_examples

NONE, CAP, BEANIE = 0, 1, 2  # codes of headwear, which the corner's red says


def test_a_card_holds_the_rule_where_the_unseen_network_was_unsure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rgba = np.stack([portrait(red, 200) for red in (NONE, CAP, BEANIE)])
    digests = [pixel_digest(pixels) for pixels in rgba]
    network = CornerDetector("headwear", "network", "7")  # what it says today does not matter
    network.model_card, network.model_digest = tmp_path / "n.card.json", "ab"  # type: ignore[attr-defined]
    unseen = [OutOfFold("cap", 0.8), OutOfFold("beanie", 0.8), OutOfFold(None, 0.0)]
    write_model_card(
        network.model_card,  # type: ignore[attr-defined]
        ModelCard(
            detector="headwear.network",
            version="7",
            model_sha256="ab",
            fitted_to={digest: Fitted(str(i), "mine", str(i)) for i, digest in enumerate(digests)},
            answers={"headwear": dict(zip(digests, unseen, strict=True))},
        ),
    )
    both = RuleAndNetwork(CornerDetector("headwear"), network, Limits(found=0.9, none=0.6))  # type: ignore[arg-type]
    registry = SimpleNamespace(detectors={"a": CornerDetector("eyewear"), "b": both})
    monkeypatch.setattr(combined_cards, "load_registry", lambda: registry)
    labels = {"headwear": [("cap",), ("beanie",), ("beanie",)]}
    said = combined_cards.write_combined_cards(make_examples(rgba, labels, ["x", "y", "z"], "mine"))
    assert said == ["headwear.rule_and_network 1+7: 2 of 3"]
    card = read_model_card(both.model_card)
    assert (card.detector, card.version, card.model_sha256) == ("headwear.rule_and_network", "1+7", "ab")
    answers = [card.answers["headwear"][digest].value for digest in digests]
    assert answers == ["cap", "cap", "beanie"]  # surer than 0.6 where nothing was found; not than 0.9
    assert len(card.fitted_to) == 3
    assert card.notes["surer_than"] == {"found": 0.9, "none": 0.6}
