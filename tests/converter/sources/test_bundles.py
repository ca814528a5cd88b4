"""Publications of several files: found in folders and archives, joined where they agree, nothing counted twice."""

import hashlib
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from pyoxigraph import QuerySolutions, RdfFormat, Store

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.pipeline import Conversion, Settings, convert, convert_publication
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.converter.sources.bundles import Opened, open_publications
from budgetgraph.ontology.namespaces import PREFIXES

TITLE = "示例区档案局2021年部门预算\n"
TABLES = TITLE + "\n部门收入总表\n单位：万元\n总计\t{total}\n一、一般公共预算财政拨款收入\t{total}\n"
TEXT = TITLE + "第三部分 部门预算情况说明\n七、部门收入预算安排情况\n2021年部门收入预算5.00万元。\n"
PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())


def tables(total: str = "5.00") -> str:
    return TABLES.format(total=total)


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def archive(files: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(name, text)
    return file.getvalue()


def found(path: Path) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Return the name and file names of each publication, and the notes."""
    with open_publications([path], Settings()) as opened:
        return [(p.name, [Path(f.name).name for f in p.files]) for p in opened.publications], opened.notes


def converted(path: Path) -> list[Conversion]:
    with open_publications([path], Settings()) as opened:
        return [convert_publication(publication, Settings()) for publication in opened.publications]


def rows(conversion: Conversion, query: str) -> list[tuple[str, ...]]:
    store = Store()
    store.bulk_load("".join(serialize(conversion.graphs, "nquads")).encode(), RdfFormat.N_QUADS)
    solutions = store.query(PROLOGUE + query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return [tuple(getattr(term, "value", "") for term in solution) for solution in solutions]


def codes(conversion: Conversion) -> list[str]:
    return [problem.code for problem in conversion.problems if problem.code.startswith(("repeated", "unread-member"))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "archives-2021", {"narrative.txt": TEXT, "tables.txt": tables()})


def test_text_and_tables_that_agree_on_body_and_year_are_one_publication(folder):
    publications, notes = found(folder)
    assert publications == [("archives-2021", ["narrative.txt", "tables.txt"])]
    assert notes == [
        "archives-2021: narrative.txt, tables.txt agree on body and year, so they are one publication",
    ]
    (conversion,) = converted(folder)
    assert [figure.value for d in conversion.budget.data_sets for figure in d.figures] == [Decimal(50000)] * 2
    assert [(claim.amount, claim.place.locator.part) for claim in conversion.budget.claims] == [
        (Decimal(50000), "narrative.txt")
    ]
    assert {table.locator.part for table in conversion.budget.tables} == {"tables.txt"}
    assert conversion.coverage.is_complete


ATTACHMENT = tables().removeprefix(TITLE)


@pytest.mark.parametrize("title", ["", "2021年"])
def test_tables_without_a_body_belong_to_the_only_publication_of_their_folder(tmp_path, title):
    attachment = ATTACHMENT.replace("部门收入总表", f"{title}部门收入总表")
    folder = write(tmp_path / "archives-2021", {"正文.txt": TEXT, "附件1.txt": attachment})
    publications, notes = found(folder)
    assert publications == [("archives-2021", ["正文.txt", "附件1.txt"])]
    assert any("附件1.txt: names no" in note and "正文.txt, which lies beside it" in note for note in notes)
    (conversion,) = converted(folder)
    assert conversion.budget.fiscal_year == 2021
    assert [figure.value for d in conversion.budget.data_sets for figure in d.figures] == [Decimal(50000)] * 2


def test_tables_without_a_body_beside_two_publications_stay_apart_and_the_note_says_what_to_write(tmp_path):
    other = TEXT.replace("档案局", "水务局")
    folder = write(tmp_path / "x", {"甲.txt": TEXT, "乙.txt": other, "附件1.txt": ATTACHMENT})
    publications, notes = found(folder)
    assert sorted(files for _, files in publications) == [["乙.txt"], ["甲.txt"], ["附件1.txt"]]
    (note,) = (note for note in notes if "publication.yaml such as" in note)
    files = yaml.safe_load(note.partition("such as: ")[2])["files"]
    assert files[-1] == "附件1.txt"
    assert files[0] in {"甲.txt", "乙.txt"}


@pytest.mark.parametrize(
    "attachment",
    [
        ATTACHMENT.replace("部门收入总表", "2020年部门收入总表"),
        ATTACHMENT.replace("部门收入总表", "2021年部门收入总表（决算）决算表"),
        "一段没有表格的文字。\n",
    ],
)
def test_documents_of_another_year_or_phase_or_without_tables_stay_apart(tmp_path, attachment):
    folder = write(tmp_path / "x", {"正文.txt": TEXT, "附件1.txt": attachment})
    assert [files for _, files in found(folder)[0]] == [["正文.txt"], ["附件1.txt"]]


def test_tables_without_a_body_that_contradict_the_publication_stay_apart(tmp_path):
    folder = write(tmp_path / "x", {"正文.txt": tables(), "附件1.txt": ATTACHMENT.replace("5.00", "6.00")})
    publications, notes = found(folder)
    assert [files for _, files in publications] == [["正文.txt"], ["附件1.txt"]]
    assert any("states other figures" in note and "publication.yaml" in note for note in notes)


def test_in_an_archive_tables_belong_to_the_publication_of_their_own_folder(tmp_path):
    path = tmp_path / "x.zip"
    other = TEXT.replace("档案局", "水务局")
    path.write_bytes(archive({"甲/正文.txt": TEXT, "甲/附件1.txt": ATTACHMENT, "乙/正文.txt": other}))
    assert sorted(files for _, files in found(path)[0]) == [["正文.txt"], ["正文.txt", "附件1.txt"]]


def test_the_identity_is_that_of_the_files_in_order_however_they_are_packed(folder, tmp_path):
    hashes = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("narrative.txt", "tables.txt")]
    expected = hashlib.sha256("".join(f"{each}\n" for each in hashes).encode()).hexdigest()
    (conversion,) = converted(folder)
    assert conversion.budget.source.sha256 == expected
    assert conversion.ids.version == expected[:16]
    zipped = tmp_path / "archives-2021.zip"
    zipped.write_bytes(archive({"x/narrative.txt": TEXT, "x/tables.txt": tables()}))
    (unpacked,) = converted(zipped)
    assert [list(serialize(c.graphs, "nquads")) for c in (conversion, unpacked)] == [
        list(serialize(conversion.graphs, "nquads"))
    ] * 2
    assert unpacked.ledger_record() == conversion.ledger_record()


def test_each_file_is_an_entity_and_each_place_names_its_file(folder):
    (conversion,) = converted(folder)
    document = conversion.ids.document
    files = rows(
        conversion,
        f"""SELECT ?file ?name ?hash ?form {{ <{document}> prov:hadMember ?file . ?file a bud:SourceFile ;
        rdfs:label ?name ; bud:sha256 ?hash ; dcterms:format ?form ; dcterms:isPartOf <{document}> }} ORDER BY ?file""",
    )
    assert files == [
        (f"{document}/file/{n}", name, hashlib.sha256((folder / name).read_bytes()).hexdigest(), "text/plain")
        for n, name in enumerate(("narrative.txt", "tables.txt"), start=1)
    ]
    cells = rows(conversion, "SELECT DISTINCT ?file { ?o a qb:Observation ; prov:wasDerivedFrom/oa:hasSource ?file }")
    assert cells == [(f"{document}/file/2",)]
    texts = rows(
        conversion,
        """SELECT ?file ?start ?end { ?c a bud:LevelClaim ; prov:wasDerivedFrom ?text .
        ?text oa:hasSource ?file ; oa:hasSelector [ oa:start ?start ; oa:end ?end ] }""",
    )
    ((file, start, end),) = texts
    assert file == f"{document}/file/1"
    assert "5.00万元" in TEXT[int(start) : int(end)]
    record = conversion.ledger_record()
    assert [(each["name"], each["sha256"]) for each in record["files"]] == [row[1:3] for row in files]
    assert {table["file"] for table in record["tables"]} == {"tables.txt"}


def test_a_single_file_has_no_file_entities(folder):
    conversion = convert(folder / "tables.txt")
    assert rows(conversion, "SELECT ?f { ?f a bud:SourceFile }") == []
    assert conversion.ids.version == hashlib.sha256((folder / "tables.txt").read_bytes()).hexdigest()[:16]
    (record,) = conversion.ledger_record()["files"]
    assert record["name"] == "tables.txt"


def test_a_table_that_both_files_print_counts_once(tmp_path):
    text = TEXT + "\n部门收入总表\n单位：元\n总计\t50000\n一、一般公共预算财政拨款收入\t50000\n"
    more = (
        tables()
        + "\n2021年一般公共预算支出表\n单位：万元\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n合计\t\t5.00\t5.00\t\n"
    )
    (conversion,) = converted(write(tmp_path, {"a.txt": text, "b.txt": more}))
    revenue = [d for d in conversion.budget.data_sets if d.structure == "revenue"]
    assert [(d.table, [figure.text for figure in d.figures]) for d in revenue] == [("t1", ["5.00", "5.00"])]
    assert codes(conversion) == ["repeated-table"]
    assert conversion.coverage.explained["repeated-table"] == 2
    assert conversion.coverage.is_complete


def test_documents_that_agree_but_state_other_figures_stay_apart(tmp_path):
    write(tmp_path, {"first.txt": tables(), "second.txt": tables("6.00")})
    publications, notes = found(tmp_path)
    assert publications == [("first", ["first.txt"]), ("second", ["second.txt"])]
    assert "second.txt: is of the same body and year as" in notes[0]
    assert "states other figures" in notes[0]


def test_a_description_joins_what_disagrees_and_the_disagreement_is_reported(tmp_path):
    files = {"first.txt": tables(), "second.txt": tables("6.00"), "publication.yaml": "files: [first.txt, second.txt]"}
    (conversion,) = converted(write(tmp_path, files))
    (problem,) = [p for p in conversion.problems if p.code == "repeated-table-differs"]
    assert problem.location.part == "second.txt"
    assert "6.00 here, 5.00 there" in problem.message
    assert [figure.text for d in conversion.budget.data_sets for figure in d.figures] == ["5.00", "5.00"]
    assert conversion.coverage.is_complete


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2021年", "2022年"),
        ("示例区档案局", "示例区统计局"),
        ("部门预算", "部门决算"),
        ("部门预算", "单位预算"),
    ],
)
def test_another_year_body_phase_or_scope_is_another_publication(tmp_path, old, new):
    write(tmp_path, {"a.txt": tables(), "b.txt": tables().replace(old, new)})
    publications, notes = found(tmp_path)
    assert [files for _, files in publications] == [["a.txt"], ["b.txt"]]
    assert "2 publications" in notes[-1]


def test_a_description_of_two_years_is_refused(tmp_path):
    files = {"a.txt": tables(), "b.txt": TEXT.replace("2021", "2020"), "publication.yaml": "files: [a.txt, b.txt]"}
    with pytest.raises(SourceError, match=r"b\.txt: is of 2020 \(budget\), but .*a\.txt of 2021"):
        converted(write(tmp_path, files))


def test_the_title_of_the_description_stands_for_a_title_page(tmp_path):
    text = tables().removeprefix(TITLE)
    description = "title: 示例区档案局2021年部门预算\nfiles: [a.txt, b.csv]"
    files = {"a.txt": text, "b.csv": "说明,\n无,1\n无,2", "publication.yaml": description}
    (conversion,) = converted(write(tmp_path, files))
    assert conversion.budget.fiscal_year == 2021
    assert conversion.budget.department.names == ("示例区档案局",)


def test_a_key_of_the_description_that_is_nearly_one_that_is_read_is_named(tmp_path):
    description = "titel: 示例区档案局2021年部门预算\ntitle_en: x\nbody: y\nfiles: [a.txt]"
    _, notes = found(write(tmp_path, {"a.txt": tables(), "publication.yaml": description}))
    assert notes == [f"{tmp_path / 'publication.yaml'}: 'titel' is not read; 'title' is perhaps meant"]


@pytest.mark.parametrize("ending", ["rtf", "docm", "wps", "xlsm", "et"])
def test_endings_of_office_programs_are_looked_into(tmp_path, ending):
    publications, notes = found(write(tmp_path, {f"a.{ending}": tables()}))
    assert publications == [("a", [f"a.{ending}"])]
    assert notes == []


def test_a_copy_is_left_out_and_said(tmp_path):
    publications, notes = found(write(tmp_path, {"a.txt": tables(), "b.txt": tables()}))
    assert publications == [("a", ["a.txt"])]
    assert "b.txt: has the same bytes as" in notes[0]


def test_the_same_sentence_in_two_files_is_one_claim(tmp_path):
    (conversion,) = converted(write(tmp_path, {"a.txt": TEXT, "b.txt": tables() + TEXT.removeprefix(TITLE)}))
    assert [claim.place.locator.part for claim in conversion.budget.claims] == ["a.txt"]


def test_a_dead_document_does_not_stop_the_others(tmp_path):
    write(tmp_path, {"a.txt": tables(), "b.txt": "", "c.txt": tables().replace("2021", "2022")})
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.7\n" + b"\0" * 100)
    with open_publications([tmp_path], Settings()) as opened:
        outcomes = {each.name: outcome(opened, each.name) for each in opened.publications}
    assert outcomes["a"] == outcomes["c"] == "converted"
    assert outcomes["b"] == f"{tmp_path / 'b.txt'}: the file is empty. Fetch the publication again."
    assert outcomes["d"].startswith(f"{tmp_path / 'd.pdf'}: ")


def outcome(opened: Opened, name: str) -> str:
    (publication,) = [each for each in opened.publications if each.name == name]
    try:
        convert_publication(publication, Settings())
    except SourceError as error:
        return str(error)
    return "converted"


def test_what_cannot_be_read_of_an_archive_is_a_problem_of_its_publication(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(archive({"a/正文.txt": TEXT, "a/表.txt": tables(), "a/logo.png": b"\x89PNG\x00"}))
    (conversion,) = converted(path)
    (problem,) = [p for p in conversion.problems if p.code == "unread-member"]
    assert problem.location.part == "logo.png"
    assert str(tmp_path / "a.zip/a/logo.png") in problem.message


def test_an_archive_may_hold_descriptions_and_several_publications(tmp_path):
    path = tmp_path / "all.zip"
    path.write_bytes(
        archive(
            {
                "x/publication.yaml": "files: [tables.txt, more/text.txt]",
                "x/tables.txt": tables(),
                "x/more/text.txt": TEXT,
                "y.txt": tables().replace("2021", "2022"),
            }
        )
    )
    assert found(path)[0] == [("x", ["tables.txt", "text.txt"]), ("y", ["y.txt"])]
    first, second = converted(path)
    assert [file.name for file in first.budget.source.files] == ["tables.txt", "more/text.txt"]
    assert (first.budget.fiscal_year, second.budget.fiscal_year) == (2021, 2022)


def test_nothing_unpacked_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = tmp_path / "a.zip"
    path.write_bytes(archive({"a.txt": TEXT, "b.txt": tables()}))
    converted(path)
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name",
    [
        "jiangsu-cppcc-office-2017",
        "jiangsu-party-office-2017",
        "jiangsu-party-office-2019",
        "jiangsu-peoples-congress-office-2019",
    ],
)
def test_the_two_files_of_a_real_publication_are_one(corpus, name):
    assert found(corpus / name)[0] == [(name, ["narrative.pdf", "tables.pdf"])]
    (conversion,) = converted(corpus / name)
    assert conversion.coverage.is_complete
    alone = convert(corpus / name / "tables.pdf")

    def figures(each: Conversion) -> list[tuple[object, ...]]:
        return [
            (d.id, tuple(sorted(f.dimensions.items())), f.value, f.text)
            for d in each.budget.data_sets
            for f in d.figures
            if d.table
        ]

    assert figures(conversion) == figures(alone)
    assert {claim.place.locator.part for claim in conversion.budget.claims} >= {"narrative.pdf"}
    assert len(conversion.budget.claims) > 30
    assert "repeated-table-differs" not in codes(conversion)
