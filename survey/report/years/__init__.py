"""What changed from wave to wave, and what only seems to have."""
