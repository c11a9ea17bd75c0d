"""Lays down metadata for the name ``mlflow`` beside Headrace's own.

Libraries ask the metadata, not the import system, whether MLflow is there and which version it
is; without an answer pip would install upstream over this package. The second ``.dist-info`` goes
through the wheel's ``.data/purelib``, so that it lands in site-packages and belongs to Headrace:
removing Headrace removes it.
"""

import base64
import hashlib
import runpy
import shutil
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


class AliasMetadataHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own default
    """Adds the files of ``mlflow-<version>.dist-info`` to every wheel, editable ones too."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files and tell the builder where in the wheel they belong."""
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
        shutil.rmtree(self.folder)


def _record(dist_info: str, files: dict[str, str]) -> str:
    lines = []
    for name, text in files.items():
        data = text.encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{dist_info}/{name},sha256={digest},{len(data)}")
    return "\n".join([*lines, f"{dist_info}/RECORD,,", ""])
