"""What was copied so far: lines in a file, so that an interrupted copy goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from mlflow.tracking.journal.place import full_uri

if TYPE_CHECKING:
    from pathlib import Path

RUN: Final = "run"
MODEL: Final = "model"
REGISTERED: Final = "registered model"  # that a copy made


class Notes:
    """Which run or model became which, and what of it is complete."""

    def __init__(self, path: Path) -> None:
        """Read the notes of an earlier copy, if there are any."""
        self._path = path
        self._targets: dict[tuple[str, str], str] = {}
        self._complete: dict[tuple[str, str], str] = {}
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                kind, source, target, mark = json.loads(line)
            except ValueError:  # the copy was killed while it wrote this line
                continue
            self._keep(kind, source, target, mark)

    @classmethod
    def between(cls, folder: Path, source_uri: str, target_uri: str) -> Notes:
        """Return the notes of copies between two stores.

        Args:
            folder: Where notes are kept.
            source_uri: Where it is copied from.
            target_uri: Where it is copied to.
        """
        pair = f"{full_uri(source_uri)}\n{full_uri(target_uri)}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(folder / f"copy-{hashlib.sha256(pair.encode()).hexdigest()[:32]}.jsonl")

    def _keep(self, kind: str, source: str, target: str, mark: str) -> None:
        self._targets[kind, source] = target
        if mark:
            self._complete[kind, source] = mark

    def find(self, kind: str, source: str) -> str | None:
        """Return what a run or model became, None when that is not known."""
        return self._targets.get((kind, source))

    def is_complete(self, kind: str, source: str, mark: str) -> bool:
        """Return whether everything was copied while the source was as it is now."""
        return self._complete.get((kind, source)) == mark

    def add(self, kind: str, source: str, target: str, mark: str = "") -> None:
        """Note what a run or model became.

        Args:
            kind: ``RUN`` or ``MODEL``.
            source: Its id in the source.
            target: Its id in the target.
            mark: What the source was like when everything was copied; empty before.
        """
        self._keep(kind, source, target, mark)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([kind, source, target, mark]) + "\n")
