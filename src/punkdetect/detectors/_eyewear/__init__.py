"""Parts of `eyewear`: what spans the nose, what shows through it, and the numbers that a model weighs."""
