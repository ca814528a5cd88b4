"""CPU time from rows to RDF: the converter's compiled templates against rdflib, Morph-KGC (RML) and maplib (OTTR).

    python bench/emission.py [--rows 100000] [--peers DIR]

Each engine reads the same CSV file of observations and writes the same 12 triples a row, in a process of its own that
is measured whole, start-up included. `--peers` names a folder for the environments of the peers, which pin other
versions than this project does; they are made there when they are missing. What each wrote is parsed and compared.
"""

import argparse
import csv
import resource
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

BASE, DEF = "https://w3id.org/budgetgraph/id/", "https://w3id.org/budgetgraph/def#"
XSD = "http://www.w3.org/2001/XMLSchema#"
QB = "http://purl.org/linked-data/cube#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

FIELDS = ("key", "function", "economy", "nature", "fund", "amount", "printed", "label")
#: The same for each row.
CONSTANT = {
    RDF_TYPE: f"{QB}Observation",
    f"{QB}dataSet": f"{BASE}data-set/expenditure",
    f"{DEF}fiscalYear": f"{BASE}year/2026",
    f"{DEF}budgetPhase": f"{BASE}phase/budget",
    f"{DEF}reportingUnit": f"{BASE}org/0001",
}
#: Fields that become IRIs: predicate and beginning.
CODES = {
    "function": (f"{DEF}functionalClass", f"{BASE}code/functional/2026/"),
    "economy": (f"{DEF}economicClass", f"{BASE}code/economic/2026/"),
    "nature": (f"{DEF}expenditureNature", f"{BASE}code/nature/"),
    "fund": (f"{DEF}fund", f"{BASE}code/fund/"),
}
AMOUNT, PRINTED, LABEL = f"{DEF}amount", f"{DEF}sourceValue", f"{DEF}sourceLabel"
STEM = f"{BASE}observation/"

PEERS = {"morph-kgc": "morph-kgc==2.10.0", "maplib": "maplib==0.20.26"}


def write_rows(path: Path, number: int) -> None:
    """Write a CSV file of observations, each with a key of its own."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        for n in range(number):
            amount = f"{n % 90_000}.{n % 100:02d}"
            codes = (
                f"2010{n % 30:03d}",
                f"30{n % 40:03d}",
                ("basic", "project")[n % 2],
                ("general", "fund")[n % 3 % 2],
            )
            writer.writerow((n, *codes, amount, amount, f"工资福利支出 {n % 500}"))


def rows_of(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


def templates(source: Path, target: Path) -> None:
    from budgetgraph.converter.rdf.emission import Rows, Slot
    from budgetgraph.converter.rdf.serialization import NamedGraph, encode

    constants = tuple((f"<{p}>", f"<{o}>") for p, o in CONSTANT.items())
    slots = (
        *(Slot(f"<{p}>", f"<{beginning}", ">") for p, beginning in CODES.values()),
        Slot(f"<{AMOUNT}>", '"', f'"^^<{XSD}decimal>'),
        Slot(f"<{PRINTED}>", "", "", is_text=True),
        Slot(f"<{LABEL}>", "", "@zh", is_text=True),
    )
    graph = NamedGraph(f"{BASE}g", rows=[Rows(STEM, constants, slots, rows_of(source))])
    with target.open("wb") as file:
        file.writelines(encode([graph], "turtle"))


def rdflib_graph(source: Path, target: Path) -> None:
    from rdflib import Graph, Literal, URIRef
    from rdflib.namespace import XSD as DATATYPES

    graph = Graph()
    constants = [(URIRef(p), URIRef(o)) for p, o in CONSTANT.items()]
    codes = [(URIRef(p), beginning) for p, beginning in CODES.values()]
    amount, printed, label = map(URIRef, (AMOUNT, PRINTED, LABEL))
    for row in rows_of(source):
        subject = URIRef(STEM + row[0])
        for predicate, value in constants:
            graph.add((subject, predicate, value))
        for (predicate, beginning), code in zip(codes, row[1:5], strict=True):
            graph.add((subject, predicate, URIRef(beginning + code)))
        graph.add((subject, amount, Literal(row[5], datatype=DATATYPES.decimal, normalize=False)))
        graph.add((subject, printed, Literal(row[6])))
        graph.add((subject, label, Literal(row[7], lang="zh")))
    graph.serialize(target, format="nt", encoding="utf-8")


def morph_kgc(source: Path, target: Path) -> None:
    from importlib import import_module

    def line(predicate: str, value: str) -> str:
        return f"rr:predicateObjectMap [ rr:predicate <{predicate}> ; rr:objectMap [ {value} ] ]"

    lines = [line(p, f"rr:constant <{o}>") for p, o in CONSTANT.items()]
    lines += [line(p, f'rr:template "{beginning}{{{name}}}"') for name, (p, beginning) in CODES.items()]
    lines += [
        line(AMOUNT, f'rml:reference "amount" ; rr:datatype <{XSD}decimal>'),
        line(PRINTED, 'rml:reference "printed"'),
        line(LABEL, 'rml:reference "label" ; rr:language "zh"'),
    ]
    mapping = source.with_suffix(".rml.ttl")
    mapping.write_text(
        "@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix rml: <http://semweb.mmlab.be/ns/rml#> .\n"
        "@prefix ql: <http://semweb.mmlab.be/ns/ql#> .\n"
        f'<#rows> rml:logicalSource [ rml:source "{source}" ; rml:referenceFormulation ql:CSV ] ;\n'
        f'  rr:subjectMap [ rr:template "{STEM}{{key}}" ] ;\n  ' + " ;\n  ".join(lines) + " .\n",
        encoding="utf-8",
    )
    settings = (
        "[CONFIGURATION]\noutput_format: N-TRIPLES\nnumber_of_processes: 1\n"
        f"logging_level: ERROR\noutput_file: {target}\n[CSV]\nmappings: {mapping}\n"
    )
    configuration = source.with_suffix(".ini")
    configuration.write_text(settings, encoding="utf-8")
    materialize = import_module("morph_kgc").materialize_set
    target.write_text("".join(f"{triple} .\n" for triple in materialize(str(configuration))), encoding="utf-8")


def maplib_model(source: Path, target: Path) -> None:
    from importlib import import_module

    polars, maplib = import_module("polars"), import_module("maplib")
    frame = polars.read_csv(source, schema_overrides=dict.fromkeys(FIELDS, polars.String))
    iri = {name: polars.concat_str(polars.lit(beginning), name) for name, (_, beginning) in CODES.items()}
    amount = polars.col("amount").cast(polars.Decimal(38, 12))
    frame = frame.with_columns(key=polars.concat_str(polars.lit(STEM), "key"), amount=amount, **iri)
    triples = [f"ottr:Triple(?key, <{p}>, <{o}>)" for p, o in CONSTANT.items()]
    triples += [f"ottr:Triple(?key, <{p}>, ?{name})" for name, (p, _) in CODES.items()]
    triples += [f"ottr:Triple(?key, <{p}>, ?{n})" for p, n in ((AMOUNT, "amount"), (PRINTED, "printed"))]
    triples += [f"ottr:Triple(?key, <{LABEL}>, ?label)"]
    parameters = ["ottr:IRI ?key", *(f"ottr:IRI ?{name}" for name in CODES), f"<{XSD}decimal> ?amount"]
    parameters += [f"<{XSD}string> ?printed", "?label"]
    model = maplib.Model()
    model.add_template(
        "@prefix ottr: <http://ns.ottr.xyz/0.4/> . @prefix t: <https://w3id.org/budgetgraph/template/> .\n"
        f"t:Row [ {', '.join(parameters)} ] :: {{ {', '.join(triples)} }} ."
    )
    model.map("https://w3id.org/budgetgraph/template/Row", frame)
    model.write(str(target), format="ntriples")


ENGINES: dict[str, Callable[[Path, Path], None]] = {
    "templates": templates,
    "rdflib": rdflib_graph,
    "morph-kgc": morph_kgc,
    "maplib": maplib_model,
}


def environment(folder: Path, name: str) -> str:
    """Return the Python of a peer's own environment, which is made when it is missing."""
    import subprocess
    import venv

    python = folder / name / "bin" / "python"
    if not python.exists():
        venv.create(folder / name, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEERS[name]], check=True)
    return str(python)


def measured(engine: str, python: str, source: Path, target: Path) -> tuple[float, int]:
    """Return the CPU seconds and the peak memory in MiB of one engine's process."""
    import subprocess  # not in the process that is measured

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [python, str(Path(__file__).resolve()), "--run", engine, str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{engine}: {done.stderr.strip()[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, int(done.stdout) // 1024


def triples(path: Path) -> set[tuple[str, ...]]:
    """Return what a file states, amounts as numbers: some engines write them with other digits."""
    import pyoxigraph as ox

    found = set()
    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
        value = quad.object
        if isinstance(value, ox.Literal) and value.datatype.value == f"{XSD}decimal":
            found.add((str(quad.subject), quad.predicate.value, str(Decimal(value.value).normalize())))
        elif quad.predicate.value == LABEL:  # maplib has no language for a column of strings
            found.add((str(quad.subject), quad.predicate.value, value.value))
        else:
            found.add((str(quad.subject), quad.predicate.value, str(value)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--peers", type=Path, help="folder of the peers' environments")
    parser.add_argument("--run", nargs=3, metavar=("ENGINE", "CSV", "RDF"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        engine, source, target = options.run
        ENGINES[engine](Path(source), Path(target))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    import tempfile

    pythons = {"templates": sys.executable, "rdflib": sys.executable}
    if options.peers:
        pythons |= {name: environment(options.peers.resolve(), name) for name in PEERS}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "rows.csv")
        write_rows(source, options.rows)
        ours: set[tuple[str, ...]] = set()
        base = 0.0
        for engine, python in pythons.items():
            target = Path(folder, f"{engine}.ttl")
            seconds, memory = measured(engine, python, source, target)
            stated = triples(target)
            ours, base = (ours, base) if ours else (stated, seconds)
            print(
                f"{engine:10} {seconds:7.2f} CPU s, x {seconds / base:5.1f}, {memory:5} MiB, {len(stated):,} triples, "
                f"{len(ours - stated)} lacking, {len(stated - ours)} others",
                flush=True,
            )


if __name__ == "__main__":
    main()
