"""Disclosure control in one place: which cells of a release are hidden so that no hidden one can be worked out."""
