"""Adjusting weights: each function takes a design and gives a new one that remembers the old."""
