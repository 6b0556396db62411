"""Pictures beyond the dot-and-interval plot: SVG made on the server, the same on page, report and paper."""
