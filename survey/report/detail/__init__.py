"""Looked at more closely, when asked for: groups, modes, streets, definitions, comparisons, priorities."""
