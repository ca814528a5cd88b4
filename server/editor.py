"""What the SPARQL editor needs beside the form of `/sparql`: the words it completes."""

from functools import cache

from flask import Blueprint, Response, jsonify, request

from budgetgraph.ontology.namespaces import BUD_BASE, PREFIXES
from budgetgraph.server.caching import REVALIDATE, entity_tag
from budgetgraph.server.vocabulary.definitions import Definition, read_vocabulary

editor = Blueprint("editor", __name__)


@editor.get("/sparql/vocabulary.json")
def vocabulary() -> Response:
    """Return the prefixes and the terms of the vocabulary, with what they are called in Chinese and English."""
    response = jsonify(prefixes=dict(PREFIXES), terms=_terms())
    response.headers["Cache-Control"] = REVALIDATE
    response.set_etag(entity_tag("vocabulary", _terms()), weak=True)
    response.make_conditional(request)
    return response


@cache
def _terms() -> list[dict[str, str]]:
    return [_entry(definition) for definition in read_vocabulary().terms.values()]


def _entry(definition: Definition) -> dict[str, str]:
    labels = [label.value for label in definition.labels]
    name = f"bud:{definition.term.value.removeprefix(BUD_BASE)}"
    return {"name": name, "words": " ".join([name, *labels])}
