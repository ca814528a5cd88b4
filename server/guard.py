"""What is refused before a query reaches the engine: what reaches out of the endpoint, and what is too deep.

The engine's parser recurses and dies of a deeply nested query, or of a long one whose parts it joins one by one;
SERVICE makes it open connections. All is judged here by tokens. The guard may refuse too much where the grammar is
ambiguous, never too little: a text with escapes is judged as written and as decoded, and where `<` may begin an IRI or
be a comparison, one may hide nothing that the other would show. What passes is still evaluated in a worker that may
die and that has no network.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from budgetgraph.server.exceptions import ForbiddenQueryError, QueryError, TooLargeError
from budgetgraph.server.tokens import Token, decode_codepoints, position, tokens

_FORM_WORDS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_PROLOGUE_WORDS = {"BASE", "PREFIX", "VERSION"}
_UPDATE_WORDS = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
#: Each makes the engine's algebra one level deeper, though nothing is nested in the text.
_CHAINING_WORDS = {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "AS", "GRAPH", "VALUES", "HAVING", "EXISTS", "IN"}
#: What an open bracket of values counts as.
_DATA = "VALUES"
#: Read as a comparison, an IRI with one of these opens or ends a bracket or begins a comment.
_HIDING = frozenset("()[]#")
#: Their value changes from one evaluation to the next.
_VOLATILE_WORDS = {"RAND", "NOW", "UUID", "STRUUID", "BNODE"}
#: Kinds of tokens that end an operand, and of those that are an element of a list.
_OPERANDS = {"iri", "string", "variable", "tag", "number", "word", "name", "close"}
_ELEMENTS = _OPERANDS - {"tag", "word", "close"}
#: No comparison reads so: `a:` is a name there, and no operand begins with a slash.
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*+://")

#: Whatever may open a string, escape a character, or be part of a keyword that matters; `_is_plain` counts the rest.
_SUSPECTS = ("'", '"', "\\", "[", "_:", "SERVICE", "FROM", *sorted(_VOLATILE_WORDS))

#: A query without prologue, whose first keyword touches nothing that could make it another one.
_FORM = re.compile(rf"[ \t\r\n]*+({'|'.join(sorted(_FORM_WORDS))})(?=[\s{{(*?$<#])", re.IGNORECASE | re.ASCII)

_EMPTY = "The query is empty. It begins with SELECT, ASK, CONSTRUCT or DESCRIBE."


class QueryForm(StrEnum):
    """The four forms of a query (SPARQL 1.1 Query, 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def gives_graph(self) -> bool:
        """Tell whether the answer is a graph; otherwise it is a table or a boolean."""
        return self in {QueryForm.CONSTRUCT, QueryForm.DESCRIBE}


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """How much of a query is read. The engine was seen to die of 781 levels, and of 2,500 parts.

    length     characters
    depth      brackets open at once, of all kinds together
    operators  parts of the whole query: operators and joining keywords, groups, patterns, elements of lists; those of
               VALUES, IN and calls are not counted, which the engine reads without joining them
    """

    length: int = 256 * 1024
    depth: int = 100
    operators: int = 1000


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the tokens say of an admitted query.

    states_dataset  it has FROM or FROM NAMED
    volatile        its answer changes though the data does not (RAND, NOW, new blank nodes, ...)
    """

    form: QueryForm
    states_dataset: bool
    volatile: bool


_PLAIN = {form.value: Inspection(form, states_dataset=False, volatile=False) for form in QueryForm}


def inspect_query(text: str, limits: GuardLimits | None = None) -> Inspection:
    """Return what a query is, if it may be given to the engine.

    Raises TooLargeError for a text over the length, ForbiddenQueryError for SERVICE and update, QueryError with
    line and column for what is nested too deep, has too many operators, or is no query.
    """
    limits = limits or GuardLimits()
    if len(text) > limits.length:
        raise TooLargeError(
            f"The query has {len(text):,} characters; this endpoint reads {limits.length:,}. Ask in several queries."
        )
    is_plain = _is_plain(text, limits)
    if is_plain and (found := _FORM.match(text)) is not None:
        return _PLAIN[found[1].upper()]
    reading = _Reading(text, limits)
    if is_plain:
        reading.find_form()
        if reading.form is not None:
            return Inspection(reading.form, states_dataset=False, volatile=False)
    reading.run()
    makes_nodes = reading.form is QueryForm.CONSTRUCT and ("[" in text or "_:" in text)
    decoded = decode_codepoints(text)
    if decoded != text:
        _Reading(decoded, limits).run()
    if reading.form is None:
        raise QueryError(_EMPTY)
    return Inspection(
        reading.form, "FROM" in reading.words, makes_nodes or not reading.words.isdisjoint(_VOLATILE_WORDS)
    )


def _is_plain(text: str, limits: GuardLimits) -> bool:
    """Tell whether nothing in a text can be refused behind its first keyword, or make its answer volatile.

    Then its tokens need not be read, which takes longer than answering a query for one thing.
    """
    if len(text) > limits.operators or sum(map(text.count, "({<")) > limits.depth:
        return False
    upper = text.upper()
    for each in _SUSPECTS:  # noqa: SIM110  # `any` takes longer than all of them
        if each in upper:
            return False
    return True


def inspect_update(text: str, limits: GuardLimits, length: int) -> None:
    """Let an update pass that may be given to the engine; it may be longer than a query, and has as much depth.

    Raises as `inspect_query` does; LOAD is refused as SERVICE is.
    """
    if len(text) > length:
        raise TooLargeError(f"The update has {len(text):,} characters; {length:,} are read. Send it in parts.")
    for each in {text, decode_codepoints(text)}:
        reading = _Reading(each, replace(limits, operators=max(limits.operators, len(text))))
        reading.form = QueryForm.ASK  # the prologue of an update is for the engine to judge
        reading.run()
        if "LOAD" in reading.words or any("LOAD" in word and "SILENT" in word for word in reading.words):
            raise ForbiddenQueryError("LOAD: this store does not fetch. Send the graph to /graphs.")


def query_form(text: str) -> QueryForm:
    """Return the form of a query that is not guarded. Raises QueryError when it is none."""
    reading = _Reading(text, GuardLimits())
    reading.find_form()
    if reading.form is None:
        raise QueryError(_EMPTY)
    return reading.form


class _Reading:
    """One pass over a text; `run` raises at the first token that may not stand there."""

    def __init__(self, text: str, limits: GuardLimits) -> None:
        self.text = text
        self.limits = limits
        self.form: QueryForm | None = None
        self.words: set[str] = set()
        self.operators = 0
        #: The brackets that are open; the last token was VALUES, or one of its variables.
        self._brackets: list[str] = []
        self._is_values = False

    def find_form(self) -> None:
        """Read as far as the keyword that tells the form."""
        for token in tokens(self.text):
            if self.form is not None:
                return
            self._read_prologue(token, _words(token))

    def run(self) -> None:
        """Read all of the text."""
        previous = Token("other", "", 0)
        for token in tokens(self.text):
            words = _words(token)
            if self.form is None:
                self._read_prologue(token, words)
            self.words.update(words)
            self._refuse_service(token, previous)
            self._refuse_ambiguous(token, previous)
            self._count(token, words, previous)
            previous = token

    def _read_prologue(self, token: Token, words: Sequence[str]) -> None:
        """Find the form: the first keyword behind the BASE and PREFIX declarations."""
        word = words[0] if words else ""
        if word in _FORM_WORDS:
            self.form = QueryForm(word)
        elif word in _UPDATE_WORDS:
            raise ForbiddenQueryError(
                f"{word} at {self._place(token)} is an update. This endpoint is read-only: ask a query."
            )
        elif word not in _PROLOGUE_WORDS and token.kind not in {"iri", "name", "string"}:
            raise QueryError(
                f"{self._place(token)}: a query begins with PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE; "
                f"found {token.text[:40]!r}."
            )

    def _refuse_service(self, token: Token, previous: Token) -> None:
        """Refuse what any reading of the text takes for SERVICE.

        Keywords may touch what stands before and behind them (`trueSERVICEex:a{`), so a word that contains
        SERVICE counts; `service:a` is a name unless a group opens behind it.
        """
        suspects = (
            token
            if token.kind == "word" and "SERVICE" in token.text.upper()
            else previous
            if token.text == "{" and previous.kind == "name" and "SERVICE" in previous.text.upper().partition(":")[0]
            else None
        )
        if suspects is not None:
            raise ForbiddenQueryError(
                f"SERVICE at {self._place(suspects)}: this endpoint does not call other endpoints. "
                "Ask them apart and join the answers yourself."
            )

    def _refuse_ambiguous(self, token: Token, previous: Token) -> None:
        """Refuse `<` behind an operand in an expression, where an IRI hides what a comparison shows, or the reverse.

        `?a<?b)#>` may be an IRI, or end the expression and begin a comment; `?a<<b#>` a triple term or a comparison.
        """
        if self._inside != "(" or previous.kind not in _OPERANDS:
            return
        hides = token.kind == "iri" and not _ABSOLUTE.match(token.text) and not _HIDING.isdisjoint(token.text)
        if hides or token.text == "<<":
            raise QueryError(
                f"{self._place(token)}: `<` may be a comparison here or begin something else. Put a space behind it."
            )

    def _count(self, token: Token, words: Sequence[str], previous: Token) -> None:
        """Refuse what nests too deep, has too many parts, or leaves a string open."""
        if token.kind == "unclosed":
            raise QueryError(f"{self._place(token)}: the string that begins here does not end.")
        self.operators += self._parts(token, words, previous)
        if token.kind == "open":
            self._brackets.append(self._opened(token, previous))
        elif token.kind == "close" and self._brackets:
            self._brackets.pop()
        self._is_values = "VALUES" in words or (
            self._is_values and (token.kind == "variable" or token.text in {"(", ")"})
        )
        if len(self._brackets) > self.limits.depth:
            raise QueryError(
                f"{self._place(token)}: more than {self.limits.depth} brackets are open. Nest the query less deep."
            )
        if self.operators > self.limits.operators:
            raise QueryError(
                f"{self._place(token)}: more than {self.limits.operators} operators, groups, patterns and elements. "
                "Use VALUES, IN or several queries."
            )

    def _opened(self, token: Token, previous: Token) -> str:
        """Return what a bracket opens: itself, `<<(` in a triple term, `_DATA` for values and whatever is in them."""
        if (self._is_values and token.text == "{") or self._inside == _DATA:
            return _DATA
        return previous.text + token.text if previous.text == "<<" else token.text

    def _parts(self, token: Token, words: Sequence[str], previous: Token) -> int:
        """Return how many parts of the query a token adds, each of which may make the engine's algebra deeper."""
        if self._inside == _DATA:
            return 0
        joining = sum(word in _CHAINING_WORDS for word in words)
        if joining or token.kind == "operator" or token.text == "~":
            return joining or 1
        if token.kind == "punctuation":
            return int(self._inside != "(")
        if token.text == "{":
            return int(previous.kind != "word" and not self._is_values)
        parts = int(self._is_next_element(token, previous))
        if token.kind == "iri" and previous.kind in _OPERANDS and not _ABSOLUTE.match(token.text):
            # Read as a comparison, `<?b+1+1>` has more of them.
            parts += sum(1 for _ in tokens(token.text[1:-1])) - 1
        return parts

    def _is_next_element(self, token: Token, previous: Token) -> bool:
        """Tell whether a token begins one more of what stands side by side: in collections, HAVING, DESCRIBE."""
        if token.kind == "word":
            return previous.kind == "close" or (self._inside == "(" and previous.kind in _OPERANDS)
        if token.kind in _ELEMENTS or token.kind == "open":
            is_chained = previous.text.upper() in _CHAINING_WORDS
            if previous.kind == "word" and (token.text == "(" or not self._inside or is_chained):
                return False  # a call, or what a keyword is about
            return previous.kind == "close" or (self._inside in {"(", ""} and previous.kind in _OPERANDS)
        return False

    @property
    def _inside(self) -> str:
        """Return what the innermost open bracket opens; nothing outside all brackets."""
        return self._brackets[-1] if self._brackets else ""

    def _place(self, token: Token) -> str:
        return position(self.text, token.start)


def _words(token: Token) -> Sequence[str]:
    """Return the keywords in a token; `true.FILTER` is two."""
    return token.text.upper().split(".") if token.kind == "word" else ()
