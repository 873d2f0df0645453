"""The persona matcher: the fit learned from CharacterChat's published ratings, and the ranges of cosines it works with."""
