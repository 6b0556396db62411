"""Plans and data files read: sections, columns, and the rows a design keeps."""
