"""What the coverage study counts and how it is told."""
