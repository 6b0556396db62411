"""What it means: design-based estimation for complex surveys, without framework or database."""
