"""Variances of weighted totals: linearised over the stages of the design, and from replicates."""
