"""CPU time of validation: the native engine against pySHACL and other SHACL engines, on the same documents and shapes.

    python bench/validation.py [--peers VENV] [--limit SECONDS] [--linear NUMBER ...]

Two documents: the shipped publication, and a small one of one table (a test case), which slow engines can finish too.
Prints CPU seconds of each engine on each, and whether its report is the native engine's; then the native engine's time
for each shipped publication, and for 1 to 300 documents with the memory that they took, from N-Quads as `budgetgraph
validate` makes them. An engine that takes longer than the limit is stopped, and that is its result. Other engines
are run when the environment named by `--peers` has them (bench/validation-peers.txt).
Each engine runs in a process of its own; starting it and reading the shapes is measured apart.
"""

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PUBLICATIONS = sorted(path for path in (ROOT / "data" / "publications").iterdir() if path.is_dir())
PUBLICATION = ROOT / "data" / "publications" / "wuhan-jingkai-party-office-2021"
SMALL = ROOT / "tests" / "shapes" / "cases" / "WT-1" / "invalid.ttl"
SHAPES = sorted(path for path in (ROOT / "shapes").glob("*.ttl") if path.name != "across-documents.ttl")
STRUCTURE = ROOT / "ontology" / "structure.ttl"
NUMBERS = (1, 10, 100, 300)
#: CPU seconds after which an engine is stopped.
LIMIT = 500

#: What a result is known by when reports are compared: focus node, constraint component, shape.
Known = tuple[str, str, str]


def native(document: Path) -> list[Known]:
    return _own(document, "compiled")


def oxigraph(document: Path) -> list[Known]:
    return _own(document, "oxigraph")


def pyshacl_over_oxigraph(document: Path) -> list[Known]:
    return _own(document, "pyshacl")


def _own(document: Path, engine: str) -> list[Known]:
    from budgetgraph.shapes.rules import SHAPE_BASE
    from budgetgraph.shapes.validation import validate

    report = validate(document, engine_name=engine)
    return [(result.focus, result.component, SHAPE_BASE + result.rule) for result in report.results]


def pyshacl_in_memory(document: Path) -> list[Known]:
    import pyshacl
    import rdflib
    from rdflib.namespace import SH

    data, shapes = rdflib.Graph(), rdflib.Graph()
    for path in (document, STRUCTURE):
        data.parse(path, format="turtle")
    for path in SHAPES:
        shapes.parse(path, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    fields = (SH.focusNode, SH.sourceConstraintComponent, SH.sourceShape)
    return [
        (str(report.value(node, fields[0])), str(report.value(node, fields[1])), str(report.value(node, fields[2])))
        for node in report.objects(None, SH.result)
    ]


def shacl_rust(document: Path) -> list[Known]:
    import shacl_rust as library

    report = library.validate(*_texts(document))
    fields = ("focusNode", "sourceConstraintComponent", "sourceShape")
    return [tuple(result[name].strip("<>") for name in fields) for result in report["results"]]


def pyrudof(document: Path) -> list[Known]:
    import pyrudof as library

    data, shapes = _texts(document)
    rudof = library.Rudof(library.RudofConfig())
    rudof.read_data(data)
    rudof.read_shacl(shapes)
    report = rudof.validate_shacl()
    return [
        tuple(_iri(value) for value in (entry.focus_node, entry.constraint_component, entry.source_shape))
        for entry in report.violations
    ]


def _iri(value: object) -> str:
    return str(value() if callable(value) else value).strip("<>")


def _texts(document: Path) -> tuple[str, str]:
    """Return data and shapes as one Turtle document each."""
    data, shapes = (document, STRUCTURE), SHAPES
    return tuple("\n".join(path.read_text(encoding="utf-8") for path in paths) for paths in (data, shapes))


ENGINES: dict[str, Callable[[Path], list[Known]]] = {
    "native": native,
    "oxigraph": oxigraph,
    "pyshacl-oxigraph": pyshacl_over_oxigraph,
    "pyshacl-memory": pyshacl_in_memory,
    "shacl-rust": shacl_rust,
    "pyrudof": pyrudof,
}


def measured(engine: str, document: Path, python: str, limit: int) -> dict[str, object] | str:
    """Return CPU seconds and results of one engine in a process of its own, or why there are none."""
    command = [python, str(Path(__file__).resolve()), "--run", engine, str(document)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
    )
    if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return f"more than {limit} CPU s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    record: dict[str, object] = json.loads(done.stdout)
    return record


def run(engine: str, document: Path) -> None:
    """Validate twice in this process, print what was found and the CPU seconds of both; the first reads the shapes."""
    started = time.process_time()
    results = ENGINES[engine](document)
    first = time.process_time() - started
    again = None
    if first < 60:
        started = time.process_time()
        ENGINES[engine](document)
        again = time.process_time() - started
    sys.stdout.write(json.dumps({"first": first, "again": again, "results": sorted(results)}))


def linear(document: Path, number: int) -> float:
    """Return the CPU seconds of the native engine on so many documents, one after another."""
    started = time.process_time()
    for _ in range(number):
        native(document)
    return time.process_time() - started


def each_publication(folder: Path) -> None:
    """Print the CPU seconds of the native engine on each shipped publication: the best of three, without start-up."""
    for publication in PUBLICATIONS:
        document = converted(publication, folder, "nquads")
        native(document)
        seconds = min(linear(document, 1) for _ in range(3))
        print(f"native, {publication.name:40} {seconds:6.3f} CPU s", flush=True)


def converted(publication: Path, folder: Path, rdf_format: str) -> Path:
    """Return a publication as a file of RDF."""
    path = folder / f"{publication.name}.{'nq' if rdf_format == 'nquads' else 'ttl'}"
    command = [sys.executable, "-m", "budgetgraph.cli", "convert", str(publication), "--format", rdf_format]
    subprocess.run([*command, "-o", str(path)], check=True, capture_output=True, cwd=ROOT)
    return path


def written(folder: Path) -> dict[str, Path]:
    """Return both documents as Turtle files."""
    sys.path.insert(0, str(ROOT))
    from tests.shapes.case_files import document

    large, small = converted(PUBLICATION, folder, "turtle"), folder / "small.ttl"
    small.write_bytes(b"@prefix bud: <https://w3id.org/budgetgraph/def#> .\n" + document(SMALL))
    return {"publication": large, "small": small}


def compared(document: Path, pythons: dict[str, str], limit: int) -> None:
    """Print a line for each engine: its time, and its results against those of the first, the native engine."""
    base: dict[str, object] = {}
    for engine, python in pythons.items():
        outcome = measured(engine, document, python, limit)
        if isinstance(outcome, str):
            print(f"  {engine:18} {outcome}", flush=True)
            continue
        base = base or outcome
        seconds = outcome["again"] if outcome["again"] is not None else outcome["first"]
        ratio = seconds / (base["again"] or base["first"])
        own, other = ({tuple(each) for each in each_outcome["results"]} for each_outcome in (base, outcome))
        print(
            f"  {engine:18} {seconds:8.2f} CPU s ({outcome['first']:.2f} with start), x {ratio:6.1f}, "
            f"{len(outcome['results'])} results, {len(own - other)} lacking, {len(other - own)} others",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, help="virtual environment with other engines")
    parser.add_argument("--limit", type=int, default=LIMIT, help=f"CPU seconds an engine may take ({LIMIT})")
    parser.add_argument(
        "--linear", type=int, nargs="*", default=NUMBERS, help="numbers of documents, one after another"
    )
    parser.add_argument("--only", nargs="*", help="engines to run beside the native one")
    parser.add_argument("--run", nargs=2, metavar=("ENGINE", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.run[0], Path(options.run[1]))
        return
    pythons = {"native": sys.executable}
    if options.peers:
        pythons |= dict.fromkeys(("shacl-rust", "pyrudof"), str(options.peers / "bin" / "python"))
    pythons |= dict.fromkeys(("oxigraph", "pyshacl-oxigraph", "pyshacl-memory"), sys.executable)
    if options.only is not None:
        pythons = {name: python for name, python in pythons.items() if name in {"native", *options.only}}
    with tempfile.TemporaryDirectory() as folder:
        documents = written(Path(folder))
        for name, document in documents.items():
            print(f"{name}, {document.stat().st_size // 1000} kB of Turtle:")
            compared(document, pythons, options.limit)
        each_publication(Path(folder))
        document = converted(PUBLICATION, Path(folder), "nquads")
        for number in options.linear:
            seconds = linear(document, number)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"native, {number:3} documents: {seconds:7.2f} CPU s, {seconds / number:.3f} a document, "
                f"{memory} MiB at most",
                flush=True,
            )


if __name__ == "__main__":
    main()
