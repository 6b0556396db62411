"""What we say: responses → frame → design → weights → estimates → tables, charts, files."""
