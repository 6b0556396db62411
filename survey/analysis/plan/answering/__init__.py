"""Asks answered: one function for each statistic of a plan."""
