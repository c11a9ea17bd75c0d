"""The uncommitted changes of a repository as one patch that ``git apply`` takes.

Secrets stay where they are: files that are named like keys, credentials or environment files are
left out whether or not they are under version control, and so is what ``.gitignore`` names.
"""

import fnmatch
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Final

from mlflow._core.clock import monotonic
from mlflow.tracking.context.git import GitOutputLimitError, GitTimeoutError, run_git

# Compared with each part of a path, in lower case.
SECRET_PATTERNS: Final = (
    ".env*",
    "*.env",
    ".envrc",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.ppk",
    "*.asc",
    "*.gpg",
    "*.ovpn",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "*credential*",
    "secret.*",
    "secrets.*",
    "secrets",
    "*_secret.*",
    "*_secrets.*",
    "*.secret",
    "*.secrets",
    "token.*",
    "*.token",
    "service_account*.json",
    "service-account*.json",
    "client_secret*.json",
    "kubeconfig*",
    "*.tfvars",
    "*.tfstate*",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".my.cnf",
    ".pypirc",
    ".npmrc",
    ".git-credentials",
    ".dockercfg",
    ".htpasswd",
    ".boto",
    ".s3cfg",
    ".aws",
    ".ssh",
    ".gnupg",
    ".kube",
    ".databrickscfg",
)
# Installed or generated, never written by hand; few repositories ignore all of these.
_GENERATED_FOLDERS: Final = frozenset({"__pycache__", "mlruns", "node_modules", "site-packages"})
_ENVIRONMENT_MARK: Final = "pyvenv.cfg"
_EXCLUDED: Final = tuple(
    f":(top,exclude,icase,glob)**/{pattern}{below}"
    for pattern in SECRET_PATTERNS
    for below in ("", "/**")
)
_SECRET: Final = re.compile("|".join(fnmatch.translate(pattern) for pattern in SECRET_PATTERNS))
_SECTION: Final = re.compile(rb"^diff --git ", re.MULTILINE)
_BINARY: Final = re.compile(rb"^Binary files .* differ$", re.MULTILINE)
_QUOTED: Final = re.compile(rb'[\x00-\x1f"\\\x7f]')
_ESCAPES: Final = {
    b"\n": b"\\n",
    b"\t": b"\\t",
    b"\r": b"\\r",
    b'"': b'\\"',
    b"\\": b"\\\\",
}
_MAX_LISTED: Final = 100  # names that a capture says it left out
_LISTING_LIMIT: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class WorkingTreeDiff:
    """Uncommitted changes.

    Attributes:
        patch: Changes to files under version control, then new files; whole files only.
        left_out: Files that did not fit, or were binary; at most a hundred. Those that are left out
            as secrets are not named.
        complete: False when time or room ran out before every file was looked at.
    """

    patch: bytes
    left_out: tuple[str, ...]
    complete: bool


def is_secret(path: str) -> bool:
    """Return whether a file is named like one that holds secrets.

    Args:
        path: Below the repository's root, with forward slashes.
    """
    return any(_SECRET.match(part) for part in PurePosixPath(path.lower()).parts)


class _Patch:
    """A patch that grows by whole files up to its limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self.left_out: list[str] = []
        self.complete = True

    def room(self) -> int:
        return self._limit - self._size

    def add(self, name: str, section: bytes) -> None:
        if len(section) > self.room():
            self.leave_out(name)
            return
        self._parts.append(section)
        self._size += len(section)

    def leave_out(self, name: str) -> None:
        if len(self.left_out) < _MAX_LISTED:
            self.left_out.append(name)

    def freeze(self) -> WorkingTreeDiff:
        return WorkingTreeDiff(b"".join(self._parts), tuple(self.left_out), self.complete)


def read_diff(root: Path, *, has_commit: bool, seconds: float, limit: int) -> WorkingTreeDiff:
    """Return what is changed in a working tree since its commit.

    Args:
        root: Top folder of the working tree.
        has_commit: Whether there is a commit; every file is new otherwise.
        seconds: How long it may take.
        limit: Most bytes of the patch.
    """
    deadline = monotonic() + seconds
    patch = _Patch(limit)
    try:
        if has_commit:
            _add_tracked(patch, root, deadline)
        _add_untracked(patch, root, deadline, staged=not has_commit)
    except GitTimeoutError:
        patch.complete = False
    return patch.freeze()


def _add_tracked(patch: _Patch, root: Path, deadline: float) -> None:
    command = ["diff", "HEAD", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames"]
    command += ["--ignore-submodules=dirty", "--src-prefix=a/", "--dst-prefix=b/"]
    output = b""
    try:
        output = (
            run_git(
                root,
                [*command, "--", ":(top)", *_EXCLUDED],
                seconds=deadline - monotonic(),
                limit=8 * patch.room(),
            )
            or b""
        )
    except GitOutputLimitError:
        patch.complete = False
    starts = [match.start() for match in _SECTION.finditer(output)]
    for start, end in pairwise([*starts, len(output)]):
        section = output[start:end]
        name = os.fsdecode(section[len(b"diff --git a/") : section.index(b"\n")].split(b" b/")[0])
        if _BINARY.search(section, 0, 4096):
            patch.leave_out(name)
        else:
            patch.add(name, section)


def _add_untracked(patch: _Patch, root: Path, deadline: float, *, staged: bool) -> None:
    command = ["ls-files", "-z", "--others", "--exclude-standard"]
    if staged:
        command.append("--cached")
    try:
        listing = run_git(
            root,
            [*command, "--", ":(top)", *_EXCLUDED],
            seconds=deadline - monotonic(),
            limit=_LISTING_LIMIT,
        )
    except GitOutputLimitError:
        patch.complete = False
        return
    names = [n for n in _names(listing or b"") if _GENERATED_FOLDERS.isdisjoint(n.split("/"))]
    environments = tuple(
        name.removesuffix(_ENVIRONMENT_MARK)
        for name in names
        if name.endswith(f"/{_ENVIRONMENT_MARK}")
    )
    for name in names:
        if monotonic() > deadline:
            patch.complete = False
            return
        if is_secret(name) or name.startswith(environments):
            continue
        section = _new_file(root / name, name, patch.room())
        if section is None:
            patch.leave_out(name)
        else:
            patch.add(name, section)


def _names(listing: bytes) -> Iterator[str]:
    """Yield the paths of a listing; a nested repository ends with a slash and is none."""
    for raw in listing.split(b"\0"):
        if raw and not raw.endswith(b"/"):
            yield os.fsdecode(raw)


def _new_file(path: Path, name: str, limit: int) -> bytes | None:
    """Return the section of a patch that makes a text file; None for anything else."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            return None
        content = file.read(limit + 1)
    if len(content) > limit or not _is_text(content):
        return None
    mode = b"100755" if status.st_mode & stat.S_IXUSR else b"100644"
    old, new = _quote(b"a/" + os.fsencode(name)), _quote(b"b/" + os.fsencode(name))
    head = b"diff --git %b %b\nnew file mode %b\n" % (old, new, mode)
    if not content:
        return head + b"index 0000000..e69de29\n"
    ends_open = not content.endswith(b"\n")
    lines = content[: None if ends_open else -1].split(b"\n")
    count = b"1" if len(lines) == 1 else b"1,%d" % len(lines)
    # A tab ends a name that holds a space, as git writes it.
    tab = b"\t" if b" " in new else b""
    body = b"".join(b"+" + line + b"\n" for line in lines)
    tail = b"\\ No newline at end of file\n" if ends_open else b""
    return head + b"--- /dev/null\n+++ %b%b\n@@ -0,0 +%b @@\n" % (new, tab, count) + body + tail


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _quote(name: bytes) -> bytes:
    """Return a name as patches have it: in quotes with escapes where it needs them."""
    if not _QUOTED.search(name):
        return name
    escaped = _QUOTED.sub(lambda found: _ESCAPES.get(found[0]) or b"\\%03o" % found[0][0], name)
    return b'"%b"' % escaped
