"""The list of packages in pyproject.toml is kept by hand; a folder missing from it is missing from the wheel."""

import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("cli", "converter", "data", "ontology", "server", "shapes")
#: What only the build needs.
BUILDING = ROOT / "server" / "assets"
#: What the build fetches; here it is there already, and tests use no network.
VENDOR = ROOT / "server" / "static" / "vendor"


def git_files(*folders: str) -> list[str]:
    command = ["git", "ls-files", "-co", "--exclude-standard", *folders]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def packaged() -> dict[str, Path]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    roots = settings["package-dir"]
    found = {}
    for name in settings["packages"]:
        top, _, rest = name.removeprefix("budgetgraph.").partition(".")
        found[name] = ROOT / roots[f"budgetgraph.{top}"] / rest.replace(".", "/")
    return found


def test_every_folder_with_files_is_packaged():
    listed = set(packaged().values())
    tracked = git_files(*CODE)
    folders = {(ROOT / line).parent for line in tracked if (ROOT / line).exists()}
    folders = {f for f in folders if f.parts[len(ROOT.parts)] != "data" or f == ROOT / "data"}
    assert folders <= listed | {ROOT / "data", BUILDING}, "add these to [tool.setuptools] packages"


def test_every_listed_package_exists():
    assert [name for name, folder in packaged().items() if not folder.is_dir()] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Return a wheel built from a copy of the tracked files, so that nothing left over in build/ gets into it."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    for line in git_files():
        source = ROOT / line
        if source.is_file() and not source.is_symlink():
            target = copy / line
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    shutil.copytree(VENDOR, copy / VENDOR.relative_to(ROOT))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(copy)]
    subprocess.run(command, check=True, capture_output=True)
    found: list[Path] = list(folder.glob("*.whl"))
    return found[0]


def test_the_wheel_has_all_data_and_no_generic_name(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"budgetgraph"}
    inside = {name.removeprefix("budgetgraph/") for name in names}
    wanted = [
        path.relative_to(ROOT).as_posix()
        for folder in packaged().values()
        for path in folder.iterdir()
        if path.suffix in {".py", ".ttl", ".rq", ".yaml", ".json", ".csv", ".html", ".css", ".js", ".svg", ".ttf"}
    ]
    wanted += [f"server/static/vendor/{path.name}" for path in VENDOR.iterdir()]
    assert [name for name in wanted if name not in inside] == []
    assert not [name for name in inside if name.startswith("server/assets/")]


def test_the_installed_command_works_away_from_the_checkout(wheel, tmp_path):
    """The wheel runs where only its dependencies are, which are those of this environment."""
    home = tmp_path / "venv"
    venv.create(home, system_site_packages=False, with_pip=False)
    site = next(home.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    dependencies = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    links = [path for path in dependencies.iterdir() if not path.name.startswith(("__editable__", "budgetgraph"))]
    for path in links:
        if not (site / path.name).exists():
            (site / path.name).symlink_to(path)
    run = subprocess.run(
        [
            home / "bin" / "python",
            "-m",
            "budgetgraph.cli",
            "convert",
            ROOT / "data" / "publications" / "wuhan-jingkai-party-office-2021",
            "--format",
            "nquads",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "8 tables" in run.stderr
    assert "/t8/2013101.basic.301>" in run.stdout
