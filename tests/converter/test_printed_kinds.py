"""Each kind of table that the profiles know is printed again so that it says the same."""

from pathlib import Path

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.pipeline import Conversion
from budgetgraph.converter.profiles import shipped_profiles
from tests.converter.printed_tables import YEAR, kinds_of, texts_of
from tests.converter.publications import convert_text, reprinted_publication
from tests.converter.test_roundtrip import facts, in_page, in_workbook

#: What the generator does not write: classes of governments beside a side of a balance, suppliers among rows.
NOT_WRITTEN = {
    ("balance", "expenditure-by-government-class"),
    ("appropriation-balance", "expenditure-by-government-class"),
    ("appropriation-basic", "expenditure-by-government-class"),
    ("procurement", "procurement-by-supplier"),
}


def kinds(conversion: Conversion) -> set[tuple[str, str]]:
    return {(d.table_kind or "", d.structure) for d in conversion.budget.data_sets if d.figures}


def test_each_kind_of_table_is_printed_again(tmp_path: Path):
    specs = [spec for profile in shipped_profiles() for spec in profile.tables]
    wanted = set().union(*map(kinds_of, specs)) - NOT_WRITTEN
    found: set[tuple[str, str]] = set()
    for spec in specs:
        account = "决算" if spec.profile == "final-tables" else "预算"
        for text in texts_of(spec):
            if not (kinds_of(spec) & wanted) - found:
                break
            try:
                conversion = convert_text(tmp_path, f"云岭市测绘服务局{YEAR}年部门{account}\n{text}")
            except SourceError:
                continue  # the profile allows the words, but not together
            if kinds(conversion) - found:
                found |= kinds(conversion)
                (publication,) = reprinted_publication(conversion)
                for again in (in_workbook, in_page):
                    assert facts(again(publication, tmp_path)) == facts(conversion), text
    assert wanted - found == set()
