"""Reads PDF files: characters and ruled lines -> grids and paragraphs, page by page.

`PdfReader` gives the blocks of a file, `text_in_box` the text printed at a place, `render` a page as a picture.
"""

from budgetgraph.converter.readers.pdf.reader import PdfReader, picture_pages, render, text_in_box

__all__ = ["PdfReader", "picture_pages", "render", "text_in_box"]
