"""Years in words and pictures of the reader's language."""
