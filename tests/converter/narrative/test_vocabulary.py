"""The words that ship are of the form that is asked for, and mean concepts that exist."""

import pytest

from budgetgraph.converter.exceptions import ProfileError
from budgetgraph.converter.identifiers import SCHEMES
from budgetgraph.converter.narrative.vocabulary import parse_vocabulary, shipped_text, shipped_vocabulary
from budgetgraph.ontology import codelists


def test_the_shipped_file_is_valid() -> None:
    assert parse_vocabulary(shipped_text(), "narrative.yaml") == shipped_vocabulary()


def test_meanings_are_concepts() -> None:
    words = shipped_vocabulary()
    kinds = codelists.scheme("table-kind").concepts
    for topic in (*words.topics, *words.absences):
        assert {topic.table or "balance", *topic.within} <= set(kinds)
        for dimension, notation in topic.dimensions.items():
            name = SCHEMES[dimension].removesuffix("/{year}")
            assert notation in codelists.scheme(name, 2021)
    for concept in words.concepts:
        assert concept.notation in codelists.scheme(concept.scheme, 2021)
    for path, name in {
        "staff.kinds": "staff-kind",
        "staff.basis": "staff-basis",
        "assets.kinds": "asset-kind",
        "procurement.kinds": "procurement-kind",
        "phases": "phase",
    }.items():
        assert set(words.under(path)) <= set(codelists.scheme(name).concepts)


def test_no_topic_has_two_meanings_in_one_section() -> None:
    seen: set[tuple[str, str]] = set()
    for topic in shipped_vocabulary().topics:
        places = {(word, table) for word in topic.words for table in topic.within}
        assert not places & seen
        seen |= places


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("vocabulary: narrative", "vocabulary: other", "vocabulary"),
        ("kind: glossary", "kind: dictionary", "sections"),
        ('{economicClass: "301"}', '{econClass: "301"}', "econClass"),
        ("counters: [人, 名]", "counters: []", "staff/counters"),
        ("shares: [占]", "shares: {a: 1}", "shares"),
        ("sections:", "sections: [", "YAML"),
    ],
)
def test_a_faulty_file_is_refused_with_the_place(old: str, new: str, named: str) -> None:
    text = shipped_text()
    assert old in text
    with pytest.raises(ProfileError, match=r"^mine\.yaml: ") as error:
        parse_vocabulary(text.replace(old, new, 1), "mine.yaml")
    assert named in str(error.value)
