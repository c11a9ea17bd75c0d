"""How fast the pages are: a real server, generated data, Chromium without a window.

    python -m bench.pages --folder /tmp/pages --upstream ../upstream/bin/python

The stores are made in the folder when they are missing, and kept. Each view has a server that was
just started, and three browsers with nothing in their caches: the first visit of each is *cold*,
the next two are *warm*. Times begin with the navigation and end with the frame after the one in
which rows are there, or with the one after the last stroke on a canvas when nothing is on its way
any more: the page itself looks in each frame. ``--points`` makes the largest chart smaller. The
figure is the median; the best of them stands beside it, because a machine that does other work
shows more of that than of the page. *Processor* is what the page's main thread took.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from bench import pages_data
from bench.servers import Peer, running
from mlflow import MlflowClient

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
DESK: ViewportSize = {"width": 1440, "height": 900}
TALL: ViewportSize = {"width": 1600, "height": 6000}  # twenty cards at once
PATIENCE = 90_000
ALL_LINES = "/#/experiments/1?view=charts&show=all"
# What each view should take; milliseconds unless it says otherwise.
GOALS = {
    "first load, kB": 200,
    "10,000 runs, first rows cold": 900,
    "10,000 runs, first rows warm": 400,
    "10,000 runs, scrolling: frames a second": -58,
    "10,000 runs, scrolling: long tasks": 0,
    "12,000 keys, first rows cold": 800,
    "12,000 keys, over 10 keys": 1.5,
    "20 charts x 100 runs, drawn cold": 1_500,
    "20 charts x 100 runs, a zoom": 300,
    "1,000 runs in a chart, drawn cold": 2_000,
    "1,000 runs in a chart, drawn warm": 500,
    "a live point": 500,
}
# In every page: notes when what is waited for is there, and which frames and tasks were long.
WATCH = """
(() => {
  const watch = (window.__watch = { at: 0, long: [] });
  const named = (row) => /run-\\d/.test(row.textContent || "");
  const small = document.createElement("canvas");
  small.width = 48; small.height = 32;
  const brush = small.getContext("2d", { willReadFrequently: true });
  const pixels = (canvas) => {
    if (canvas.width < 50 || canvas.height < 50) return null;
    brush.clearRect(0, 0, 48, 32);
    brush.drawImage(canvas, 0, 0, 48, 32);
    return brush.getImageData(0, 0, 48, 32).data;
  };
  // A line has a colour; axes and grids are grey.
  const drawn = (canvas) => {
    const data = pixels(canvas);
    let count = 0;
    for (let at = 0; data && at < data.length; at += 4) {
      const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
      if (data[at + 3] > 20 && Math.max(r, g, b) - Math.min(r, g, b) > 24) count += 1;
    }
    return count > 8;
  };
  watch.sum = (canvas) => (pixels(canvas) || []).reduce((a, b) => (a * 31 + b) | 0, 7);
  watch.canvases = () => [...document.querySelectorAll(".card canvas")].filter((c) => c.width > 50);
  const done = new WeakSet();
  const ready = (canvas) => done.has(canvas) || (drawn(canvas) && done.add(canvas));
  const wanted = {
    rows: (n) => [...document.querySelectorAll("[role=row]")].filter(named).length >= n,
    charts: (n) => watch.canvases().filter(ready).length >= n,
  };
  // Charts are drawn when nothing is on its way any more and no stroke came for a while.
  let flying = 0, stroked = 0;
  const fetched = window.fetch;
  window.fetch = (...all) => {
    flying += 1;
    return fetched(...all).finally(() => { flying -= 1; });
  };
  for (const name of ["stroke", "fill", "fillRect"]) {
    const plain = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...all) {
      if (stroked !== Infinity) {  // the frame after this one begins when this one is painted
        stroked = Infinity;
        requestAnimationFrame(() => requestAnimationFrame((now) => { stroked = now; }));
      }
      return plain.apply(this, all);
    };
  }
  const settled = (name) => name !== "charts"
    || (flying === 0 && performance.now() - stroked > 700);
  watch.want = (name, n) => {
    const look = () => {
      if (settled(name) && wanted[name](n)) {
        requestAnimationFrame((now) => { watch.at = name === "charts" ? stroked : now; });
      }
      else requestAnimationFrame(look);
    };
    look();
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watch.long.push([entry.startTime, entry.duration]);
  }).observe({ type: "longtask", buffered: true });
  // Follows one canvas: when it last changed, as seconds of the clock that other programs have.
  watch.follow = (canvas) => {
    let last = watch.sum(canvas);
    watch.changes = [];
    const look = () => {
      if (!watch.changes) return;
      const now = canvas.isConnected ? canvas : watch.canvases()[0];
      if (now) {
        const sum = watch.sum(now);
        if (sum !== last) watch.changes.push(Date.now());
        last = sum;
      }
      requestAnimationFrame(look);
    };
    look();
  };
  watch.scroll = (milliseconds) => new Promise((resolve) => {
    let place = document.querySelector("[role=row] [role=cell], [role=row] [role=gridcell], td");
    const scrolls = (e) => e.scrollHeight > e.clientHeight + 500
      && getComputedStyle(e).overflowY !== "visible";
    while (place && !scrolls(place)) place = place.parentElement;
    if (!place) return resolve(null);
    const frames = [], start = performance.now();
    let before = start;
    const step = (now) => {
      frames.push(now - before);
      before = now;
      const top = place.scrollTop;
      place.scrollTop += 90;
      if (now - start < milliseconds && place.scrollTop > top) requestAnimationFrame(step);
      else resolve({ frames: frames.slice(2), from: start, height: place.scrollTop });
    };
    requestAnimationFrame(step);
  });
})();
"""


class Bench:
    """The figures, and what makes them."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        """Keep the figures of one browser, and stores in a folder."""
        self.figures: dict[str, dict[str, float]] = {}
        self.loads: list[float] = []
        self._browser = browser
        self._folder = folder

    def note(self, name: str, value: float | list[float], who: str = "Headrace") -> None:
        """Note and print one figure, or the median and the best of several."""
        values = value if isinstance(value, list) else [value]
        found = self.figures.setdefault(name, {})
        found[who] = round(statistics.median(values), 1)
        if len(values) > 1:
            found[f"{who}, best"] = round(min(values), 1)
        load = os.getloadavg()[0]
        self.loads.append(round(load, 1))
        shown = " ".join(f"{each:,.1f}" for each in values)
        print(f"{name:50s} {who:10s} {shown}   load {load:.1f}", flush=True)

    @contextmanager
    def page(self, thing: str, count: int, viewport: ViewportSize = DESK) -> Iterator[Page]:
        """Open a page of a browser that has seen nothing yet; it will wait for so many things."""
        context = self._browser.new_context(viewport=viewport)
        context.add_init_script(f"{WATCH};window.__watch.want({thing!r}, {count});")
        opened = context.new_page()
        yield opened
        context.close()

    def store(self, name: str, make: Callable[[pages_data.Maker], object]) -> Path:
        """Return the file of a store, made if it is missing."""
        path = self._folder / f"{name}.db"
        if not path.exists():
            started = time.perf_counter()
            unready = self._folder / name / "unready.db"
            shutil.rmtree(unready.parent, ignore_errors=True)
            unready.parent.mkdir(parents=True)
            maker = pages_data.Maker(unready)
            make(maker)
            maker.close()
            unready.rename(path)
            print(f"made {path} in {time.perf_counter() - started:.0f} s", flush=True)
        return path

    def visits(
        self,
        url: str,
        name: str,
        thing: str,
        count: int,
        *,
        viewport: ViewportSize = DESK,
        who: str = "Headrace",
    ) -> None:
        """Measure the first visits of an address, and those after them."""
        word = "first rows" if thing == "rows" else "drawn"
        cold, warm, busy = [], [], []
        for _ in range(3):
            with self.page(thing, count, viewport) as page:
                cold.append(visit(page, url))
                warm.append(visit(page, url))
                processor = Processor(page)
                warm.append(visit(page, url))
                busy.append(processor.spent()["TaskDuration"])
        self.note(f"{name}, {word} cold", cold, who)
        self.note(f"{name}, {word} warm", warm, who)
        self.note(f"{name}, {word} warm: processor", busy, who)


def visit(page: Page, url: str) -> float:
    """Return the milliseconds from the navigation to the frame in which all is there."""
    page.goto("about:blank")
    page.goto(url, wait_until="commit")
    there = "() => window.__watch && window.__watch.at"
    page.wait_for_function(there, timeout=PATIENCE, polling=100)
    return float(page.evaluate("() => window.__watch.at"))


class Processor:
    """What the main thread of a page takes of the processor, whatever else the machine does."""

    def __init__(self, page: Page) -> None:
        """Begin to count."""
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = self._read()

    def spent(self) -> dict[str, float]:
        """Return milliseconds by what they were spent on, since the last call."""
        now, before = self._read(), self._before
        self._before = now
        return {name: (now[name] - before[name]) * 1e3 for name in now}

    def _read(self) -> dict[str, float]:
        found = self._session.send("Performance.getMetrics")["metrics"]
        names = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
        return {one["name"]: one["value"] for one in found if one["name"] in names}


def ours(path: Path) -> Peer:
    """Return our server on a store."""
    command = [sys.executable, "-m", "mlflow", "server", "--port", "{port}"]
    command += ["--backend-store-uri", f"sqlite:///{path}"]
    command += ["--artifacts-destination", "{folder}/artifacts"]
    return Peer("Headrace", command, sys.executable)


def theirs(python: str, path: Path) -> Peer:
    """Return upstream's server on a store, with the one worker that is quickest here."""
    command = [python, "-m", "mlflow", "server", "--port", "{port}", "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{path}"]
    command += ["--artifacts-destination", "{folder}/artifacts"]
    return Peer("upstream", command, python, slow=True, settles=True)


# Views


def first_load(bench: Bench, url: str, who: str) -> None:
    """Measure what a browser fetches of scripts for the page of an experiment."""
    sizes: dict[str, float] = {}
    scripts: set[str] = set()
    with bench.page("rows", 8) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")

        def answered(event: dict[str, Any]) -> None:
            if event["type"] == "Script":
                scripts.add(event["requestId"])

        session.on("Network.responseReceived", answered)
        session.on(
            "Network.loadingFinished",
            lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
        )
        visit(page, url)
        page.wait_for_timeout(1_000)
    fetched = sum(size for request, size in sizes.items() if request in scripts)
    bench.note("first load, kB", fetched / 1e3, who)
    bench.note("first load, files of scripts", len(scripts), who)


def scroll(bench: Bench, url: str, name: str, who: str = "Headrace") -> None:
    """Measure the frames of a table that is scrolled for four seconds."""
    with bench.page("rows", 8) as page:
        visit(page, url)
        page.wait_for_timeout(2_000)
        processor = Processor(page)
        found = page.evaluate("() => window.__watch.scroll(4000)")
        spent = processor.spent()
        if found is None:
            print(f"{name}: {who} has nothing to scroll", flush=True)
            return
        long = page.evaluate(
            "from => window.__watch.long.filter(([at]) => at >= from)", found["from"]
        )
    frames = sorted(found["frames"])
    bench.note(f"{name}, scrolling: frames a second", 1e3 * len(frames) / sum(frames), who)
    bench.note(
        f"{name}, scrolling: 99 % of frames within, ms", frames[len(frames) * 99 // 100], who
    )
    busy = {part.removesuffix("Duration"): ms / len(frames) for part, ms in spent.items()}
    bench.note(f"{name}, scrolling: processor a frame, ms", busy["Task"], who)
    print({part: round(ms, 2) for part, ms in busy.items()}, flush=True)
    bench.note(f"{name}, scrolling: long tasks", len(long), who)
    bench.note(f"{name}, scrolling: longest task, ms", max((d for _, d in long), default=0), who)


def table_view(bench: Bench, options: argparse.Namespace) -> None:
    """Runs pages of 10,000 and 2,000 runs, the smaller one in upstream too."""
    path = bench.store("table", pages_data.table)
    with running(ours(path)) as (url, _):
        bench.visits(f"{url}/#/experiments/1", "10,000 runs", "rows", 8)
        scroll(bench, f"{url}/#/experiments/1", "10,000 runs")
        first_load(bench, f"{url}/#/experiments/1", "Headrace")
    if not options.upstream:
        return
    path = bench.store("table-2000", partial(pages_data.table, runs=2_000))
    with running(ours(path)) as (url, _):
        bench.visits(f"{url}/#/experiments/1", "2,000 runs", "rows", 8)
        scroll(bench, f"{url}/#/experiments/1", "2,000 runs")
    path = options.folder / "upstream.db"
    with running(theirs(options.upstream, path)) as (url, _):
        marker = options.folder / "upstream.json"
        if not marker.exists():
            marker.write_text(pages_data.post(url, 2_000))
        place = f"{url}/#/experiments/{marker.read_text()}/runs?searchFilter="
        bench.visits(place, "2,000 runs", "rows", 8, who="upstream")
        scroll(bench, place, "2,000 runs", "upstream")
        first_load(bench, place, "upstream")


def wide_view(bench: Bench, options: argparse.Namespace) -> None:
    """An experiment with 12,000 metric keys and 1,000 params a run, beside one with ten."""
    del options

    def make(maker: pages_data.Maker) -> None:
        pages_data.wide(maker)
        pages_data.wide(maker, metrics=10, params=10)

    path = bench.store("wide", make)
    for number, name in ((1, "12,000 keys"), (2, "10 keys")):
        with running(ours(path)) as (url, _):
            bench.visits(f"{url}/#/experiments/{number}", name, "rows", 8)
    cold = [
        bench.figures[f"{name}, first rows cold"]["Headrace"] for name in ("12,000 keys", "10 keys")
    ]
    bench.note("12,000 keys, over 10 keys", cold[0] / cold[1])


def charts_view(bench: Bench, options: argparse.Namespace) -> None:
    """Twenty charts of a hundred runs of ten thousand points each, and a zoom."""
    del options

    def make(maker: pages_data.Maker) -> None:
        metrics = [f"train/metric{number:02d}" for number in range(20)]
        maker.runs("charts", 100, metrics=metrics, points=10_000)
        maker.gather()

    path = bench.store("charts", make)
    with running(ours(path)) as (url, _):
        place = f"{url}{ALL_LINES}"
        bench.visits(place, "20 charts x 100 runs", "charts", 20, viewport=TALL)
        with bench.page("charts", 1) as page:
            visit(page, place)
            page.wait_for_timeout(3_000)
            bench.note("20 charts x 100 runs, a zoom", zoom(page))


def zoom(page: Page) -> float:
    """Drag over the middle third of the first chart; return when it last changed after that."""
    canvas = page.locator(".card canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    left, width, middle = box["x"], box["width"], box["y"] + box["height"] / 2
    page.mouse.move(left + width * 0.4, middle)
    page.mouse.down()
    page.mouse.move(left + width * 0.6, middle, steps=5)
    page.wait_for_timeout(300)
    page.evaluate("() => window.__watch.follow(window.__watch.canvases()[0])")
    page.evaluate("() => addEventListener('mouseup', () => { window.__up = Date.now(); }, true)")
    page.mouse.up()
    page.wait_for_timeout(3_000)
    up, changes = page.evaluate("() => [window.__up, window.__watch.changes]")
    within = [change - up for change in changes if change >= up]
    return float(max(within, default=float("nan")))


def long_view(bench: Bench, options: argparse.Namespace) -> None:
    """One chart of a thousand runs of very many points."""

    def make(maker: pages_data.Maker) -> None:
        maker.runs("long", 1_000, metrics=["loss"], points=options.points)
        maker.gather()

    path = bench.store(f"long-{options.points}", make)
    with running(ours(path)) as (url, _):
        bench.visits(f"{url}{ALL_LINES}", "1,000 runs in a chart", "charts", 1)


def live_view(bench: Bench, options: argparse.Namespace) -> None:
    """The time from ``log_metric`` to a changed chart, of a run that is watched."""
    path = options.folder / "live.db"
    path.unlink(missing_ok=True)
    with running(ours(path)) as (url, _), bench.page("charts", 1) as page:
        client = MlflowClient(url)
        experiment = client.create_experiment("live")
        run = client.create_run(experiment).info.run_id
        for step in range(50):
            client.log_metric(run, "loss", 1 / (step + 1), step=step)
        visit(page, f"{url}/#/experiments/{experiment}")
        page.wait_for_timeout(3_000)
        page.evaluate("() => window.__watch.follow(window.__watch.canvases()[0])")
        times = []
        for step in range(50, 62):
            page.wait_for_timeout(1_500)
            page.evaluate("() => { window.__watch.changes = []; }")
            called = time.time()
            client.log_metric(run, "loss", float(step % 2) * 2 + step / 50, step=step * 3)
            page.wait_for_function(
                "() => window.__watch.changes.length > 0", timeout=PATIENCE, polling=20
            )
            times.append(page.evaluate("() => window.__watch.changes[0]") - called * 1e3)
    bench.note("a live point", statistics.median(times))
    bench.note("a live point, slowest of twelve", max(times))


VIEWS = {
    "table": table_view,
    "wide": wide_view,
    "charts": charts_view,
    "long": long_view,
    "live": live_view,
}


def report(figures: dict[str, dict[str, float]]) -> str:
    """Return the Markdown table."""
    names = ("upstream", "upstream, best", "Headrace", "Headrace, best")
    lines = ["| view | upstream 3.17.2 | best | Headrace | best | goal | met |"]
    lines.append("|---|---:|---:|---:|---:|---:|---|")
    for name, values in figures.items():
        mine, goal = values.get("Headrace"), GOALS.get(name)
        met, sign = "", ""
        if goal is not None and mine is not None:
            best = values.get("Headrace, best", mine)
            reached = [one >= -goal if goal < 0 else one <= goal for one in (mine, best)]
            met = "yes" if reached[0] else "at best" if reached[1] else "**no**"
            sign = f"≥ {-goal:,}" if goal < 0 else f"≤ {goal:,}"
        cells = " | ".join(_shown(values.get(each)) for each in names)
        lines.append(f"| {name} | {cells} | {sign} | {met} |")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004


def main() -> None:
    """Measure, print, and renew each view's part of results/pages.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the stores are kept")
    parser.add_argument("--upstream", help="python that has mlflow==3.17.2")
    parser.add_argument("--points", type=int, default=100_000, help="of each of the thousand runs")
    parser.add_argument("--only", action="append", choices=list(VIEWS))
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=options.chromium, args=["--no-sandbox"]
        )
        for name, view in VIEWS.items():
            if options.only and name not in options.only:
                continue
            bench = Bench(browser, options.folder)
            view(bench, options)
            target = RESULTS / "pages.json"
            known = json.loads(target.read_text()) if target.exists() else {}
            known[name] = {
                "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
                "cores": os.cpu_count(),
                "load": max(bench.loads),
                "figures": bench.figures,
            }
            target.write_text(json.dumps(known, indent=1) + "\n")
            print(report(bench.figures))
        browser.close()


if __name__ == "__main__":
    main()
