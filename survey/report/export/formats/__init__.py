"""One data set in the form each tool reads best."""
