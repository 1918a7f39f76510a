"""Parts of `facial_hair`: what covers the lower face, what its rule asks about that, and the numbers."""
