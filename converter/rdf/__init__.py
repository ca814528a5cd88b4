"""The budget model as RDF: IRIs and terms, nothing of layouts."""
