"""Parts of `headwear`: what its rules ask about a head, the rules, and the numbers that a model weighs."""
