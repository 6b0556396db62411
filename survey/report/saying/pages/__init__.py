"""The pages of results: everything in words and numbers of the reader's language, nothing left to compute."""
