"""Figures and microdata as files that colleagues' tools read."""
