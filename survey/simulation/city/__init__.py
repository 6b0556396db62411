"""The city: who lives where, in which community, and what everybody thinks."""
