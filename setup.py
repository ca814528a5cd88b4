"""What pyproject.toml cannot say: building fetches what pages load in the browser (see server/assets/build.py)."""

import runpy

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithAssets(build_py):
    """The build step of setuptools, after the assets are in place."""

    def run(self) -> None:
        """Fetch the assets, then build."""
        runpy.run_path("server/assets/build.py")["build"]()
        super().run()


setup(cmdclass={"build_py": BuildWithAssets})
