"""The public-use file: no small combination of what could point to a person."""
