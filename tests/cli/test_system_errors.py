"""What the system refuses, and who ends the program: one message, the right exit code, nothing left half-written."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import pytest

from budgetgraph.cli.errors import Exit
from budgetgraph.cli.output import said
from tests.checks import skip_check
from tests.cli.commands import PUBLICATION, PUBLICATIONS, ROOT, call
from tests.shapes.case_files import CASES, document

FULL = Path("/dev/full")
TEXT = "示例区档案局2021年部门预算\n部门收入总表\n单位：万元\n总计\t5.00\n一、一般公共预算财政拨款收入\t5.00\n"


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "预算 'a\"b [bold]"
    folder.mkdir()
    file = folder / "[red] x [1].txt"
    file.write_text(TEXT, "utf-8")
    return file


@pytest.fixture
def other(tmp_path):
    file = tmp_path / "other.txt"
    file.write_text(TEXT.replace("2021", "2022"), "utf-8")
    return file


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("budgetgraph", f"{sys.executable} -m budgetgraph.cli", 1)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("command", ["convert", "tables --format csv", "validate --format csv --format json"])
def test_a_file_where_a_folder_is_needed(tmp_path, source, other, command):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    sources = [PUBLICATION] if "tables" in command else [source, other]
    done = call(*command.split(), *sources, "-o", taken)
    assert done.exit_code == Exit.FAILED
    assert str(taken) in done.stderr
    assert "folder" in done.stderr
    assert taken.read_text() == "mine"


def test_a_store_that_is_a_file_is_refused_before_anything_is_converted(tmp_path, source):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    done = call("publish", source, "--store", taken)
    assert done.exit_code == Exit.FAILED
    assert done.stderr == f"error: --store {taken}: is no folder. Name a folder, or the address of a SPARQL endpoint.\n"


def test_several_publications_do_not_go_into_a_folder_that_is_named_like_a_file(tmp_path, source, other):
    target = tmp_path / "all.trig"
    done = call("convert", source, other, "-o", target)
    assert done.exit_code == Exit.FAILED
    assert "is the name of a file; 2 sources need a folder" in done.stderr
    assert not target.exists()


def test_what_is_named_twice_is_converted_once(tmp_path, source):
    done = call("convert", source, source, "-o", tmp_path / "one.trig")
    assert done.exit_code == Exit.DONE, done.stderr
    assert f"{source}: is named twice; it is read once" in done.stderr
    assert (tmp_path / "one.trig").is_file()


def test_a_copy_is_published_once(tmp_path, source):
    (tmp_path / "copy.txt").write_bytes(source.read_bytes())
    done = call("publish", source, tmp_path / "copy.txt", "--store", tmp_path / "store")
    assert done.exit_code == Exit.DONE, done.stderr
    assert f"copy: is the same document as {source.stem}; it is left out" in done.stderr
    assert "published 1 document as release" in done.stderr


def test_a_link_leads_to_the_file_that_is_replaced(tmp_path, source):
    (tmp_path / "link.trig").symlink_to("real.trig")
    assert call("convert", source, "-o", tmp_path / "link.trig").exit_code == Exit.DONE
    assert (tmp_path / "link.trig").is_symlink()
    assert (tmp_path / "real.trig").read_text("utf-8").startswith("@prefix")


def test_a_pipe_is_written_to_and_never_replaced(tmp_path, source):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert call("tables", source, "-o", pipe).exit_code == Exit.DONE
    assert os.read(reader, 1000).startswith("部门收入总表".encode())
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(("where", "said"), [("> /dev/full", "Make room on the disk"), (">&-", "-o FILE")])
def test_standard_output_that_takes_nothing(other, where, said):
    if not FULL.is_char_device():
        skip_check("the system has no device that is always full")
    done = shell(f"budgetgraph convert {other} {where}")
    assert done.returncode == Exit.FAILED
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_exit_code_is_the_commands_own_when_the_reader_leaves(tmp_path):
    data = tmp_path / "case.nq"
    data.write_bytes(document(CASES / "WT-1" / "invalid.ttl"))
    done = shell(f"budgetgraph validate {data} --format csv | head -n 1 >&2; exit ${{PIPESTATUS[0]}}")
    assert done.returncode == Exit.VIOLATIONS
    assert "Traceback" not in done.stderr


def test_a_locale_without_chinese(other):
    done = shell(f"budgetgraph inspect {other}", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == Exit.DONE, done.stderr


def test_names_that_look_like_markup(source):
    done = call("inspect", source)
    assert done.exit_code == Exit.DONE, done.stderr
    assert done.stdout.startswith(f"{source.name}  sha256 ")


def test_a_stub_that_is_not_needed_is_not_written(tmp_path, other):
    done = call("inspect", other, "--stub", tmp_path / "stub.yaml")
    assert "stub.yaml: not written, because no table is unknown" in done.stderr
    assert not (tmp_path / "stub.yaml").exists()


def _scratch(request, number):
    """Return a folder for temporary files of programs that a signal ends; its path is short, as sockets are made in it.

    A shell that starts the tests in the background has them, and what they start, ignore Ctrl-C; here they do not.
    """
    folder = Path(tempfile.mkdtemp(prefix="ends-"))
    request.addfinalizer(partial(shutil.rmtree, folder))
    request.addfinalizer(partial(signal.signal, number, signal.signal(number, signal.default_int_handler)))
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_ends_the_program_finds_nothing_left(request, number):
    scratch = _scratch(request, number)  # folders in it show that the work has begun
    done = subprocess.Popen(
        [sys.executable, "-m", "budgetgraph.cli", "validate", *map(str, PUBLICATIONS.iterdir()), "--jobs", "2"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(scratch)},
        start_new_session=True,
        text=True,
    )
    while len(list(scratch.glob("*/*"))) < 2 and done.poll() is None:
        time.sleep(0.02)
    os.killpg(done.pid, number)
    _, said = done.communicate(timeout=300)
    assert done.returncode == 128 + number, said
    assert "Traceback" not in said
    assert list(scratch.iterdir()) == []


ENDED_AT_ONCE = """
import os, tempfile
made = tempfile.mkdtemp
def mkdtemp(*arguments, **named):
    folder = made(*arguments, **named)
    os.kill(os.getpid(), {number})
    return folder
tempfile.mkdtemp = mkdtemp
from budgetgraph.cli.main import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_temporary_folder_that_was_just_made_goes(request, source, number):
    scratch = _scratch(request, number)
    program = ENDED_AT_ONCE.format(number=int(number))
    done = subprocess.run(
        [sys.executable, "-c", program, "inspect", source],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 128 + number, done.stderr
    assert "Traceback" not in done.stderr
    assert list(scratch.iterdir()) == []


def test_an_error_of_the_system_without_a_number_has_its_words():
    assert said(OSError("AF_UNIX path too long"), "Look.") == "AF_UNIX path too long. Look."
