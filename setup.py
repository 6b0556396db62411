"""Ships translations/ and migrations/ inside the wheel; everything else stands in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
SHIPPED = ("translations", "migrations")


class BuildWithFolders(build_py):
    """Copies the top-level folders that the program reads to survey/_shipped/ of the build."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for name in SHIPPED:
            target = Path(self.build_lib) / "survey" / "_shipped" / name
            shutil.copytree(
                HERE / name, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
            )


setup(cmdclass={"build_py": BuildWithFolders})
