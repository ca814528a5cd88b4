"""`/catalog`, `/.well-known/void`, `/dumps/...`, `/sitemap.xml`, `/robots.txt`."""

from base64 import b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Blueprint, Response, render_template, request, send_file
from rdflib import Graph

from budgetgraph.server.backend import backend
from budgetgraph.server.catalogue.graph import build_catalogue, build_void
from budgetgraph.server.catalogue.records import dumps_of_release, read_records, read_refused
from budgetgraph.server.delivery import deliver, render_page
from budgetgraph.server.dumps import FOLDER
from budgetgraph.server.exceptions import NotFoundError
from budgetgraph.server.formats import HTML, JSONLD, NTRIPLES, PAGE_GRAPH_FORMATS, RDFXML, TURTLE, Format
from budgetgraph.server.languages import language, word
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.rules.across import concerned, is_reported
from budgetgraph.server.structured_data import catalogue as catalogue_node

catalogue = Blueprint("catalogue", __name__)

_SYNTAXES = {TURTLE.name: "turtle", NTRIPLES.name: "nt", RDFXML.name: "xml", JSONLD.name: "json-ld"}
_SITEMAP = Format("sitemap", "application/xml", "xml")
#: Addresses of one sitemap (sitemaps.org: at most 50,000).
_MOST_ADDRESSES = 50_000


@catalogue.get("/catalog", defaults={"extension": None})
@catalogue.get("/catalog.<extension>")
def catalog(extension: str | None) -> Response:
    """Return the catalogue for people, or as DCAT."""
    chosen = choose_format(request.headers.get("Accept"), extension, (HTML, *PAGE_GRAPH_FORMATS))
    if chosen is HTML:
        return deliver(chosen, _page)
    build = partial(build_catalogue, refused=read_refused(), together=concerned())
    return deliver(chosen, lambda: _graph(build, chosen))


@catalogue.get("/.well-known/void")
def void() -> Response:
    """Return the VoID description (RFC 8615 well-known address)."""
    chosen = choose_format(request.headers.get("Accept"), request.args.get("format"), PAGE_GRAPH_FORMATS)
    return deliver(chosen, lambda: _graph(build_void, chosen))


@catalogue.get("/dumps")
@catalogue.get("/dumps/")
def dumps() -> Response:
    """Return the list of dumps."""
    return deliver(HTML, _page)


@catalogue.get("/dumps/<name>")
def dump(name: str) -> Response:
    """Return a dump file; a release's file never changes, so its checksum is its entity tag."""
    found = next((each for each in dumps_of_release() if each.name == name), None)
    if found is None:
        raise NotFoundError(f"There is no dump {name[:80]!r}. /dumps lists all.")
    path: Path = backend().release().path / FOLDER / found.name
    mimetype = "application/gzip" if found.compressed else found.media_type
    response = send_file(
        path, mimetype=mimetype, as_attachment=True, download_name=found.name, conditional=True, etag=found.sha256
    )
    response.headers["Repr-Digest"] = f"sha-256=:{_base64(found.sha256)}:"
    return response


@catalogue.get("/sitemap.xml")
def sitemap() -> Response:
    """Return the addresses of the pages that people look for (sitemaps.org 0.9)."""
    site = _site()
    records = read_records()
    base = backend().release().metadata.base
    paths = [
        "/",
        "/questions",
        "/search",
        "/catalog",
        "/def",
        "/def/diagrams",
        "/codes",
        "/shapes",
        "/validation",
        "/sparql",
    ]
    paths += ["/validation/across"] if is_reported() else []
    paths += dict.fromkeys(f"/doc/{record.body.removeprefix(f'{base}id/')}" for record in records)
    paths += [f"/doc/doc/{record.sha}" for record in records]
    page = render_template("sitemap.xml", addresses=[site + path for path in paths[:_MOST_ADDRESSES]])
    return deliver(_SITEMAP, lambda: Response(page, content_type=_SITEMAP.content_type))


@catalogue.get("/robots.txt")
def robots() -> Response:
    """Return what crawlers may do: read pages, not run queries."""
    text = f"User-agent: *\nDisallow: /sparql?\nDisallow: /search?\nDisallow: /api/\n\nSitemap: {_site()}/sitemap.xml\n"
    return Response(text, content_type="text/plain; charset=utf-8")


def _page() -> Response:
    release, records, files = backend().release(), read_records(), dumps_of_release()
    return render_page(
        "catalogue.html",
        structured=[catalogue_node(f"{release.metadata.base}catalog", word("catalogue"), records, files, language())],
        records=records,
        refused=read_refused(),
        across=is_reported(),
        dumps=files,
        formats=PAGE_GRAPH_FORMATS,
    )


def _graph(build: Callable[..., Graph], chosen: Format) -> Response:
    graph = build(read_records(), dumps_of_release(), backend().release(), _site())
    text = graph.serialize(format=_SYNTAXES[chosen.name], encoding="utf-8")
    return Response(text, content_type=chosen.content_type)


def _site() -> str:
    return request.url_root.rstrip("/")


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()
