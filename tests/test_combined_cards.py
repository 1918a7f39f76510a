"""Cards of the combined detectors: the rule as it answers now, the network as it answered out of fold."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from drawn_faces import draw
from fakes import CornerDetector
from punkdetect.detectors._combined import RuleAndNetwork, Weight
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
from punkdetect.training.shipping import CHANCES
from punkdetect.vocabulary import TRAITS

NONE, CAP, BEANIE = (TRAITS["headwear"].index(value) for value in ("none", "cap", "beanie"))


def chances(value: int, chance: float) -> list[float]:
    """Chances of all values of headwear, of which one has this and the others share the rest."""
    k = len(TRAITS["headwear"])
    return [chance if i == value else (1 - chance) / (k - 1) for i in range(k)]


def test_a_card_joins_the_rule_with_what_the_network_said_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rgba = np.stack([draw()] * 3)
    rgba[:, 0, 0] = [(code, 200, 0, 255) for code in (NONE, CAP, BEANIE)]  # what the corner's rule says
    digests = [pixel_digest(pixels) for pixels in rgba]
    network = CornerDetector("headwear", "network", "7")  # what it says today does not matter
    network.model_card, network.model_digest = tmp_path / "n.card.json", "ab"  # type: ignore[attr-defined]
    unseen = [chances(CAP, 0.99), chances(BEANIE, 0.06), chances(BEANIE, 0.9)]
    write_model_card(
        network.model_card,  # type: ignore[attr-defined]
        ModelCard(
            detector="headwear.network",
            version="7",
            model_sha256="ab",
            fitted_to={digest: Fitted(str(i), "mine", str(i)) for i, digest in enumerate(digests)},
            answers={"headwear": dict.fromkeys(digests, OutOfFold("crown", 0.5))},
            notes={"seed": 3, CHANCES: dict(zip(digests, unseen, strict=True))},
        ),
    )
    both = RuleAndNetwork(CornerDetector("headwear"), network, Weight(1.0, 1.0))  # type: ignore[arg-type]
    registry = SimpleNamespace(detectors={"a": CornerDetector("eyewear"), "b": both})
    monkeypatch.setattr(combined_cards, "load_registry", lambda: registry)
    labels = {"headwear": [("cap",), ("beanie",), ("beanie",)]}
    said = combined_cards.write_combined_cards(make_examples(rgba, labels, ["x", "y", "z"], "mine"))
    assert said == ["headwear.rule_and_network 1+7: 2 of 3"]
    card = read_model_card(both.model_card)
    assert (card.detector, card.version, card.model_sha256) == ("headwear.rule_and_network", "1+7", "ab")
    answers = [card.answers["headwear"][digest] for digest in digests]
    assert [answer.value for answer in answers] == ["cap", "cap", "beanie"]
    assert answers[2].confidence > answers[1].confidence  # both said so, and not the rule alone
    assert len(card.fitted_to) == 3
    assert card.notes["seed"] == 3
    assert CHANCES not in card.notes
