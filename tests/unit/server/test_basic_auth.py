"""Hashes of passwords and the file that holds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlflow.exceptions import MlflowException
from mlflow.server.basic_auth import hash_password, read_hashes

GOOD = "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaA"


def test_hashes_are_salted_and_say_how_they_were_made() -> None:
    """The same password twice gives two texts, both in PHC's form."""
    first, second = hash_password("twelve letters"), hash_password("twelve letters")
    assert first != second
    assert first.startswith("$scrypt$ln=14,r=8,p=1$")
    assert "twelve" not in first


def test_short_passwords_are_refused() -> None:
    """Eleven characters are too few."""
    with pytest.raises(MlflowException, match="12 characters"):
        hash_password("a" * 11)


def test_a_file_has_comments_and_lines(tmp_path: Path) -> None:
    """Empty lines and comments are skipped."""
    path = tmp_path / "passwords"
    path.write_text(f"# who\n\nada:{GOOD}\nbob:{GOOD}\n", "utf-8")
    assert sorted(read_hashes(path)) == ["ada", "bob"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nobody\n",
        "ada\n",
        "ada:\n",
        f":{GOOD}\n",
        f"ada:{GOOD}\nada:{GOOD}\n",
        "ada:plain text\n",
        "ada:$scrypt$ln=99,r=8,p=1$c2FsdA$aGFzaA\n",
        "ada:$scrypt$ln=20,r=32,p=1$c2FsdA$aGFzaA\n",
        "ada:$scrypt$ln=4,r=8,p=1$c2FsdA$\n",
        "ada:$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA\n",
    ],
)
def test_broken_files_are_refused(tmp_path: Path, text: str) -> None:
    """No name, no hash, one name twice, costs beyond reason, or nobody: no start."""
    path = tmp_path / "passwords"
    path.write_text(text, "utf-8")
    with pytest.raises(MlflowException):
        read_hashes(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message holds the system's reason."""
    with pytest.raises(MlflowException, match="cannot be read"):
        read_hashes(tmp_path / "none")
