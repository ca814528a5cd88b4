"""Code lists as trees: `/codes` lists them all, and the page of each list and concept shows what is below it."""
