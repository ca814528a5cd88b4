"""The layout profiles that ship are of the form that is asked for, and mean concepts that exist."""

from importlib import resources

import pytest

from budgetgraph.converter.budget import STRUCTURES
from budgetgraph.converter.exceptions import ProfileError
from budgetgraph.converter.identifiers import SCHEMES
from budgetgraph.converter.profiles import parse_profile, profile_names, shipped_profiles
from budgetgraph.ontology import codelists

FOLDER = resources.files("budgetgraph.converter.profiles")


def _exists(dimension, notation):
    return notation in codelists.scheme(SCHEMES[dimension].removesuffix("/{year}"), codelists.LAST_YEAR)


@pytest.mark.parametrize("name", profile_names())
def test_the_file_is_of_the_form_of_the_schema(name):
    assert parse_profile((FOLDER / name).read_text("utf-8"), name) in shipped_profiles()


@pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda profile: profile.id)
def test_words_mean_concepts_that_exist(profile):
    kinds = codelists.scheme("table-kind").concepts
    assert set(profile.expects) <= set(kinds)
    for table in profile.tables:
        assert table.kind in kinds
        assert _exists("fund", table.fund)
        for pane in table.panes:
            rules = [(section, rule) for section in pane.sections for rule in section.rules]
            meanings = [(pane.structure, column.dimensions) for column in pane.columns]
            for section, rule in rules:
                known = rule.structure or section.structure or pane.structure
                meanings.append((known, rule.dimensions or {}))
                part = "revenueSource" if known == "revenue" else "expenditureNature"
                meanings += [(known, {part: name}) for pair in rule.below.items() for name in pair]
                assert {rule.code, rule.code_in_label, rule.dimension} - {None} <= set(STRUCTURES[known])
                assert {rule.kind or table.kind, section.kind or table.kind} <= set(kinds)
            for known, dimensions in meanings:
                assert set(dimensions) <= set(STRUCTURES[known])
                assert all(_exists(dimension, notation) for dimension, notation in dimensions.items()), dimensions


@pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda profile: profile.id)
def test_no_label_has_two_meanings_in_a_section(profile):
    for table in profile.tables:
        for pane in table.panes:
            for section in pane.sections:
                labels = [label for rule in section.rules for label in rule.labels]
                assert len(labels) == len(set(labels)), (table.kind, labels)


def test_a_rule_that_is_not_defined_is_named():
    text = """
profile: x
tables:
  - kind: revenue
    titles: [甲]
    fund: _T
    panes:
      - structure: revenue
        columns: [{role: label, header: [a]}, {role: amount, header: [b]}]
        rows: [nothing]
"""
    with pytest.raises(ProfileError, match="row rule 'nothing' is not defined"):
        parse_profile(text, "x.yaml")


def test_a_pane_without_amounts_is_refused():
    text = """
profile: x
extends: base
tables:
  - kind: revenue
    titles: [甲]
    fund: _T
    panes:
      - structure: revenue
        columns: [{role: text, header: [a]}]
        rows: [one-row]
"""
    with pytest.raises(ProfileError, match="a pane of revenue has no column of the role 'amount'"):
        parse_profile(text, "x.yaml")
