"""Parts of `earrings`: both sides of a head, the jewels there, and the numbers that a model weighs."""
