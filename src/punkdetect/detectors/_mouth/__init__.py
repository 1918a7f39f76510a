"""Parts of `mouth_item`: what leaves the mouth, what it is, and the numbers that a model weighs."""
