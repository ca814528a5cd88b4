"""What all templates use: words, labels, links and numbers."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request

from budgetgraph.server.backend import backend
from budgetgraph.server.languages import LANGUAGES, best_label, common_label, language, word
from budgetgraph.server.terms import Term, encode_path, local_path
from budgetgraph.server.units import plain, shown, unit


def register_template_helpers(app: Flask) -> None:
    """Give the helpers to all templates of an application."""

    app.add_template_filter(urlencode, "asked")

    @app.context_processor
    def _helpers() -> dict[str, Any]:
        return {
            "word": word,
            "language": language(),
            "best": best_label,
            "href": href,
            "shown": shown,
            "plain": plain,
            "unit": unit(),
            "takes_files": backend().config.uploads.enabled,
            "link": lambda iri: href(Term("uri", iri)),
            "term": lambda iri: Term("uri", iri),
            "local": local,
            "here": here,
            "other_language": other_language,
            "money": money,
            "money_in_unit": lambda text: shown(Decimal(text), "money"),
            "grouped": grouped,
            "common_label": common_label,
        }


def href(term: Term) -> str | None:
    """Return the address a term is linked to, or None when it may not be linked."""
    if not term.is_link:
        return None
    path = local_path(term.value, backend().release().metadata.base)
    return local(path) if path else term.value


def local(path: str, **parameters: str) -> str:
    """Return a path of this site with parameters; language and unit go along where the address states them."""
    path, _, fragment = path.partition("#")
    if request.args.get("lang") in LANGUAGES:
        parameters["lang"] = request.args["lang"]
    if unit() != "yuan":
        parameters["unit"] = unit()
    return path + (f"?{urlencode(parameters)}" if parameters else "") + (f"#{fragment}" if fragment else "")


def other_language() -> str:
    """Return the address of this page in the other language."""
    return here(lang=next(name for name in LANGUAGES if name != language()))


def here(**changed: str) -> str:
    """Return the address of this page with some of its parameters changed."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    return f"{encode_path(request.path)}?{urlencode([*asked, *changed.items()])}"


def grouped(text: str) -> str:
    """Return a number with thousands separators, digits unchanged.

    >>> grouped("-1234567.5")
    '-1,234,567.5'
    """
    whole, point, fraction = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{fraction}" if digits.isdecimal() else text


def money(text: str) -> str:
    """Return an amount in 元 with thousands separators and two places at least, digits unchanged.

    >>> money("14652800.5")
    '14,652,800.50'
    """
    whole, _, fraction = grouped(text).partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"
