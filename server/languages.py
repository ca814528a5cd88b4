"""The two languages of the site: choosing one, and saying a word or a label in it."""

from collections.abc import Iterable

from flask import request

from budgetgraph.server.terms import Term
from budgetgraph.server.words import COMMON, WORDS

LANGUAGES = ("zh", "en")


def common_label(term: Term) -> str | None:
    """Return the name of a term of another vocabulary in the language of this request, if it is a common one."""
    words = COMMON.get(term.short())
    return words[LANGUAGES.index(language())] if words else None


def language() -> str:
    """Return the language of this request: `?lang=`, else what the browser prefers, else Chinese."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def word(key: str) -> str:
    """Return a word of the interface in the language of this request; the key itself when there is none."""
    return word_in(language(), key)


def word_in(of: str, key: str) -> str:
    """Return a word of the interface in one of LANGUAGES; the key itself when there is none."""
    words = WORDS.get(key)
    return words[LANGUAGES.index(of)] if words else key


def best_label(labels: Iterable[Term]) -> Term | None:
    """Return the label in the language of this request, else in Chinese, else any."""
    wanted = language()
    ranked = sorted(labels, key=lambda t: (t.language != wanted, t.language != "zh", t.value))
    return ranked[0] if ranked else None
