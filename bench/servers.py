"""Run the workloads against tracking servers: ours, upstream's and FastTrackML's.

    python bench/servers.py --upstream ../upstream/bin/python --fasttrackml ../fml/bin/fml

Each server runs on loopback over a fresh SQLite database. Upstream is measured as shipped and with
one worker, each with its own client; FastTrackML with upstream's client. A round runs a workload
against every server in turn, so that all see the same machine; the figure is the median of the
rounds. Before the first round every server gets the time to settle.
"""

import argparse
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SETTLE_SECONDS = 30.0
READY_SECONDS = 180.0
# name -> (arguments, the fewer of them for servers that need seconds for a few, rounds)
WORKLOADS: dict[str, tuple[list[str], list[str], int]] = {
    "log_metric_sync": (["--n", "2000"], ["--n", "200"], 3),
    "log_metric_async": (["--n", "100000"], ["--n", "500"], 3),
    "log_batch_1000": (["--n", "30"], ["--n", "5"], 3),
    "metric_history": (["--n", "20000"], ["--n", "20000"], 3),
    "create_runs": (["--n", "300"], ["--n", "40"], 3),
    "search_runs": (["--n", "2000"], ["--n", "2000"], 1),
}
# figure -> (title, unit, whether less is better, goal)
FIGURES: dict[str, tuple[str, str, bool, float | None]] = {
    "ready": ("server ready", "s", True, 0.8),
    "memory": ("resident memory, all processes", "MiB", True, 110),
    "processes": ("processes", "", True, 1),
    "log_metric_sync": ("`log_metric`, synchronous", "calls/s", False, 2_000),
    "log_metric_async_call": ("`log_metric`, asynchronous: cost of a call", "µs", True, 5),
    "log_metric_async": ("the same, drained", "points/s", False, 50_000),
    "log_batch_1000": ("`log_batch` of 1,000 points", "points/s", False, 150_000),
    "metric_history": ("metric history of 20,000 points", "points/s", False, 400_000),
    "create_runs": ("create, log, end a run", "runs/s", False, 400),
    "search_filtered": ("filtered and ordered search of 2,000 runs", "ms", True, 3),
    "search_page_ordered": ("first 100 of 2,000 by a metric", "ms", True, 8),
    "search_all_pandas": ("all 2,000 runs into pandas", "ms", True, 120),
}


@dataclass(frozen=True)
class Peer:
    """A server and the client that speaks to it.

    Attributes:
        name: In the table.
        command: Starts it; ``{port}`` and ``{folder}`` are filled in.
        client: The interpreter that runs the workloads.
        slow: Whether it gets the smaller workloads.
        settles: Whether it still works on its start after it answers.
        skips: Workloads that would take it many minutes.
    """

    name: str
    command: list[str]
    client: str
    slow: bool = False
    settles: bool = False
    skips: tuple[str, ...] = ()


def peers(options: argparse.Namespace) -> list[Peer]:
    """Return the servers to measure."""
    database = "sqlite:///{folder}/store.db"
    arguments = ["--port", "{port}", "--backend-store-uri", database]
    artifacts = ["--artifacts-destination", "{folder}/artifacts"]
    found = [
        Peer(
            "Headrace",
            [options.ours, "-m", "mlflow", "server", *arguments, *artifacts],
            options.ours,
        )
    ]
    if options.upstream:
        command = [options.upstream, "-m", "mlflow", "server", *arguments, *artifacts]
        found += [
            Peer(
                "upstream, as shipped",
                command,
                options.upstream,
                slow=True,
                settles=True,
                skips=("search_runs",),
            ),
            Peer(
                "upstream, one worker",
                [*command, "--workers", "1"],
                options.upstream,
                slow=True,
                settles=True,
            ),
        ]
    if options.fasttrackml:
        command = [options.fasttrackml, "server", "--listen-address", "127.0.0.1:{port}"]
        command += ["--database-uri", "sqlite://{folder}/fml.db"]
        found.append(Peer("FastTrackML 0.6.0", command, options.upstream, slow=True))
    return found


@contextmanager
def running(peer: Peer) -> Iterator[tuple[str, dict[str, float]]]:
    """Run a server and yield its URI and the figures of its start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    folder = tempfile.mkdtemp(prefix="servers_")
    command = [part.format(port=port, folder=folder) for part in peer.command]
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONWARNINGS": "ignore"}
    started = time.perf_counter()
    with Path(folder, "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        uri = f"http://127.0.0.1:{port}"
        wait_until_ready(uri, process)
        ready = time.perf_counter() - started
        time.sleep(SETTLE_SECONDS if peer.settles else 1.0)
        memory, count = resident(process.pid)
        yield uri, {"ready": ready, "memory": memory, "processes": count}
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def wait_until_ready(uri: str, process: "subprocess.Popen[bytes]") -> None:
    """Return when a server answers."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{uri}/health", timeout=2):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, OSError):  # noqa: PERF203 - it waits
            time.sleep(0.01)
    sys.exit(f"{process.args!r} does not answer")


def resident(session: int) -> tuple[float, float]:
    """Return the resident MiB of a session's processes, and how many they are."""
    kilobytes, count = 0, 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getsid(int(status.parent.name)) != session:
                continue
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            kilobytes += int(lines["VmRSS"].split()[0])
            count += 1
        except (OSError, KeyError):
            continue
    return kilobytes / 1024, float(count)


def measure(peer: Peer, uri: str, workload: str) -> dict[str, float]:
    """Return figure -> value of one run of a workload against a server."""
    if workload in peer.skips:
        return {}
    usual, fewer, _ = WORKLOADS[workload]
    folder = tempfile.mkdtemp(prefix="client_")
    command = [peer.client, str(HERE / "workloads.py"), workload, "--uri", uri]
    done = subprocess.run(
        [*command, *(fewer if peer.slow else usual)],
        cwd=folder,
        env={**os.environ, "TMPDIR": folder, "TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"{workload} failed against {peer.name}:\n{done.stderr[-1500:]}", file=sys.stderr)
        return {}
    found = {}
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            result = json.loads(line.removeprefix("RESULT "))
            found[result["workload"]] = result["value"]
            if "call_p50_us" in result:
                found["log_metric_async_call"] = result["call_p50_us"]
    return found


def number(value: float | None) -> str:
    """Return a figure with three significant digits."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004


def table(names: list[str], figures: dict[str, dict[str, list[float]]]) -> str:
    """Return the Markdown table."""
    lines = ["| workload | unit | " + " | ".join(names) + " | goal | met |"]
    lines.append("|---|---|" + "---:|" * len(names) + "---:|---|")
    for figure, (title, unit, lower, goal) in FIGURES.items():
        values = [
            statistics.median(figures[name][figure]) if figures[name].get(figure) else None
            for name in names
        ]
        ours = values[0]
        met = (
            "" if goal is None or ours is None else ("yes" if (ours <= goal) == lower else "**no**")
        )
        sign = "" if goal is None else ("≤ " if lower else "≥ ") + number(goal)
        shown = " | ".join(number(value) for value in values)
        lines.append(f"| {title} | {unit} | {shown} | {sign} | {met} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and write results/servers.json and results/servers.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", default=sys.executable, help="python that has headrace[models]")
    parser.add_argument("--upstream", help="python that has mlflow==3.17.2")
    parser.add_argument("--fasttrackml", help="the program fml")
    parser.add_argument("--only", action="append", help="a workload; may be given several times")
    options = parser.parse_args()
    measured = peers(options)
    figures: dict[str, dict[str, list[float]]] = {peer.name: {} for peer in measured}

    def keep(peer: Peer, found: dict[str, float]) -> None:
        for figure, value in found.items():
            figures[peer.name].setdefault(figure, []).append(value)

    with ExitStack() as stack:
        uris = {}
        for peer in measured:
            print(f"starting {peer.name}", file=sys.stderr)
            uris[peer.name], start = stack.enter_context(running(peer))
            keep(peer, start)
        for workload, (_, _, rounds) in WORKLOADS.items():
            if options.only and workload not in options.only:
                continue
            for _ in range(rounds):
                for peer in measured:
                    print(f"{workload} ({peer.name})", file=sys.stderr)
                    keep(peer, measure(peer, uris[peer.name], workload))
    names = [peer.name for peer in measured]
    text = table(names, figures)
    print(text)
    facts: dict[str, Any] = {"date": datetime.now(timezone.utc).isoformat(timespec="seconds")}
    facts |= {"cores": os.cpu_count(), "python": platform.python_version(), "figures": figures}
    target = HERE / "results"
    name = "servers" if not options.only else "servers_partial"
    (target / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")
    (target / f"{name}.md").write_text(text + "\n")


if __name__ == "__main__":
    main()
