"""Lists of lines, a project or a purchase a row."""
