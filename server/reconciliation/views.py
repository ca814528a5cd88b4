"""`/reconcile`: Reconciliation Service API 0.2; `/reconcile/draft`: its 1.0 draft, without JSONP and in camel case."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from budgetgraph.server.backend import backend
from budgetgraph.server.exceptions import NotFoundError, RequestError
from budgetgraph.server.formats import HTML
from budgetgraph.server.languages import LANGUAGES, language
from budgetgraph.server.protocol import read_text, require_utf8
from budgetgraph.server.reconciliation.entities import TYPES, Entities, Entity, fold_name
from budgetgraph.server.reconciliation.matching import DEFAULT_LIMIT, Asked, Candidate, match
from budgetgraph.server.reconciliation.properties import PROPERTIES, Property, proposed

reconciliation = Blueprint("reconciliation", __name__)

#: Queries of one batch, identifiers of one extension, suggestions of one answer.
MOST_QUERIES, MOST_IDS, SUGGESTIONS = 100, 500, 20
PREVIEW = {"width": 430, "height": 220}

#: Conditions: the year in which a name held; others narrow by words of the description (place, body above).
_AS_OF = "asOf"
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,100}\Z")
_YEAR = re.compile(r"(?:19|20)\d{2}(?=\D|\Z)")
_entities = Entities()


@reconciliation.route("/reconcile", methods=["GET", "POST"])
def reconcile() -> Response:
    """Return the manifest, or the answers to `queries` or `extend` (0.2, sections 3 to 6)."""
    if request.method == "POST":
        require_utf8(request, backend().config.web.body)
    if (text := request.values.get("queries")) is not None:
        queries = _parsed(text, "queries", dict)
        if len(queries) > MOST_QUERIES:
            raise RequestError(f"'queries' has {len(queries)} queries; at most {MOST_QUERIES} are answered.")
        found = {key: {"result": [_candidate(c) for c in _matched(_asked(q, key))]} for key, q in queries.items()}
        return _respond(found)
    if (text := request.values.get("extend")) is not None:
        return _respond(_extended(_parsed(text, "extend", dict)))
    return _respond(_manifest())


@reconciliation.get("/reconcile/suggest/<what>")
@reconciliation.get("/reconcile/draft/suggest/<what>")
def suggest(what: str) -> Response:
    """Return entities, types or properties whose names begin with `prefix`, or hold it."""
    prefix = fold_name(request.args.get("prefix", ""))
    found: list[dict[str, Any]]
    if what == "entity":
        found = _suggested(prefix)
    elif what == "type":
        found = [_type(key) for key, labels in TYPES.items() if any(prefix in fold_name(text) for text in labels)]
    elif what == "property":
        known = PROPERTIES.values()
        found = [_named(p) for p in known if any(prefix in fold_name(text) for text in (*p.labels, p.id))]
    else:
        raise NotFoundError(f"Nothing suggests {what[:40]!r}; there are entity, type and property.")
    return _respond({"result": found[:SUGGESTIONS]})


@reconciliation.get("/reconcile/properties")
@reconciliation.get("/reconcile/draft/extend/propose")
def propose() -> Response:
    """Return the columns that a table of one type of entities can be extended by."""
    kind = request.args.get("type")
    limit = request.args.get("limit", "")
    found = [_named(each) for each in proposed(kind)]
    told: dict[str, Any] = {"properties": found[: int(limit)] if limit.isascii() and limit.isdecimal() else found}
    return _respond({**told, "type": kind} if kind else told)


@reconciliation.get("/reconcile/preview")
@reconciliation.get("/reconcile/draft/preview")
def preview() -> Response:
    """Return a small page about an entity, made to stand in a frame of another site."""
    entity = _entity(request.args.get("id", ""))
    response = Response(render_template("preview.html", entity=entity, type=_type(entity.type)["name"]))
    response.content_type = HTML.content_type
    # The one page that others may hold in a frame; it has no form, no script and no session.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; base-uri 'none'"
    return response


@reconciliation.get("/reconcile/draft")
def draft_manifest() -> Response:
    """Return the manifest of the 1.0 draft (section 3)."""
    return jsonify(
        {
            "versions": ["1.0-draft"],
            "name": _name(),
            "documentation": f"{_root()}/def",
            "serviceVersion": version("budgetgraph"),
            "defaultTypes": [_type(key) for key in TYPES],
            "view": {"url": f"{_root()}/id/{{{{id}}}}"},
            "preview": PREVIEW,
            "suggest": {"entity": True, "property": True, "type": True},
            "extend": {"proposeProperties": True, "propertySettings": [_year_setting("id", "name", "helpText")]},
            "standardizedScore": True,
        }
    )


@reconciliation.post("/reconcile/draft/match")
def draft_match() -> Response:
    """Return the candidates for each query of a batch, in its order (1.0 draft, section 4)."""
    body = _body()
    queries = body.get("queries")
    if not isinstance(queries, list) or len(queries) > MOST_QUERIES:
        raise RequestError(f"'queries' must be a list of at most {MOST_QUERIES} queries.")
    batch = [[_candidate(c) for c in _matched(_draft_asked(query, place))] for place, query in enumerate(queries)]
    return jsonify({"results": [{"candidates": candidates} for candidates in batch]})


@reconciliation.post("/reconcile/draft/extend")
def draft_extend() -> Response:
    """Return the values of properties of entities (1.0 draft, section 6)."""
    told = _extended(_body())
    rows = [
        {"id": identity, "properties": [{"id": key, "values": values} for key, values in row.items()]}
        for identity, row in told["rows"].items()
    ]
    return jsonify({"meta": told["meta"], "rows": rows})


def _manifest() -> Mapping[str, Any]:
    root = _root()
    release = backend().release()
    suggesting = {
        what: {"service_url": root, "service_path": f"/reconcile/suggest/{what}"}
        for what in ("entity", "type", "property")
    }
    return {
        "versions": ["0.1", "0.2"],
        "name": _name(),
        "identifierSpace": f"{release.metadata.base}id/",
        "schemaSpace": f"{release.metadata.base}def#",
        "documentation": f"{root}/def",
        "serviceVersion": version("budgetgraph"),
        "defaultTypes": [_type(key) for key in TYPES],
        "view": {"url": f"{root}/id/{{{{id}}}}"},
        "preview": {"url": f"{root}/reconcile/preview?id={{{{id}}}}", **PREVIEW},
        "suggest": suggesting,
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/reconcile/properties"},
            "property_settings": [_year_setting("name", "label", "help_text")],
        },
    }


def _year_setting(identity: str, label: str, text: str) -> Mapping[str, str]:
    return {"type": "text", identity: "year", label: "Year 年度", text: "2021; the latest where none is given"}


def _name() -> str:
    return "Government bodies and budget codes 政府机构与预算科目"


def _root() -> str:
    return request.url_root.rstrip("/")


def _type(key: str) -> dict[str, str]:
    return {"id": key, "name": TYPES[key][LANGUAGES.index(language())]}


def _named(each: Property) -> dict[str, str]:
    return {"id": each.id, "name": each.labels[LANGUAGES.index(language())]}


def _suggested(prefix: str) -> list[dict[str, Any]]:
    """Return the entities whose names hold a text; those that begin with it come first, then the shortest."""
    if not prefix:
        return []
    found = [e for e in _entities.of_release().values() if any(prefix in name for name in e.names)]
    found.sort(key=lambda e: (not any(name.startswith(prefix) for name in e.names), len(e.label), e.id))
    return [{"id": e.id, "name": e.label, "description": e.description, "notable": [_type(e.type)]} for e in found]


def _matched(asked: Asked) -> list[Candidate]:
    return match(asked, _entities.of_release().values())


def _candidate(found: Candidate) -> dict[str, Any]:
    entity = found.entity
    return {
        "id": entity.id,
        "name": entity.label,
        "description": entity.description,
        "score": found.score,
        "match": found.certain,
        "type": [_type(entity.type)],
        "features": [{"id": "same-name", "name": "Same name 名称相同", "value": found.score == 100}],
    }


def _entity(identity: str) -> Entity:
    found = _entities.of_release().get(identity)
    if found is None:
        raise NotFoundError(f"There is no entity {identity[:100]!r}.")
    return found


def _asked(query: Any, key: str) -> Asked:
    """Return a query of version 0.2. Raises RequestError that names the query."""
    if not isinstance(query, dict) or not isinstance(query.get("query"), str):
        raise RequestError(f"Query {key[:40]!r} has no 'query', the text that is looked for.")
    properties = query.get("properties") or []
    if not isinstance(properties, list):
        raise RequestError(f"Query {key[:40]!r}: 'properties' is no list.")
    conditions = [(p.get("pid"), p.get("v")) for p in properties if isinstance(p, dict)]
    return _with(query, [query["query"]], conditions)


def _draft_asked(query: Any, place: int) -> Asked:
    """Return a query of the 1.0 draft. Raises RequestError that names the query."""
    if not isinstance(query, dict) or not isinstance(query.get("conditions"), list) or not query["conditions"]:
        raise RequestError(f"Query {place} has no 'conditions'.")
    names: list[str] = []
    conditions: list[tuple[Any, Any]] = []
    for condition in query["conditions"]:
        if not isinstance(condition, dict) or condition.get("matchType") not in {"name", "property"}:
            raise RequestError(f"Query {place}: a condition has no 'matchType' that is 'name' or 'property'.")
        if condition["matchType"] == "name":
            names += _texts(condition.get("v"))
        else:
            conditions.append((condition.get("pid"), condition.get("v")))
    return _with(query, names, conditions)


def _with(query: Mapping[str, Any], names: Sequence[str], conditions: Sequence[tuple[Any, Any]]) -> Asked:
    as_of = [year[0] for pid, v in conditions if pid == _AS_OF for text in _texts(v) if (year := _YEAR.search(text))]
    words = [text for pid, v in conditions if pid != _AS_OF for text in _texts(v)]
    kind, limit = query.get("type"), query.get("limit")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    return Asked(
        names,
        kind if isinstance(kind, str) and kind in TYPES else None,
        as_of[0] if as_of else None,
        words,
        limit if isinstance(limit, int) else DEFAULT_LIMIT,
    )


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    texts = [each.get("name") or each.get("id") if isinstance(each, dict) else each for each in values]
    return [str(text) for text in texts if text is not None and str(text).strip()]


def _extended(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of properties of entities (0.2, section 6). Raises RequestError for what is not known."""
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(wanted, list) or len(ids) > MOST_IDS:
        raise RequestError(f"'extend' needs 'ids' (at most {MOST_IDS}) and 'properties', both lists.")
    chosen = []
    for each in wanted:
        known = PROPERTIES.get(str(each.get("id"))) if isinstance(each, dict) else None
        if known is None:
            raise RequestError(f"There is no property {str(each)[:60]}; there are {', '.join(PROPERTIES)}.")
        settings = each.get("settings") or {}
        year = settings.get("year") if isinstance(settings, dict) else None
        chosen.append((known, str(year) if year else None))
    rows = {str(identity): {p.id: _values(str(identity), p, year) for p, year in chosen} for identity in ids}
    return {"meta": [_named(each) for each, _ in chosen], "rows": rows}


def _values(identity: str, wanted: Property, year: str | None) -> list[dict[str, Any]]:
    entity = _entities.of_release().get(identity)
    if entity is None or entity.type != wanted.type or (year is not None and not _YEAR.fullmatch(year)):
        return []
    return [
        {"float": float(value)} if isinstance(value, Decimal) else {"str": value}
        for value in wanted.values(entity, year)
    ]


def _parsed(text: str, name: str, kind: type) -> Any:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{name!r} is no JSON: {error}.") from None
    if not isinstance(told, kind):
        raise RequestError(f"{name!r} is no JSON {'object' if kind is dict else 'list'}.")
    return told


def _body() -> Mapping[str, Any]:
    body: Mapping[str, Any] = _parsed(read_text(request, backend().config.web.body), "the body", dict)
    return body


def _respond(told: Mapping[str, Any]) -> Response:
    """Return JSON, or JSONP where version 0.2 is asked with a `callback`."""
    callback = request.values.get("callback")
    if callback is None:
        return jsonify(told)
    if not _CALLBACK.match(callback):
        raise RequestError(f"callback={callback[:40]!r} is no name of a function.")
    return Response(f"/**/{callback}({json.dumps(told)});", content_type="text/javascript; charset=utf-8")
