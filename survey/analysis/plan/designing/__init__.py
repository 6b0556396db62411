"""Designs drawn up from a plan: sampling, replicates, adjustment, counted rows."""
