"""The commands on a real store."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mlflow.cli.gc import parse_age
from mlflow.cli.output import duration_text, printable, size_text, table_text
from mlflow.exceptions import MlflowException
from mlflow.store.entities.console import ConsoleChunk
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.stores import _get_store, get_tracking_uri

Invoke = Callable[..., Result]


def test_life_of_an_experiment(invoke: Invoke) -> None:
    """Create, find, rename, delete, restore: each says what it did, in upstream's words."""
    assert invoke("experiments", "create", "-n", "a").stdout == (
        "Created experiment 'a' with id 1\n"
    )
    assert "already exists" in invoke("experiments", "create", "-n", "a", code=1).stderr
    assert invoke("experiments", "rename", "-x", "1", "--new-name", "b").stdout == (
        "Experiment with id 1 has been renamed to 'b'.\n"
    )
    assert invoke("experiments", "delete", "-x", "1").stdout == (
        "Experiment with ID 1 has been deleted.\n"
    )
    deleted = invoke("experiments", "search", "--view", "deleted_only").stdout
    assert [line.split()[:2] for line in deleted.splitlines()[2:]] == [["1", "b"]]
    assert invoke("experiments", "restore", "-x", "1").stdout == (
        "Experiment with id 1 has been restored.\n"
    )
    found = json.loads(invoke("experiments", "search", "--output", "json").stdout)
    assert [one["name"] for one in found] == ["b", "Default"]
    assert invoke("experiments", "search", "--max-results", "1").stdout.count("\n") == 3


def test_get_experiment(invoke: Invoke) -> None:
    """An experiment is shown by id or by name, exactly one of them."""
    invoke("experiments", "create", "-n", "a", "-l", "/tmp/elsewhere")  # noqa: S108 - never used
    text = invoke("experiments", "get", "-x", "1").stdout
    assert "Name              : a\n" in text
    shown = json.loads(invoke("experiments", "get", "-n", "a", "--output", "json").stdout)
    assert shown["experiment_id"] == "1"
    assert shown["artifact_location"] == "/tmp/elsewhere"  # noqa: S108 - never used
    assert shown["lifecycle_stage"] == "active"
    assert "exactly one of" in invoke("experiments", "get", code=2).stderr
    assert "exactly one of" in invoke("experiments", "get", "-x", "1", "-n", "a", code=2).stderr
    assert "mlflow experiments search" in invoke("experiments", "get", "-n", "c", code=1).stderr


def test_bad_view_is_refused(invoke: Invoke) -> None:
    """A view that is none is refused with the names of those that are."""
    stderr = invoke("experiments", "search", "--view", "some", code=1).stderr
    assert "active_only, deleted_only, all" in stderr


def test_csv_has_a_row_a_run(invoke: Invoke, client: MlflowClient, run_id: str) -> None:
    """Every field of every run is in the table, byte for byte."""
    other = client.create_run("1").info.run_id
    client.set_tag(other, "note", 'comma, "quote"\nline')
    text = invoke("experiments", "csv", "-x", "1").stdout
    rows = {row["run_id"]: row for row in csv.DictReader(io.StringIO(text.rstrip("\n") + "\n"))}
    assert rows[run_id]["metrics.loss"] == str(1 / 3)
    assert rows[run_id]["params.lr"] == "0.1"
    assert rows[run_id]["tags.team"] == "vision"
    assert rows[run_id]["start_time"] == "2023-11-14 22:13:20.123+00:00"
    assert rows[other]["tags.note"] == 'comma, "quote"\nline'
    assert rows[other]["metrics.loss"] == ""
    assert rows[other]["end_time"] == ""
    invoke("experiments", "csv", "-x", "1", "-o", "out.csv")
    assert Path("out.csv").read_text(encoding="utf-8") == text[:-1]
    assert invoke("experiments", "csv", "-x", "77", code=1).stdout == ""


def test_runs_are_listed(invoke: Invoke, run_id: str) -> None:
    """The default table is upstream's; names, filters, orders and columns are ours."""
    lines = invoke("runs", "list", "--experiment-id", "1").stdout.splitlines()
    assert lines[0].split() == ["Date", "Name", "ID"]
    assert lines[2] == f"2023-11-14 22:13:20 UTC  first run  {run_id}"
    chosen = invoke(
        "runs",
        "list",
        "--experiment-name",
        "iris",
        "--columns",
        "status,duration,metrics.loss,metrics.odd,params.lr,tags.team,metrics.none",
        "--filter",
        "metrics.loss < 0.5",
        "--order-by",
        "metrics.loss ASC",
        "--max-results",
        "5",
    ).stdout.splitlines()
    assert chosen[2].split() == ["FINISHED", "1.1", "min", "0.333333", "NaN", "0.1", "vision"]
    shown = json.loads(
        invoke("runs", "list", "--experiment-name", "iris", "--output", "json").stdout
    )
    assert shown[0]["info"]["run_id"] == run_id
    assert shown[0]["data"]["metrics"]["odd"] == "NaN"


def test_runs_list_needs_an_experiment(
    invoke: Invoke, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither id nor name is an error that names both; the variable will do, a name wins."""
    stderr = invoke("runs", "list", code=2).stderr
    assert "--experiment-id" in stderr
    assert "--experiment-name" in stderr
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "1")
    assert run_id in invoke("runs", "list").stdout
    assert run_id not in invoke("runs", "list", "--experiment-name", "Default").stdout


@pytest.mark.parametrize("columns", ["nonsense", "metrics.", "info.run_id"])
def test_bad_columns_are_refused(invoke: Invoke, run_id: str, columns: str) -> None:
    """A column that is none is refused with the list of those that are."""
    stderr = invoke("runs", "list", "--experiment-id", "1", "--columns", columns, code=1).stderr
    assert f"no column {columns!r}" in stderr


def test_bad_filter_is_told(invoke: Invoke, run_id: str) -> None:
    """A filter that cannot be read is an error in words."""
    stderr = invoke("runs", "list", "--experiment-id", "1", "--filter", "loss <", code=1).stderr
    assert stderr.startswith("Error: ")


def test_run_is_described(invoke: Invoke, run_id: str) -> None:
    """For people a page with all sections; for programs the recorded JSON, the default there."""
    page = invoke("runs", "describe", "--run-id", run_id, "--output", "table").stdout
    for text in ("first run", "FINISHED", "1.1 min", "lr", "loss", "0.333333", "team"):
        assert text in page
    described = json.loads(invoke("runs", "describe", "--run-id", run_id).stdout)
    assert described["info"]["run_name"] == "first run"
    assert described["data"]["params"] == {"lr": "0.1"}
    assert set(described) == {"info", "data", "inputs", "outputs"}
    assert "nope" in invoke("runs", "describe", "--run-id", "nope", code=1).stderr


def test_a_silent_run_is_described_as_stale(invoke: Invoke) -> None:
    """A run whose client has not been heard of for a minute is still RUNNING, and stale."""
    store = SqlAlchemyStore(get_tracking_uri(), None)
    run_id = store.create_run("0", "u", 1, [], None).info.run_id
    store.record_heartbeat([run_id])
    page = invoke("runs", "describe", "--run-id", run_id, "--output", "table").stdout
    assert "Last heartbeat" in page
    assert "stale" not in page
    back = "UPDATE hr_runs SET last_heartbeat = last_heartbeat - 61000"
    store._database.write(lambda session: session.run(back))
    page = invoke("runs", "describe", "--run-id", run_id, "--output", "table").stdout
    assert "RUNNING, stale since 20" in page


def test_a_console_is_printed(invoke: Invoke, run_id: str) -> None:
    """Both streams go where they belong, each in its order; a text finds its parts."""
    assert invoke("runs", "console", "--run-id", run_id).stdout == ""
    store = SqlAlchemyStore(get_tracking_uri(), None)
    store.log_console(run_id, [ConsoleChunk("stdout", 2, 7, "two\n")])
    store.log_console(run_id, [ConsoleChunk("stdout", 1, 5, "one\n")])
    store.log_console(run_id, [ConsoleChunk("stderr", 1, 6, "careful\n")])
    printed = invoke("runs", "console", "--run-id", run_id)
    assert (printed.stdout, printed.stderr) == ("one\ntwo\n", "careful\n")
    assert invoke("runs", "console", "--run-id", run_id, "--contains", "tw").stdout == "two\n"


def test_documents_are_listed_and_printed(invoke: Invoke, run_id: str) -> None:
    """The documents of a run come out as they went in."""
    assert "No documents" in invoke("runs", "documents", "--run-id", run_id).stderr
    _get_store().log_run_document(run_id, "git.diff", b"--- a\n+++ b\n\xff", "text/x-diff")
    assert "git.diff" in invoke("runs", "documents", "--run-id", run_id).stdout
    listed = json.loads(invoke("runs", "documents", "--run-id", run_id, "--output", "json").stdout)
    assert listed == [{"name": "git.diff", "content_type": "text/x-diff", "size": 13}]
    printed = invoke("runs", "documents", "--run-id", run_id, "--name", "git.diff")
    assert printed.stdout_bytes == b"--- a\n+++ b\n\xff"
    page = invoke("runs", "describe", "--run-id", run_id, "--output", "table").stdout
    assert "git.diff" in page


def test_run_is_deleted_and_restored(invoke: Invoke, run_id: str) -> None:
    """A deleted run is listed only where deleted ones are asked for."""
    assert invoke("runs", "delete", "--run-id", run_id).stdout == (
        f"Run with ID {run_id} has been deleted.\n"
    )
    assert run_id not in invoke("runs", "list", "--experiment-id", "1").stdout
    assert run_id in invoke("runs", "list", "--experiment-id", "1", "-v", "all").stdout
    assert invoke("runs", "restore", "--run-id", run_id).stdout == (
        f"Run with id {run_id} has been restored.\n"
    )
    assert run_id in invoke("runs", "list", "--experiment-id", "1").stdout


def test_run_is_created(invoke: Invoke, client: MlflowClient) -> None:
    """A run is made and ended; its tags hold the context, the description and the parent."""
    parent = json.loads(invoke("runs", "create", "--experiment-name", "new").stdout)
    made = json.loads(
        invoke(
            "runs",
            "create",
            "--experiment-id",
            parent["experiment_id"],
            "--run-name",
            "child",
            "--description",
            "what it is",
            "--tags",
            "a=b=c",
            "-t",
            "d=",
            "--status",
            "FAILED",
            "--parent-run-id",
            parent["run_id"],
        ).stdout
    )
    assert made["status"] == "FAILED"
    assert made["run_name"] == "child"
    run = client.get_run(made["run_id"])
    assert run.info.status == "FAILED"
    assert run.info.end_time is not None
    assert run.info.user_id == run.data.tags["mlflow.user"]
    assert run.data.tags["a"] == "b=c"
    assert run.data.tags["d"] == ""
    assert run.data.tags["mlflow.note.content"] == "what it is"
    assert run.data.tags["mlflow.parentRunId"] == parent["run_id"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ((), 2, "exactly one of"),
        (("--experiment-id", "0", "--experiment-name", "a"), 2, "exactly one of"),
        (("--experiment-id", "0", "-t", "bad"), 2, "Invalid tag format: 'bad'"),
        (("--experiment-id", "0", "-t", "=x"), 2, "Invalid tag format: '=x'"),
        (("--experiment-id", "0", "--parent-run-id", "zz"), 1, "zz"),
        (("--experiment-id", "77"), 1, "77"),
        (("--experiment-id", "0", "--status", "RUNNING"), 2, "RUNNING"),
    ],
)
def test_bad_runs_are_not_created(
    invoke: Invoke, client: MlflowClient, arguments: tuple[str, ...], code: int, text: str
) -> None:
    """What is wrong is said, and no run is left behind."""
    assert text in invoke("runs", "create", *arguments, code=code).stderr
    assert client.search_runs(["0"]) == []


def test_artifacts_travel(invoke: Invoke, run_id: str, tmp_path: Path) -> None:
    """Files are listed, downloaded and uploaded."""
    listed = json.loads(invoke("artifacts", "list", "-r", run_id).stdout)
    assert listed == [
        {"path": "notes", "is_dir": True},
        {"path": "top.txt", "is_dir": False, "file_size": 3},
    ]
    table = invoke("artifacts", "list", "-r", run_id, "-a", "notes", "--output", "table").stdout
    assert table.splitlines()[2] == "notes/hello.txt  5 B"

    target = str(tmp_path / "down")
    where = invoke("artifacts", "download", "-r", run_id, "-d", target).stdout.strip()
    assert (Path(where) / "notes" / "hello.txt").read_text(encoding="utf-8") == "hello"
    uri = f"runs:/{run_id}/top.txt"
    where = invoke("artifacts", "download", "-u", uri, "-d", target).stdout.strip()
    assert Path(where).read_text(encoding="utf-8") == "top"

    folder = tmp_path / "up"
    folder.mkdir()
    (folder / "1").write_text("one", encoding="utf-8")
    invoke("artifacts", "log-artifact", "-r", run_id, "-l", str(folder / "1"), "-a", "in")
    invoke("artifacts", "log-artifacts", "-r", run_id, "-l", str(folder))
    paths = [one["path"] for one in json.loads(invoke("artifacts", "list", "-r", run_id).stdout)]
    assert paths == ["1", "in", "notes", "top.txt"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("download",), 2, "exactly one of --run-id and --artifact-uri"),
        (("download", "-r", "a", "-u", "b"), 2, "exactly one of --run-id and --artifact-uri"),
        (("download", "-u", "runs:/a", "-a", "b"), 2, "--artifact-path goes with --run-id"),
        (("download", "-r", "RUN", "-a", "absent"), 1, "absent"),
        (("download", "-r", "RUN", "-a", "../../x"), 1, "Invalid artifact path"),
        (("list", "-r", "nope"), 1, "nope"),
        (("log-artifact", "-r", "RUN", "-l", "absent"), 1, "no file 'absent'"),
        (("log-artifacts", "-r", "RUN", "-l", "absent"), 1, "no folder 'absent'"),
    ],
)
def test_bad_artifact_commands(
    invoke: Invoke, run_id: str, arguments: tuple[str, ...], code: int, text: str
) -> None:
    """What is wrong is said in words."""
    given = [run_id if one == "RUN" else one for one in arguments]
    assert text in invoke("artifacts", *given, code=code).stderr


def test_garbage_is_collected(invoke: Invoke, client: MlflowClient, run_id: str) -> None:
    """What is deleted goes for good with its files; what is not stays."""
    kept = client.create_run("1").info.run_id
    folder = Path(str(client.get_run(run_id).info.artifact_uri).removeprefix("file://"))
    assert folder.is_dir()
    assert invoke("gc").stdout == ""
    client.delete_run(run_id)
    assert invoke("gc", "--older-than", "1d").stdout == ""
    assert invoke("gc").stdout == f"Run with ID {run_id} has been permanently deleted.\n"
    assert not folder.exists()
    assert "not found" in invoke("runs", "describe", "--run-id", run_id, code=1).stderr
    client.delete_experiment("1")
    out = invoke("gc", "--experiment-ids", "1").stdout
    assert out.endswith("Experiment with ID 1 has been permanently deleted.\n")
    invoke("runs", "describe", "--run-id", kept, code=1)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--older-than", "bad"), "8h"),
        (("--run-ids", "nope"), "nope"),
        (("--run-ids", "RUN"), "RUN"),
        (("--run-ids", "RUN", "--older-than", "1s"), "Nothing was removed"),
        (("--experiment-ids", "1"), "1"),
    ],
)
def test_garbage_that_is_none(
    invoke: Invoke, run_id: str, arguments: tuple[str, ...], text: str
) -> None:
    """What is not deleted, or does not exist, is not removed."""
    given = [run_id if one == "RUN" else one for one in arguments]
    stderr = invoke("gc", *given, code=1).stderr
    assert (run_id if text == "RUN" else text) in stderr
    assert run_id in invoke("runs", "list", "--experiment-id", "1").stdout


@pytest.mark.parametrize("option", ["--jobs", "--all-workspaces"])
def test_unbuilt_garbage_is_refused(invoke: Invoke, option: str) -> None:
    """A recorded option that does nothing yet is refused, not ignored."""
    assert "COMPATIBILITY.md" in invoke("gc", option, code=2).stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8h", 28_800_000),
        ("2d8h5m20s", 2 * 86_400_000 + 8 * 3_600_000 + 5 * 60_000 + 20_000),
        ("2m4s", 124_000),
        ("0.5s", 500),
    ],
)
def test_ages(text: str, expected: int) -> None:
    """Days, hours, minutes and seconds add up."""
    assert parse_age(text) == expected


@pytest.mark.parametrize("text", ["", "8", "h8", "4s2m", "1w", "-1d"])
def test_bad_ages(text: str) -> None:
    """What is no duration is refused with examples."""
    with pytest.raises(MlflowException, match="2d8h5m20s"):
        parse_age(text)


def test_database_is_upgraded(invoke: Invoke, store_uri: str) -> None:
    """A dry run prints SQL; an upgrade makes the schema once; what is there stays."""
    folder = Path(store_uri.removeprefix("sqlite:///")).parent
    before = sorted(folder.iterdir())
    planned = invoke("db", "upgrade", store_uri, "--dry-run")
    assert "hr_runs (" in planned.stdout
    assert "Nothing was changed" in planned.stderr
    missing = f"sqlite:///{folder}/not/there.db"
    assert invoke("db", "upgrade", missing, "--dry-run").stdout == planned.stdout
    assert sorted(folder.iterdir()) == before
    assert "had no schema, and has" in invoke("db", "upgrade", store_uri).stdout
    invoke("experiments", "create", "-n", "a")
    assert "nothing to do" in invoke("db", "upgrade", store_uri).stdout
    assert "a" in invoke("experiments", "search").stdout
    assert "No database is supported" in invoke("db", "upgrade", "foo://x", code=1).stderr


def test_cells_cannot_control_the_terminal() -> None:
    """Control characters in names are shown as such, on one line."""
    assert printable("a\x1b[2Jb\nc\td\x07") == "a\ufffd[2Jb\u23cec d\ufffd"


def test_tables_line_up() -> None:
    """Columns are as wide as their widest cell on a terminal, wide letters counted twice."""
    text = table_text(("a", "b"), [("\u65e5\u672c", 1), (None, "x")])
    assert text.splitlines() == ["a     b", "----  -", "\u65e5\u672c  1", "      x"]


@pytest.mark.parametrize(
    ("value", "text"), [(5, "5 ms"), (1500, "1.5 s"), (90_000, "1.5 min"), (None, ""), (-3, "0 ms")]
)
def test_durations(value: int | None, text: str) -> None:
    """A duration is shown in the largest unit that it fills; clocks that disagree give none."""
    assert duration_text(value) == text


@pytest.mark.parametrize(("value", "text"), [(5, "5 B"), (1536, "1.5 kB"), (None, "")])
def test_sizes(value: int | None, text: str) -> None:
    """A size is shown in the largest unit that it fills."""
    assert size_text(value) == text
