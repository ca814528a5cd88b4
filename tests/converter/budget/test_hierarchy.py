from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.budget.hierarchy import key_text, leaves

CODES = ["_T", "201", "20101", "2010101", "2010102", "20102", "202"]
NATURES = ["_T", "basic", "personnel", "project"]
UP = {"_T": (), "basic": ("_T",), "personnel": ("basic", "_T"), "project": ("_T",)}


def ancestors(position, value):
    if position == 1:
        return frozenset(UP[value])
    return frozenset() if value == "_T" else frozenset(["_T", *(value[:n] for n in (3, 5) if n < len(value))])


@given(st.sets(st.tuples(st.sampled_from(CODES), st.sampled_from(NATURES)), min_size=1))
def test_a_leaf_has_no_other_key_below_it(keys):
    ordered = sorted(keys)
    for key, is_leaf in zip(ordered, leaves(ordered, ancestors), strict=True):
        below = [
            other
            for other in ordered
            if other != key
            and all(a == b or a in ancestors(i, b) for i, (a, b) in enumerate(zip(key, other, strict=True)))
        ]
        assert is_leaf == (not below)


def test_only_trailing_totals_are_left_out():
    assert key_text(("_T", "basic", "_T")) == "_T.basic"
