"""Accept headers, against the wording of RFC 9110, 12.5.1."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.server.exceptions import NotAcceptableError
from budgetgraph.server.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS
from budgetgraph.server.negotiation import choose_format, choose_type, parse_accept

OFFERED = ("text/turtle", "application/json", "text/html")

CHOICES: Sequence[tuple[str | None, str | None]] = [
    (None, "text/turtle"),
    ("", "text/turtle"),
    ("*/*", "text/turtle"),
    ("text/html", "text/html"),
    ("TEXT/HTML", "text/html"),
    ("text/*", "text/turtle"),
    ("application/*;q=0.9, text/*;q=0.8", "application/json"),
    ("text/html;q=0.1, application/json;q=0.11", "application/json"),
    ("text/html;level=1, application/json;q=0.2", "application/json"),
    ("text/turtle;charset=utf-8;q=0.5, text/html;q=0.4", "text/turtle"),
    ("text/turtle;charset=gbk", None),
    ("text/turtle;q=0, */*;q=0.1", "application/json"),
    ("text/*;q=0.9, text/turtle;q=0.1, application/json;q=0.5", "text/html"),
    ("*/*;q=0.2, text/turtle;q=0.1", "application/json"),
    ("text/turtle;q=0.0", None),
    ("image/png", None),
    ("image/png, */*;q=0.001", "text/turtle"),
    ("text/html , application/json ; q=0.999", "text/html"),
    ('text/html;a="x,y;q=0", application/json', "application/json"),
    ("text/html;q=2, application/json;q=0.1", "application/json"),
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html"),
    ("complete nonsense", "text/turtle"),
]


@pytest.mark.parametrize(("header", "expected"), CHOICES)
def test_choice(header: str | None, expected: str | None) -> None:
    assert choose_type(header, OFFERED) == expected


TYPES = st.sampled_from(["text/turtle", "application/json", "text/html", "image/png"])
RANGES = st.one_of(TYPES, st.sampled_from(["*/*", "text/*", "application/*", "image/*"]))
WEIGHTS = st.integers(0, 1000)
HEADERS = st.dictionaries(RANGES, WEIGHTS, min_size=1, max_size=6)


def write(weights: dict[str, int], spaces: str = "") -> str:
    return ",".join(f"{spaces}{name}{spaces};{spaces}q={weight / 1000:.3f}" for name, weight in weights.items())


def weight_of(weights: dict[str, int], media_type: str) -> int:
    """Say the weight of a type as the standard does: by the most specific range that matches it."""
    for name in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        if name in weights:
            return weights[name]
    return 0


@given(HEADERS, st.sampled_from(["", " ", "\t"]))
def test_the_heaviest_offered_type_wins(weights: dict[str, int], spaces: str) -> None:
    chosen = choose_type(write(weights, spaces), OFFERED)
    heaviest = max(weight_of(weights, offered) for offered in OFFERED)
    if heaviest == 0:
        assert chosen is None
    else:
        assert chosen is not None
        assert weight_of(weights, chosen) == heaviest
        assert all(weight_of(weights, o) < heaviest for o in OFFERED[: OFFERED.index(chosen)])


@given(HEADERS, st.randoms(use_true_random=False))
def test_the_order_of_the_header_does_not_matter(weights: dict[str, int], random: object) -> None:
    names = list(weights)
    random.shuffle(names)  # type: ignore[attr-defined]  # hypothesis' Random
    shuffled = {name: weights[name] for name in names}
    assert choose_type(write(shuffled), OFFERED) == choose_type(write(weights), OFFERED)


@given(st.text(max_size=200))
def test_no_header_breaks_the_parser(header: str) -> None:
    assert all(0 <= found.quality <= 1000 for found in parse_accept(header))


@given(st.text(alphabet='a/*;q=.,"\\ 01', max_size=60))
def test_no_broken_element_breaks_the_parser(header: str) -> None:
    parse_accept(header)


@pytest.mark.parametrize("offered", [RESULT_FORMATS, GRAPH_FORMATS])
def test_each_format_is_reached_by_type_name_and_extension(offered: Sequence[object]) -> None:
    for wanted in RESULT_FORMATS if offered is RESULT_FORMATS else GRAPH_FORMATS:
        formats = RESULT_FORMATS if offered is RESULT_FORMATS else GRAPH_FORMATS
        assert choose_format(wanted.media_type, None, formats) is wanted
        assert choose_format("image/png", wanted.name, formats) is wanted
        assert choose_format(None, wanted.extension, formats) is wanted


def test_an_alias_asks_for_its_format() -> None:
    assert choose_format("application/json", None, RESULT_FORMATS).name == "json"
    assert choose_format("application/json", None, GRAPH_FORMATS).name == "jsonld"
    assert choose_format("application/xhtml+xml", None, [*RESULT_FORMATS, HTML]) is HTML


def test_the_refusal_lists_what_there_is() -> None:
    with pytest.raises(NotAcceptableError, match="text/csv"):
        choose_format("image/png", None, RESULT_FORMATS)
    with pytest.raises(NotAcceptableError, match=r"format=pdf.*format=csv"):
        choose_format(None, "pdf", RESULT_FORMATS)
