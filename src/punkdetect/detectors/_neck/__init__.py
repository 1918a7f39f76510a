"""Parts of `neckwear`: what lies under the chin, and the chains, ties and scarves in it."""
