"""The same programs in the same places get the same tags from upstream and from us."""

from typing import Any

from tests.parity.upstream import our_python, run_script, upstream_python

SCRIPT = r'''
import json, os, pathlib, subprocess, sys

PROGRAM = """
import json, sys
if len(sys.argv) > 1 and sys.argv[1].startswith("argv0="):
    sys.argv = [sys.argv[1][6:]]
from mlflow.tracking.context.registry import resolve_tags
print("TAGS " + json.dumps(resolve_tags({"given": "x", **json.loads(GIVEN)})))
"""

def git(root, *arguments):
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)

def tags(command, cwd, **environment):
    env = {**os.environ, "GIT_PYTHON_REFRESH": "quiet", **environment}
    done = subprocess.run([sys.executable, *command], cwd=cwd, env=env, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL)
    line = [line for line in done.stdout.splitlines() if line.startswith("TAGS ")]
    return json.loads(line[0][5:]) if line else done.stderr

def main(payload):
    here = pathlib.Path(payload["folder"])
    root = here / "repo"
    (root / "package").mkdir(parents=True)
    program = PROGRAM.replace("GIVEN", repr(json.dumps(payload["given"])))
    for path in (root / "t.py", root / "package" / "t.py", root / "ignored.py", here / "t.py"):
        path.write_text(program)
    (root / "package" / "__init__.py").write_text("")
    (root / ".gitignore").write_text("ignored.py\nscratch/\n")
    git(root, "init", "-q", "-b", "dev", ".")
    git(root, "config", "user.name", "n"); git(root, "config", "user.email", "e@example.com")
    answer = {"before the first commit": tags(["t.py"], root)}
    git(root, "add", "."); git(root, "commit", "-q", "-m", "x", "--date", "2020-01-01T00:00:00Z")
    answer["file"] = tags(["t.py"], root)
    answer["file in a folder"] = tags(["package/t.py"], root)
    answer["module"] = tags(["-m", "package.t"], root)
    answer["absolute"] = tags([str(root / "t.py")], "/")
    answer["from above"] = tags(["repo/t.py"], here)
    answer["outside"] = tags(["t.py"], here)
    answer["ignored"] = tags(["ignored.py"], root)
    (root / "scratch").mkdir()
    (root / "scratch" / "t.py").write_text(program)
    answer["ignored folder"] = tags(["scratch/t.py"], root)
    answer["command"] = tags(["-c", program], root)
    answer["no name"] = tags(["t.py", "argv0="], root)
    answer["other name"] = tags(["t.py", "argv0=package/t.py"], root)
    answer["user"] = tags(["t.py"], root, LOGNAME="ada", USER="grace")
    answer["launcher"] = tags(["t.py"], root, MLFLOW_RUN_CONTEXT=json.dumps(payload["launcher"]))
    answer["bad launcher"] = tags(["t.py"], root, MLFLOW_RUN_CONTEXT="nonsense")
    for url in payload["urls"]:
        git(root, "remote", "add", "one", url); git(root, "remote", "add", "another", "/else")
        answer["remote " + url] = tags(["t.py"], root)
        git(root, "remote", "remove", "one"); git(root, "remote", "remove", "another")
    git(root, "checkout", "-q", "--detach")
    answer["detached"] = tags(["t.py"], root)
    git(root, "worktree", "add", "-q", "-b", "side", str(here / "side"))
    answer["worktree"] = tags(["side/t.py"], here)
    return answer
'''

PAYLOAD: dict[str, Any] = {
    "given": {"mlflow.source.type": "MINE", "n": 1},
    "launcher": {"mlflow.source.name": "job", "k": 1, "mlflow.user": "scheduler"},
    "urls": [
        "https://user:token@example.com/x/y.git",
        "https://token@example.com",
        "git@github.com:a/b.git",
        "ssh://git@host:22/a/b.git",
        "HTTPS://u:p@h/x",
        "http://u:p@h:80/x?tok=1#f",
        "https://u:p@[::1]:8/x",
        "/some/path",
    ],
}


def _normal(answer: dict[str, Any], folder: str) -> dict[str, Any]:
    """Put the same names for what differs between two folders."""

    def value(text: object) -> object:
        shown = str(text).replace(folder, "FOLDER")
        return "COMMIT" if len(shown) == 40 and " " not in shown else shown

    return {
        case: tags if isinstance(tags, str) else {key: value(text) for key, text in tags.items()}
        for case, tags in answer.items()
    }


def test_tags_are_upstreams(tmp_path_factory: Any) -> None:
    """Every case gives the same keys and values in the same order."""
    answers = []
    for name, python in (("upstream", upstream_python()), ("ours", our_python())):
        folder = str(tmp_path_factory.mktemp(name))
        answer = run_script(python, SCRIPT, {**PAYLOAD, "folder": folder})
        answers.append(_normal(answer, folder))
    assert not any(isinstance(tags, str) for tags in answers[0].values()), answers[0]
    assert answers[1] == answers[0]
    assert [list(tags) for tags in answers[1].values()] == [
        list(tags) for tags in answers[0].values()
    ]
