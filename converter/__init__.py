"""Published document -> RDF: readers, tables, layouts, budget model, graphs."""
