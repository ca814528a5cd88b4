"""RDF -> the web: store, SPARQL protocol, linked-data pages."""
