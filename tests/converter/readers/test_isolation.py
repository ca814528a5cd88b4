import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Cell, Grid, Locator, Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers import MAXIMUM_SIZE, Document, limits, read_document
from budgetgraph.converter.readers.isolation import read_isolated
from budgetgraph.converter.readers.sheets import Sheet, SheetLayout
from budgetgraph.converter.readers.transport import from_json, to_json
from tests.conftest import PUBLICATION
from tests.converter.readers.pdf.writing import pdf

SECONDS = 60  # more than any reading here takes, also on a busy machine


@pytest.fixture
def source(tmp_path):
    def write(content, name="document.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_reads_what_reading_in_this_process_reads():
    path = PUBLICATION
    assert read_isolated(path, SECONDS) == read_document(path)


def test_a_relative_path_is_kept_in_messages(source, monkeypatch):
    path = source(b"\x00\x01")
    monkeypatch.chdir(path.parent)
    with pytest.raises(SourceError, match=r"^document\.txt: byte 0"):
        read_isolated(path.relative_to(path.parent), SECONDS)


def test_a_missing_file(tmp_path):
    with pytest.raises(SourceError, match=r"no\.txt"):
        read_isolated(tmp_path / "no.txt", SECONDS)


def test_where_the_answer_cannot_be_written_the_file_is_not_blamed(source, tmp_path):
    path = source("项目\t1".encode())
    with pytest.raises(SourceError, match=r"document\.txt: what was read cannot be written to .*nowhere\. Make room"):
        read_isolated(path, SECONDS, keep=tmp_path / "nowhere" / "kept")


def test_a_file_of_2_gigabytes_is_refused_unread(tmp_path):
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)  # sparse: takes no place
    with pytest.raises(SourceError, match="MiB"):
        read_isolated(path, SECONDS)


def test_too_much_memory_is_refused(source):
    path = source(b"a\n" * (8 * 1024 * 1024))
    with pytest.raises(SourceError, match=r"document\.txt: reading needs more than 64 MiB"):
        read_isolated(path, SECONDS, memory=64 * 1024**2)


def test_too_much_time_ends_the_process_and_what_it_started(source):
    path = source(b"a\n" * (MAXIMUM_SIZE // 2))
    with pytest.raises(SourceError, match=r"document\.txt: reading took more than 0\.5 seconds"):
        read_isolated(path, 0.5, memory=8 * 1024**3)


def test_the_next_source_is_read_after_a_refused_one(source):
    bad, good = source(b"\x00", "bad"), source("项目\t1".encode(), "good")
    for _ in range(2):
        with pytest.raises(SourceError):
            read_isolated(bad, SECONDS)
        assert len(read_isolated(good, SECONDS).blocks) == 1


# A program that reads a file, and tells what the next process has before it does anything.
NEXT = """
import sys
from pathlib import Path
from budgetgraph.converter.readers import isolation

def tell(target):
    target.write_text(str("budgetgraph.converter.readers.pdf.library" in sys.modules))

if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    isolation.read_isolated(source)
    isolation.run_isolated(tell, (target,))
"""


@pytest.mark.parametrize(("name", "loaded"), [("a.pdf", "True"), ("a.txt", "False")])
def test_processes_begin_with_the_libraries_that_the_first_file_needs_and_no_others(tmp_path, source, name, loaded):
    program, told = tmp_path / "program.py", tmp_path / "told"
    program.write_text(NEXT)
    path = source(pdf(lambda sheet: sheet.text(50, 100, "预算")) if name == "a.pdf" else "预算".encode(), name)
    subprocess.run([sys.executable, program, path, told], timeout=SECONDS, check=True, env=os.environ)
    assert told.read_text() == loaded


# A program with a reader that behaves as no reader should: the process is forked with it in place.
HOSTILE = """
import os, signal, sys
from pathlib import Path
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers import isolation, limits

class Context:
    def __init__(self, real): self.real = real
    def Process(self, target, args, daemon):
        return self.real.Process(target=hostile, args=args, daemon=daemon)

def hostile(folder, memory, seconds, note, work, arguments):
    path, name, answer = arguments
    {action}

if __name__ == "__main__":
    real = isolation._context(())
    isolation._context = lambda modules: Context(real)
    try:
        isolation.read_isolated(Path(sys.argv[1]), {timeout})
    except SourceError as error:
        print(error)
"""


@pytest.mark.parametrize(
    ("action", "timeout", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", 60, "ended the process (SIGSEGV)"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", 60, "took more than 60 seconds"),
        ("os._exit(7)", 60, "ended the process (exit 7)"),
        ("os._exit(0)", 60, "ended the process (exit 0)"),
        ("Path(answer).write_bytes(b'{'); os._exit(0)", 60, "cannot be taken over"),
        ('Path(answer).write_bytes(b\'{"sha256": ""}\'); os._exit(0)', 60, "has changed"),
        ("signal.signal(signal.SIGTERM, signal.SIG_IGN); os.read(os.pipe()[0], 1)", 1, "took more than 1 seconds"),
        (
            "limits.limit_process(memory, seconds, note); limits.ask_time(1); os.read(os.pipe()[0], 1)",
            1,
            "took more than 2 seconds",
        ),
    ],
)
def test_a_process_that_misbehaves(tmp_path, action, timeout, said):
    program, path = tmp_path / "program.py", tmp_path / "a.txt"
    program.write_text(HOSTILE.format(action=action, timeout=timeout))
    path.write_text("a")
    done = subprocess.run(
        [sys.executable, program, path], capture_output=True, text=True, timeout=SECONDS, check=True, env=os.environ
    )
    assert said in done.stdout
    assert done.stdout.startswith(str(path))


def sheet_document() -> Document:
    merged = [(0, 0, 1, 0)]
    sheet = Sheet(
        "表", {0: {0: "项目", 1: "金额"}, 1: {0: "", 1: "5.00"}, 3: {0: "合计", 1: "5.00"}}, {0, 1, 2, 3}, merged
    )
    return Document("a", b"x", "text/csv", tuple(SheetLayout("a").blocks(sheet)))


def test_tables_of_sheets_come_through_unchanged():
    document = sheet_document()
    (grid,) = from_json(to_json(document), "a", b"x").blocks
    assert isinstance(grid, Grid)
    assert grid == document.blocks[0]
    assert [(c.text, c.locator.ref, c.rowspan) for c in grid.rows[0]] == [("项目", "A1", 2), ("金额", "B1", 1)]
    assert grid.rows[3][1].locator.ref == "B4"


def test_tables_of_sheets_with_unequal_rows_are_not_taken_over():
    answer = json.loads(to_json(sheet_document()))
    answer["blocks"][0][0]["sheet"][4][1].append("6.00")
    with pytest.raises(ValueError, match="unequal"):
        from_json(json.dumps(answer).encode(), "a", b"x")


def test_a_process_is_granted_so_much_more_time_and_no_more(tmp_path, monkeypatch):
    note = tmp_path / "note"
    monkeypatch.setattr(limits, "resource", None)
    monkeypatch.setattr(limits, "_grants", [note])
    limits.ask_time(30)
    limits.ask_time(30)
    assert limits.granted(note) == 60
    limits.ask_time(10**6)
    assert limits.granted(note) == limits.MAXIMUM_GRANT
    note.write_text("9" * 30)
    assert limits.granted(note) == limits.MAXIMUM_GRANT
    note.write_text("soon")
    assert limits.granted(note) == 0


TEXT = st.text(max_size=8)
NUMBER = st.none() | st.integers(0, 10**6)
BOX = st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 4)
LOCATOR = st.builds(
    Locator,
    *[NUMBER] * 5,
    st.none() | BOX,
    *[st.none() | TEXT] * 3,
    st.lists(st.tuples(st.integers(1, 99), BOX), max_size=2).map(tuple),
)
CELL = st.builds(Cell, TEXT, st.just(0), st.just(0), st.integers(1, 9), st.integers(1, 9), LOCATOR, st.floats(0, 1))


@given(
    st.lists(st.builds(Paragraph, TEXT, LOCATOR)),
    st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=3),
    st.lists(st.builds(Problem, TEXT, st.sampled_from(Severity), TEXT, LOCATOR)),
)
def test_documents_come_through_unchanged(paragraphs, rows, problems):
    grid = Grid(
        tuple(tuple(replace(c, row=r, column=k) for k, c in enumerate(row)) for r, row in enumerate(rows)), Locator()
    )
    document = Document("a", b"x", "text/plain", (*paragraphs, grid), "text", tuple(problems))
    assert from_json(to_json(document), "a", b"x") == document
    with pytest.raises(ValueError, match="changed"):
        from_json(to_json(document), "a", b"y")
