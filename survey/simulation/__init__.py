"""A city we made up: a population with a known truth, its sample, and its answers."""
