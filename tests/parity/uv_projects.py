"""A project of uv for tests, whose lock was written by hand: nothing is asked of an index."""

from pathlib import Path
from typing import Final

_PROJECT: Final = """\
[project]
name = "project"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = ["six==1.16.0", "tomli==2.0.1; python_version < '3.11'"]

[project.optional-dependencies]
wide = ["wcwidth==0.2.13"]

[dependency-groups]
dev = ["iniconfig==2.0.0"]
serve = ["sniffio==1.3.0"]
"""
_HEAD: Final = """\
version = 1
revision = 2
requires-python = ">=3.10"

[[package]]
name = "project"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "six" },
    { name = "tomli", marker = "python_full_version < '3.11'" },
]

[package.optional-dependencies]
wide = [{ name = "wcwidth" }]

[package.dev-dependencies]
dev = [{ name = "iniconfig" }]
serve = [{ name = "sniffio" }]

[package.metadata]
requires-dist = [
    { name = "six", specifier = "==1.16.0" },
    { name = "tomli", marker = "python_full_version < '3.11'", specifier = "==2.0.1" },
    { name = "wcwidth", marker = "extra == 'wide'", specifier = "==0.2.13" },
]
provides-extras = ["wide"]

[package.metadata.requires-dev]
dev = [{ name = "iniconfig", specifier = "==2.0.0" }]
serve = [{ name = "sniffio", specifier = "==1.3.0" }]
"""
_PACKAGE: Final = """
[[package]]
name = "{name}"
version = "{version}"
source = {{ registry = "https://index.example/simple" }}
sdist = {{ url = "https://index.example/{name}.tar.gz", hash = "sha256:{zeros}", size = 1 }}
"""
_PINNED: Final = {
    "iniconfig": "2.0.0",
    "six": "1.16.0",
    "sniffio": "1.3.0",
    "tomli": "2.0.1",
    "wcwidth": "0.2.13",
}


def write_project(folder: Path) -> Path:
    """Write the project into a folder and return the folder."""
    folder.mkdir()
    packages = [
        _PACKAGE.format(name=name, version=version, zeros="0" * 64)
        for name, version in _PINNED.items()
    ]
    (folder / "pyproject.toml").write_text(_PROJECT, "utf-8")
    (folder / "uv.lock").write_text(_HEAD + "".join(packages), "utf-8")
    (folder / ".python-version").write_text("3.11\n", "utf-8")
    return folder
