"""Resident satisfaction survey of the Weihai city check-up."""

__version__ = "0.1.0"
