"""The cases of the shapes: for each rule a folder with documents it passes and documents it faults.

A case is Turtle beside `cases/frame.ttl`, which holds the document and its two canonical data sets. The concepts it
names are added from the code lists, with all above them, as the converter does.
"""

from collections import defaultdict
from pathlib import Path

import pyoxigraph

from budgetgraph.ontology import codelists
from budgetgraph.ontology.namespaces import CODE_BASE

CASES = Path(__file__).parent / "cases"


def cases(pattern: str) -> list[Path]:
    """Return the case files whose names match, e.g. "valid*"."""
    return sorted(CASES.glob(f"*/{pattern}.ttl"))


def case_id(path: Path) -> str:
    """Return "WT-1/invalid-blank-parent"."""
    return f"{path.parent.name}/{path.stem}"


def rule_of(path: Path) -> str:
    """Return the rule that a case is about."""
    return path.parent.name


def document(*turtle: str | Path) -> bytes:
    """Return the frame, the given Turtle and the concepts they name as N-Quads."""
    quads = list(pyoxigraph.parse(path=CASES / "frame.ttl"))
    for each in turtle:
        if isinstance(each, Path):
            quads += pyoxigraph.parse(path=each)
        else:
            quads += pyoxigraph.parse(each.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    written = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    assert written is not None
    return written + _concepts(quads)


def _concepts(quads: list[pyoxigraph.Quad]) -> bytes:
    """Return what the code lists say of the concepts that occur; one that no list has stays unknown."""
    used: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.object, pyoxigraph.NamedNode) and quad.object.value.startswith(CODE_BASE):
            name, *year, notation = quad.object.value.removeprefix(CODE_BASE).split("/")
            used[name, int(year[0]) if year else None].add(notation)
    lines = []
    for (name, of_year), notations in used.items():
        scheme = codelists.scheme(name, of_year)
        lines.append(codelists.ntriples(scheme, [notation for notation in notations if notation in scheme]))
    return "".join(lines).encode()
