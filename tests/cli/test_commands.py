"""The command line as a person uses it: exit codes, standard output and error, files whole or not at all."""

import csv
import gzip
import hashlib
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgraph.cli.errors import Exit
from budgetgraph.cli.main import COMMANDS
from budgetgraph.converter.forms import read_forms
from tests.cli.commands import PUBLICATION, PUBLICATIONS, ROOT, SOUND, call, here, run
from tests.converter.publications import as_html


def test_convert_writes_rdf_and_ledger(tmp_path):
    done = run("convert", PUBLICATION, "-o", tmp_path / "b.trig", "--ledger", tmp_path / "l.json")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "0 unexplained" in done.stderr
    assert (tmp_path / "b.trig").read_text("utf-8").startswith("@prefix")
    ledger = json.loads((tmp_path / "l.json").read_text("utf-8"))
    coverage = ledger["coverage"]
    assert coverage["unexplained"] == 0
    assert coverage["converted"] + sum(coverage["explained"].values()) == coverage["numeric_cells"] == 455
    assert ledger["withheld"]["person_name"] > 0
    assert ledger["withheld"]["phone"] > 0
    assert sorted(tmp_path.iterdir()) == [tmp_path / "b.trig", tmp_path / "l.json"]


#: Converts into each form of RDF, a file of that name each, in one process.
INTO_ALL_FORMS = """
import sys
from budgetgraph.cli.main import group
for form in ("trig", "nquads", "turtle", "jsonld"):
    group(["convert", sys.argv[1], "--format", form, "-o", f"{sys.argv[2]}/{form}"], standalone_mode=False)
"""


def test_the_same_input_gives_the_same_bytes(tmp_path):
    """Whatever order sets have, which the seed of a process decides."""
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        command = [sys.executable, "-c", INTO_ALL_FORMS, str(PUBLICATION), str(tmp_path / seed)]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()} for seed in ("1", "2"))
    assert sorted(first) == ["jsonld", "nquads", "trig", "turtle"]
    assert all(first.values())
    assert first == second


def test_several_forms_of_one_report_are_files_of_a_folder(tmp_path):
    forms = {"json": "report.json", "turtle": "report.ttl", "html": "report.html", "text": "report.txt"}
    options = [part for form in forms for part in ("--format", form)]
    done = here("validate", PUBLICATION, *options, "-o", tmp_path / "reports")
    assert done.returncode in {0, 1}, done.stderr
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == sorted(forms.values())
    assert (tmp_path / "reports" / "report.json").read_text("utf-8") == here(
        "validate", PUBLICATION, "--format", "json"
    ).stdout
    refused = here("validate", PUBLICATION, *options)
    assert (refused.returncode, "add -o FOLDER" in refused.stderr) == (2, True)


BAD = {
    "empty": (b"", "the file is empty"),
    "binary": (b"\x00\x01\x02 binary", "neither text nor another form"),
    "encoding": ("单位".encode() + b"\xff\xfe\xff\t1", "Save the file as UTF-8"),
    "prose": ("某局 2021 年部门预算\n没有表格。".encode(), "has no table"),
    "foreign": (b"name\tage\nx\t1\n", "none of its tables (1) is a budget table"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_message_and_nothing_half_written(tmp_path, case):
    content, message = BAD[case]
    source, target = tmp_path / "source.txt", tmp_path / "out.trig"
    source.write_bytes(content)
    done = here("convert", source, "-o", target)
    assert done.returncode == 2
    assert message in done.stderr
    assert str(source) in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == [source]


def test_some_of_several_fail(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.txt").write_bytes(b"")
    (tmp_path / "in" / "good.txt").write_bytes((PUBLICATION / "document.txt").read_bytes())
    done = here("convert", tmp_path / "in", "-o", tmp_path / "out")
    assert done.returncode == 3
    assert "bad.txt: the file is empty" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.trig"]


@pytest.fixture
def two_files(tmp_path):
    """A folder with the text and the tables of one publication, and what is no publication."""
    folder = tmp_path / "archives-2021"
    folder.mkdir()
    title = "示例区档案局2021年部门预算\n"
    (folder / "text.txt").write_text(f"{title}2021年部门收入预算5.00万元。\n", "utf-8")
    revenue = "部门收入总表\n单位：万元\n总计\t5.00\n一、一般公共预算财政拨款收入\t5.00\n"
    (folder / "tables.txt").write_text(title + revenue, "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    return folder


def test_two_files_that_agree_are_one_publication_in_every_command(tmp_path, two_files):
    done = here("convert", two_files, "-o", tmp_path / "x.trig", "--ledger", tmp_path / "x.json")
    assert done.returncode == 0, done.stderr
    assert "tables.txt, text.txt agree on body and year" in done.stderr
    assert "left out, as their names end like no document: picture.png" in done.stderr
    record = json.loads((tmp_path / "x.json").read_text("utf-8"))
    assert record["source"] == "archives-2021"
    assert [file["name"] for file in record["files"]] == ["tables.txt", "text.txt"]
    inspected = here("inspect", two_files)
    assert inspected.returncode == 0
    assert "text.txt  text/plain  sha256" in inspected.stdout
    assert here("tables", two_files, "--format", "csv").stdout.splitlines()[1:3] == ["单位：万元,", "总计,5.00"]
    reports = json.loads(here("validate", two_files, "--format", "json").stdout)
    assert [source["source"] for source in reports["sources"]] == ["archives-2021"]
    published = run("publish", two_files, PUBLICATION, "--store", tmp_path / "store", "--jobs", "2")
    assert published.returncode == 0, published.stderr
    assert "published 2 documents" in published.stderr


def test_a_fault_of_the_converter_does_not_end_a_batch(tmp_path, two_files, monkeypatch):
    (two_files / "other.txt").write_text((two_files / "tables.txt").read_text("utf-8").replace("2021", "2022"), "utf-8")

    def faulty(blocks, year, *others):
        if year == 2022:
            raise ValueError("a fault")
        return read_forms(blocks, year, *others)

    monkeypatch.setattr("budgetgraph.converter.pipeline.read_forms", faulty)
    done = call("convert", two_files, "-o", tmp_path / "out")
    assert done.exit_code == Exit.PARTLY
    assert "other.txt: the converter failed (ValueError: a fault). Please report this." in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["tables.trig"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("convert",), "Missing argument"),
        (("convert", "nowhere.txt"), "no such file"),
        (("convert", PUBLICATION, "--base", "no-iri"), "is no base"),
        (("convert", PUBLICATION, "-o", "/nowhere/x.trig"), "cannot be written"),
        (("tables", PUBLICATION, "--table", "t99"), "there are t1"),
        (("tables", PUBLICATION, "--format", "xlsx"), "add -o FILE.xlsx"),
        (("serve", "--store", "nowhere"), "nothing is published here"),
        (("query", "ASK {}", "--store", "nowhere"), "nothing is published here"),
        (("publish", PUBLICATION, "--store", "http://127.0.0.1:1/"), "BUDGETGRAPH_REMOTE_GRAPHS"),
        (("nonsense",), "No such command"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_why(arguments, message):
    done = here(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_publish_and_query(tmp_path):
    done = run("publish", PUBLICATIONS, "--store", tmp_path / "store")
    assert done.returncode == 0, done.stderr
    assert "published 10 documents" in done.stderr
    asked = here(
        "query", ROOT / "data/competency/total-department-budget.rq", "--store", tmp_path / "store", "--format", "csv"
    )
    assert asked.returncode == 0, asked.stderr
    with (ROOT / "data/competency/total-department-budget.csv").open(encoding="utf-8", newline="") as file:
        expected = [(name, year, Decimal(total)) for name, year, total in list(csv.reader(file))[1:]]
    answer = list(csv.reader(asked.stdout.splitlines()))[1:]
    assert [(name, year, Decimal(total)) for name, year, total in answer] == expected
    table = here("query", "SELECT (1+1 AS ?two) {}", "--store", tmp_path / "store")
    assert "two" in table.stdout
    dumped = here("dump", "--store", tmp_path / "store", "-o", tmp_path / "dumps")
    assert dumped.returncode == 0, dumped.stderr
    sums = [line.split("  ") for line in (tmp_path / "dumps" / "SHA256SUMS").read_text("utf-8").splitlines()]
    assert {name for _, name in sums} >= {"all.nq.gz", "all.trig.gz", "cube.csv.gz"}
    for digest, name in sums:
        assert hashlib.sha256((tmp_path / "dumps" / name).read_bytes()).hexdigest() == digest
    wrong = here("query", "SELECT nonsense", "--store", tmp_path / "store")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr


def test_quarantine_leaves_out_what_violates(tmp_path):
    done = here("publish", PUBLICATION, "--store", tmp_path / "store", "--on-violation", "quarantine")
    assert done.returncode == 2
    assert "not published, because it has violations" in done.stderr


def test_what_is_left_out_is_told_in_the_release(tmp_path):
    """Held back, not converted, and published before; each with its reason and no word of its text."""
    store, broken = tmp_path / "store", tmp_path / "broken.csv"
    broken.write_text("联系电话：00000000", "utf-8")
    assert here("publish", PUBLICATION, "--store", store).returncode == 0
    done = here("publish", SOUND, PUBLICATION, broken, "--store", store, "--on-violation", "quarantine")
    assert done.returncode == 3, done.stderr
    graph = Path(store / "current").resolve() / "dumps" / "all.nq.gz"
    told = [line for line in gzip.decompress(graph.read_bytes()).decode().splitlines() if "graph/refused>" in line]
    kinds = {line.partition("publication-state/")[2].partition(">")[0] for line in told if "publication-state/" in line}
    assert kinds == {"quarantined", "refused"}
    assert any('"Violates AR-1 (1)"@en' in line for line in told)
    assert any('"broken"' in line for line in told)
    assert not any("联系电话" in line or str(tmp_path) in line for line in told)
    assert here("publish", SOUND, "--store", store).returncode == 0
    graph = Path(store / "current").resolve() / "dumps" / "all.nq.gz"
    assert b"graph/refused>" not in gzip.decompress(graph.read_bytes())


def _converted_with_completed(stub: Path, source: Path) -> str:
    """Say in a stub what its two columns are, convert with it, and return what the program says."""
    completed = stub.read_text("utf-8")
    for header, nature in (("保障支出", "basic"), ("专项支出", "project")):
        completed = completed.replace(
            f"header: ['{header}'], dimensions: {{}}",
            f"header: ['{header}'], dimensions: {{expenditureNature: {nature}}}",
        )
    stub.write_text(completed, "utf-8")
    done = here("convert", source, "--profile", stub, "-o", stub.with_name("x.nq"))
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_inspect_writes_a_profile_stub_that_converts_when_completed(tmp_path):
    text = (PUBLICATION / "document.txt").read_text("utf-8")
    source, stub = tmp_path / "source.txt", tmp_path / "stub.yaml"
    source.write_text(
        text.replace("科目编码\t科目名称\t合计\t基本支出\t项目支出", "科目编码\t科目名称\t合计\t保障支出\t专项支出"),
        "utf-8",
    )
    done = here("inspect", source, "--stub", stub)
    assert done.returncode == 0
    assert "Unknown table at line 141" in done.stdout
    assert "not known 保障支出, 专项支出" in done.stdout
    assert "8 tables, 323 observations" in _converted_with_completed(stub, source)


def test_inspect_writes_a_profile_stub_where_no_table_is_known(tmp_path):
    source, stub = tmp_path / "source.txt", tmp_path / "stub.yaml"
    rows = "201\t一般公共服务支出\t5.00\t3.00\t2.00\n"
    source.write_text(
        f"示例局2021年部门预算\n支出明细表\n单位：万元\n科目编码\t科目名称\t合计\t保障支出\t专项支出\n{rows}", "utf-8"
    )
    done = here("inspect", source, "--stub", stub)
    assert (done.returncode, "none of its tables (1)" in done.stderr) == (2, True)
    assert "Unknown table at line 4" in done.stdout
    assert "1 table, 3 observations" in _converted_with_completed(stub, source)


def test_tables_prints_one_table():
    done = here("tables", PUBLICATION, "--table", "表二", "--format", "csv")
    assert done.returncode == 0
    assert "2013101,行政运行（党委办公厅）,923.91,923.91," in done.stdout.splitlines()


def test_a_folder_of_csv_is_the_publication_again(tmp_path):
    assert here("tables", PUBLICATION, "--format", "csv", "-o", tmp_path / "tables").returncode == 0
    done = here("convert", tmp_path / "tables", "-o", tmp_path / "again.trig")
    assert "中共武汉经开区工委（区委）办公室 2021: 8 tables" in done.stderr
    changes = here("diff", PUBLICATION, tmp_path / "again.trig").stdout
    # what the text and the forms state is not printed again
    assert not [line for line in changes.splitlines() if "changed" in line], changes


def test_what_is_not_printed_again_is_named():
    assert "not printed, as it is a form and no official table" in here("tables", PUBLICATION, "--format", "csv").stderr


@pytest.mark.parametrize("form", [("xlsx", "x.xlsx"), ("csv", "folder")])
def test_several_publications_make_no_workbook_and_no_folder(tmp_path, form):
    other = PUBLICATION.parent / "putuo-finance-bureau-2025"
    graph = tmp_path / "two.nq"
    graph.write_bytes(b"".join((_quads(PUBLICATION, tmp_path), _quads(other, tmp_path))))
    done = here("tables", graph, "--format", form[0], "-o", tmp_path / form[1])
    assert (done.returncode, (tmp_path / form[1]).exists()) == (2, False)
    assert "holds 2 publications (" in done.stderr
    assert here("tables", graph, "--format", "html").stdout.count("<h1>") == 2


def _quads(source: Path, folder: Path) -> bytes:
    assert here("convert", source, "--format", "nquads", "-o", folder / "one.nq").returncode == 0
    return (folder / "one.nq").read_bytes()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command):
    shown = call(command, "--help")
    assert shown.exit_code == 0
    assert f"budgetgraph {command} " in shown.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    assert f"`budgetgraph {command} " in (ROOT / "README.md").read_text("utf-8")


def test_a_reader_that_leaves_is_no_error():
    command = f"{sys.executable} -m budgetgraph.cli convert {PUBLICATION} --format nquads | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_publish_validates_again_only_what_changed(tmp_path):
    store = tmp_path / "store"
    assert call("publish", PUBLICATION, "--store", store).exit_code == 0
    kept = {path.name: path.stat().st_ino for path in (store / "reports").iterdir()}
    # Its report, and its summary for the rules over several documents.
    assert sorted(Path(name).suffix for name in kept) == [".json", ".nt"]
    assert call("publish", PUBLICATION, "--store", store).exit_code == 0
    assert {path.name: path.stat().st_ino for path in (store / "reports").iterdir()} == kept


def test_diff_compares_two_years_of_a_body(tmp_path):
    years = (PUBLICATIONS / f"jiangsu-party-office-{year}" for year in (2017, 2019))
    done = here("diff", *years, "--format", "csv", "-o", tmp_path / "diff.csv")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "diff.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (total,) = [row for row in rows if row["table"] == "expenditure" and row["key"] == "budgetPhase=budget"]
    assert (total["old"], total["new"], total["difference"]) == ("208494500", "276642200", "+68147700")
    assert "changed" in done.stderr


def test_inspect_writes_no_profile_for_a_table_of_another_body(tmp_path):
    table = "部门支出总表\n单位：万元\n科目编码|科目名称|合计\n201|一般公共服务支出|90.00\n"
    text = f"云岭市测绘服务局2024年部门预算\n\n{table}\n云岭市水务局2024年部门预算\n\n{table.replace('90', '30')}"
    source = tmp_path / "source.html"
    source.write_text(as_html(text), "utf-8")
    done = here("inspect", source)
    assert done.returncode == 0
    assert "Put the tables of each body and year into files of their own" in done.stdout
    assert "A profile to complete" not in done.stdout
