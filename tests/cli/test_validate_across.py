"""`budgetgraph validate` of several sources also holds them against each other."""

import json
from pathlib import Path

from click.testing import CliRunner

from budgetgraph.cli.main import group
from tests.shapes.case_files import document

ORGANISATIONS = """
@prefix org: <http://www.w3.org/ns/org#> .
<https://example.org/id/org/shifan/hq> org:unitOf <https://example.org/id/org/shifan> .
"""


def test_a_department_of_less_than_its_headquarters_is_reported(tmp_path: Path) -> None:
    department, headquarters = tmp_path / "department.nq", tmp_path / "headquarters.nq"
    department.write_bytes(document(ORGANISATIONS))
    other = document().decode().replace("/shifan", "/shifan/hq").replace("0123456789abcdef", "fedcba9876543210")
    other = other.replace('"1000000.00"', '"1200000.00"').replace('"100.00"', '"120.00"')
    headquarters.write_text(other, encoding="utf-8")

    alone = CliRunner().invoke(group, ["validate", str(department)])
    assert alone.exit_code == 0

    together = CliRunner().invoke(group, ["validate", str(department), str(headquarters), "--format", "json"])
    assert together.exit_code == 1
    *each, both = json.loads(together.stdout)["sources"]
    assert [source["conforms"] for source in each] == [True, True]
    assert [result["rule"] for result in both["results"]] == ["AD-1"]
