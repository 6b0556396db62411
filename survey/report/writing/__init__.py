"""Figures as files that colleagues' tools read."""
