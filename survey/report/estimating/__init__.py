"""From columns to figures that may be shown: measures, margins, weights, estimates, suppression."""
