"""Pages that are pictures -> the same page that a PDF's own characters make: ruled lines and runs of text.

Everything behind that (lattice, cells, tables without lines, page turns) is `readers.pdf`'s. What comes from
recognition says so by its confidence.
"""
