"""The words: vocabulary, data structures, code lists, namespaces."""
