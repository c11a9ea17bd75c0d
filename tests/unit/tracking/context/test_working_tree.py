"""The patch of uncommitted changes, judged by git itself."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mlflow.tracking.context.working_tree import WorkingTreeDiff, is_secret, read_diff

Git = Callable[..., str]


def _read(root: Path, **changes: object) -> WorkingTreeDiff:
    options = {"has_commit": True, "seconds": 20.0, "limit": 1_000_000, **changes}
    return read_diff(root, **options)  # type: ignore[arg-type]  # a table of keyword arguments


def _apply(repository: Path, patch: bytes, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "-q", str(repository), str(copy)], check=True)
    subprocess.run(["git", "-C", str(copy), "apply", "-"], input=patch, check=True)
    return copy


def _files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


def test_patch_makes_the_same_tree(repository: Path, git: Git, tmp_path: Path) -> None:
    """A fresh clone with the patch applied holds what the working tree held."""
    (repository / "gone.py").write_text("x = 1\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "second")
    (repository / "gone.py").unlink()
    (repository / "train.py").write_text("print('two')\n", encoding="utf-8")
    folder = repository / "a folder"
    folder.mkdir()
    for name, content in {
        "plain.txt": b"one\ntwo\n",
        "empty.txt": b"",
        "open end.txt": b"no newline",
        'quo"te.txt': b"q\n",
        "tab\tname.txt": b"t\n",
        "caf\u00e9 \U0001f600.txt": "gr\u00fc\u00df\n".encode(),
        "blank.txt": b"\n",
        "carriage.txt": b"a\r\nb\r\n",
    }.items():
        (folder / name).write_bytes(content)
    script = repository / "run.sh"
    script.write_bytes(b"#!/bin/sh\n")
    script.chmod(0o755)
    (repository / "staged.py").write_text("y = 2\n", encoding="utf-8")
    git("add", "staged.py")

    found = _read(repository)
    copy = _apply(repository, found.patch, tmp_path)

    assert _files(copy) == _files(repository)
    assert os.access(copy / "run.sh", os.X_OK)
    assert found.left_out == ()
    assert found.complete


def test_clean_tree_has_no_patch(repository: Path) -> None:
    """Nothing is changed, so nothing is written."""
    assert _read(repository) == WorkingTreeDiff(b"", (), True)


SECRETS = (
    ".env",
    ".env.production",
    "prod.env",
    "deep/er/.ENV",
    "server.pem",
    "id_rsa",
    "id_rsa.pub",
    "id_ed25519",
    "tls.key",
    "credentials",
    "credentials.json",
    "aws_credentials.csv",
    ".netrc",
    "store.p12",
    "secrets.yaml",
    "secrets/plain.txt",
    ".aws/config",
    "my_secrets.toml",
    "terraform.tfstate",
)


@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "untracked"])
def test_secrets_stay_where_they_are(repository: Path, git: Git, tracked: bool) -> None:
    """Files named like secrets are in no patch, under version control or not."""
    for name in SECRETS:
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before\n", encoding="utf-8")
    if tracked:
        git("add", "-f", ".")
        git("commit", "-q", "-m", "secrets, alas")
        for name in SECRETS:
            (repository / name).write_text("CANARY\n", encoding="utf-8")
    (repository / "train.py").write_text("print('changed')\n", encoding="utf-8")

    found = _read(repository)

    assert b"changed" in found.patch
    assert b"CANARY" not in found.patch
    assert b"before" not in found.patch
    assert not any(os.path.basename(name).encode() in found.patch for name in SECRETS)  # noqa: PTH119


@pytest.mark.parametrize(
    "name", ["train.py", "keyboard.py", "environment.yml", "tokenizer.json", "secretary.txt"]
)
def test_ordinary_names_are_no_secrets(name: str) -> None:
    """Names that only resemble those of secrets are kept."""
    assert not is_secret(name)


def test_ignored_files_and_binary_files_are_left_out(repository: Path, git: Git) -> None:
    """What .gitignore names and what is no text is in no patch; the latter is named."""
    (repository / "weights.bin").write_bytes(b"\0\1\2")
    git("add", ".")
    git("commit", "-q", "-m", "binary")
    (repository / "weights.bin").write_bytes(b"\0\1\3")
    (repository / ".gitignore").write_text("ignored/\n", encoding="utf-8")
    (repository / "ignored").mkdir()
    (repository / "ignored" / "data.csv").write_text("IGNORED\n", encoding="utf-8")
    (repository / "new.bin").write_bytes(b"\xff\xfe\0")

    found = _read(repository)

    assert b"IGNORED" not in found.patch
    assert b"weights.bin" not in found.patch
    assert b"new.bin" not in found.patch
    assert set(found.left_out) == {"weights.bin", "new.bin"}


def test_environments_and_installed_packages_are_no_source(repository: Path) -> None:
    """A virtual environment by any name, node_modules and caches are left out; sources are not."""
    for name in (
        "ve/pyvenv.cfg",
        "ve/bin/activate",
        "ve/lib/python3.11/site-packages/x.py",
        "web/node_modules/y/index.js",
        "mlruns/0/meta.txt",
        "src/new.py",
    ):
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text\n")
    patch = _read(repository).patch
    assert b"src/new.py" in patch
    assert patch.count(b"diff --git") == 1


def test_links_are_not_followed(repository: Path, tmp_path: Path) -> None:
    """A link does not bring a file from elsewhere into the patch."""
    outside = tmp_path / "outside.txt"
    outside.write_text("OUTSIDE\n", encoding="utf-8")
    (repository / "link.txt").symlink_to(outside)
    assert b"OUTSIDE" not in _read(repository).patch


def test_patch_stays_within_its_limit(repository: Path, tmp_path: Path) -> None:
    """A file that does not fit is left out whole, and the rest still applies."""
    (repository / "train.py").write_text("x = 1\n" * 400, encoding="utf-8")
    (repository / "big.txt").write_text("y" * 30_000, encoding="utf-8")
    (repository / "small.txt").write_text("z\n", encoding="utf-8")

    found = _read(repository, limit=10_000)

    assert len(found.patch) <= 10_000
    assert found.left_out == ("big.txt",)
    copy = _apply(repository, found.patch, tmp_path)
    assert (copy / "small.txt").exists()


def test_no_time_gives_an_incomplete_patch(repository: Path) -> None:
    """When the time is over the patch says that it is incomplete."""
    (repository / "train.py").write_text("x\n", encoding="utf-8")
    assert not _read(repository, seconds=0.0).complete


def test_slow_git_is_stopped(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A git that hangs, with a child that holds its output open, does not hold up the caller."""
    folder = tmp_path / "bin"
    folder.mkdir()
    fake = folder / "git"
    fake.write_text("#!/bin/sh\nsleep 100 &\nwait\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    assert not _read(repository, seconds=0.2).complete


def test_repository_without_commit(tmp_path: Path) -> None:
    """Before the first commit every file is new, staged or not."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "staged.py").write_text("a\n", encoding="utf-8")
    subprocess.run(["git", "-C", str(tmp_path), "add", "."], check=True)
    (tmp_path / "loose.py").write_text("b\n", encoding="utf-8")
    patch = _read(tmp_path, has_commit=False).patch
    assert b"b/staged.py" in patch
    assert b"b/loose.py" in patch


def test_configured_diff_program_is_not_run(repository: Path, git: Git, tmp_path: Path) -> None:
    """A repository's own diff program and text conversion are not run by a capture."""
    marker = tmp_path / "marker"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {marker}\n", encoding="utf-8")
    program.chmod(0o755)
    git("config", "diff.external", str(program))
    git("config", "diff.odd.textconv", str(program))
    git("config", "core.fsmonitor", str(program))
    (repository / ".gitattributes").write_text("*.py diff=odd\n", encoding="utf-8")
    (repository / "train.py").write_text("print('changed')\n", encoding="utf-8")
    assert b"changed" in _read(repository).patch
    assert not marker.exists()
