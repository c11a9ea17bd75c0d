"""Files of a run in the browser: what each kind looks like, what is loaded, and what never runs."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
import struct
import wave
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

import mlflow
from tests.e2e.pages.looks import DESK, HOSTILE, PHONE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.e2e.servers import Served

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" onload="parent.document.title=\'taken\'">'
    "<script>top.document.title='taken'</script><text y='20'>drawn</text></svg>"
)
_ATTACKS = (
    *("<script>document.title='taken'</script>", "<img src=x onerror=\"document.title='taken'\">"),
    *("[x](javascript:document.title='taken')", "<a href='javascript:1'>x</a>", "{{7*7}}"),
    *("![x](https://example.org/pixel.png)", "<iframe srcdoc='<script>1</script>'></iframe>"),
    *("<style>*{display:none}</style>", "<base href='https://example.org/'>", "<svg onload=1>"),
    *("!!js/function 'function(){}'", "![](x)'\"><script>1</script>", "<object data='x'>"),
    *("\x1b]8;;javascript:1\x07x", "&lt;script&gt;", "<math><mtext></form><form><mglyph><style>"),
)

_SLOW = 30_000  # milliseconds that a worker may take to begin on a busy machine


@pytest.fixture
def run(server: Served) -> Any:
    """Return a run in an experiment of its own."""
    client = mlflow.MlflowClient(server.url)
    name = f"with files {len(client.search_experiments())}"
    return client.create_run(client.create_experiment(name), run_name="filed").info


def _path(server: Served, run: Any, path: str = "", tab: str = "artifacts") -> str:
    found = f"{server.url}/#/experiments/{run.experiment_id}/runs/{run.run_id}?tab={tab}"
    return f"{found}&path={path}" if path else found


def _log(server: Served, run: Any, folder: Path, **files: bytes) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    mlflow.MlflowClient(server.url).log_artifacts(run.run_id, str(folder))


def _parquet(frame: pl.DataFrame, compression: Any, **options: Any) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target, compression=compression, **options)
    return target.getvalue()


def _busy() -> bytes:
    """Return a Parquet file with pages of Zstandard whose few bytes ask for years of copying."""
    content = bytearray(
        _parquet(pl.DataFrame({"n": np.random.default_rng(1).random(5000)}), "zstd")
    )
    at = content.index(b"\x28\xb5\x2f\xfd") + 4
    flags = content[at]
    is_single = flags >> 5 & 1
    at += 1 + (1 - is_single) + (0, 1, 2, 4)[flags & 3] + (is_single, 2, 4, 8)[flags >> 6]
    # No literals, and 98,047 copies of 65,539 bytes each: all codes are said once.
    block = bytes.fromhex("4c0000 00 ffffff 54 00 00 34 01")
    content[at : at + 2000 * len(block)] = block * 2000
    return bytes(content)


def _violations(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def test_a_tree_is_walked_by_keys(server: Served, page: Page, run: Any) -> None:
    """Folders open when they are asked for; the address names what is looked at."""
    client = mlflow.MlflowClient(server.url)
    client.log_text(run.run_id, "deep", "a/b/deep.txt")
    for number in (2, 10, 1):
        client.log_text(run.run_id, str(number), f"n{number}.txt")
    lists: list[str] = []
    page.on(
        "request",
        lambda request: lists.append(request.url) if "artifacts/list" in request.url else None,
    )
    page.goto(_path(server, run))
    tree = page.get_by_role("tree", name="Files")
    expect(tree.get_by_role("treeitem")).to_have_count(4)
    assert [one.split("path=")[1:] for one in lists] == [[]]
    assert [one.split()[0] for one in tree.get_by_role("treeitem").all_inner_texts()] == [
        *("a", "n1.txt", "n2.txt", "n10.txt")
    ]
    tree.focus()
    walk = [("ArrowRight", 5), ("ArrowRight", 5), ("ArrowRight", 6), ("ArrowDown", 6), ("Enter", 6)]
    for key, shown in walk:
        page.keyboard.press(key)
        expect(tree.locator(".active")).to_be_visible()
        expect(tree.get_by_role("treeitem")).to_have_count(shown)
    expect(page.get_by_role("region", name="Content of deep.txt")).to_contain_text("deep")
    expect(page).to_have_url(re.compile("path=a%2Fb%2Fdeep.txt$"))
    assert _violations(page) == []
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    chosen = other.get_by_role("treeitem", selected=True)
    expect(chosen).to_contain_text("deep.txt")
    expect(chosen).to_have_attribute("aria-level", "3")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(tree.get_by_role("treeitem", name="deep.txt")).to_have_count(0)


def test_only_what_is_asked_for_is_loaded(
    server: Served, page: Page, run: Any, tmp_path: Path
) -> None:
    """Of large files the beginning comes, more on demand; what is no text is not shown as text."""
    lines = "".join(f"line {number}\n" for number in range(100_000))
    rows = "n,text\n" + "".join(f'{n},"row, {n}"\n' for n in range(100_000))
    files = {"big.log": lines.encode(), "big.csv": rows.encode(), "odd.xyz": b"\0\1" * 5000}
    _log(server, run, tmp_path / "files", **files, **{"weights.bin": b"\0" * 10_000})
    sizes: list[int] = []

    def note(answer: Any) -> None:
        if "get-artifact" in answer.url:
            sizes.append(int(answer.headers["content-length"]))

    page.on("response", note)
    page.goto(_path(server, run))
    expect(page.get_by_text("nothing is loaded before")).to_be_visible()
    page.get_by_role("treeitem", name="weights.bin").click()
    expect(page.get_by_text("no preview of this kind")).to_be_visible()
    assert sizes == []
    page.get_by_role("treeitem", name="big.log").click()
    content = page.get_by_role("region", name="Content of big.log")
    expect(content).to_contain_text("line 0")
    assert content.locator(".text-line").count() < 200
    page.get_by_role("button", name="Load more").click()
    expect(page.get_by_text("The first 524 kB of")).to_be_visible()
    assert sizes == [262_144, 262_144]
    page.get_by_role("treeitem", name="odd.xyz").click()
    expect(page.get_by_text("is no text")).to_be_visible()
    page.get_by_role("treeitem", name="big.csv").click()
    table = page.get_by_role("table", name="Table in big.csv")
    expect(table.get_by_role("row").nth(1).get_by_role("cell")).to_have_text(["0", "row, 0"])
    assert table.get_by_role("row").count() < 100
    expect(page.get_by_text("more come as you scroll")).to_be_visible()
    loaded = sum(sizes)
    table.evaluate("one => one.scrollTo(0, one.scrollHeight)")
    expect(page.get_by_text("1.05 MB of")).to_be_visible()
    assert sum(sizes) < loaded + 600_000
    assert _violations(page) == []


def test_tables_of_every_kind_are_grids(
    server: Served, page: Page, run: Any, tmp_path: Path
) -> None:
    """Parquet by its columns, JSON as MLflow logs it, TSV; a chosen cell shows all of its value."""
    frame = pl.DataFrame(
        {"n": [1, None, 3], "s": ["a", HOSTILE, None], **{f"c{n}": [n] * 3 for n in range(200)}}
    )
    files = {}
    for compression in ("snappy", "zstd"):
        files[f"{compression}.parquet"] = _parquet(frame, compression)
    _log(server, run, tmp_path / "files", **files, **{"t.tsv": b"a\tb\n1\t\n"})
    client = mlflow.MlflowClient(server.url)
    client.log_table(run.run_id, {"question": ["why"], "score": [0.5]}, "asked.json")
    for name in ("snappy.parquet", "zstd.parquet"):
        page.goto(_path(server, run, name))
        table = page.get_by_role("table", name=f"Table in {name}")
        expect(table.get_by_role("row").nth(1)).to_contain_text("a", timeout=_SLOW)
        expect(table.get_by_role("row").nth(2)).to_contain_text("onerror")
        assert table.get_by_role("columnheader").count() < 30
    table.get_by_role("cell", name=re.compile("onerror")).click()
    expect(page.get_by_role("region", name="Chosen cell")).to_have_text(HOSTILE)
    table.focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("region", name="Chosen cell")).to_have_text("a")
    table.evaluate("one => one.scrollTo(one.scrollWidth, 0)")
    expect(table.get_by_role("columnheader", name="c199")).to_be_visible()
    expect(table.get_by_role("row").nth(1)).to_contain_text("199")
    page.goto(_path(server, run, "t.tsv"))
    expect(page.get_by_role("table").get_by_role("cell")).to_have_text(["1", ""])
    page.goto(_path(server, run, tab="evaluation"))
    expect(page.get_by_role("table", name="Table in asked.json")).to_contain_text("why")
    page.get_by_role("button", name="Show as a tree").click()
    page.get_by_role("button", name=re.compile("data")).click()
    expect(page.get_by_role("button", name=re.compile("data"))).to_have_attribute(
        "aria-expanded", "false"
    )
    assert _violations(page) == []
    assert page.title() == "Headrace"


_CODECS = ("uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4")


def test_parquet_of_every_codec_shows_what_is_nested(
    server: Served, page: Page, run: Any, tmp_path: Path
) -> None:
    """Lists, structs, decimals, times, binary are texts; what reads them comes when it is due."""
    moment = dt.datetime(2026, 2, 3, 4, 5, 6, 789_012)  # noqa: DTZ001 - one without a zone
    frame = pl.DataFrame(
        {
            "tags": [["a", HOSTILE, None], [], None],
            "box": [{"x": 1, "of": [{"y": 0.5}]}, {"x": None, "of": []}, None],
            "price": pl.Series([Decimal("12345678901234567890.05"), Decimal(-1), None]).cast(
                pl.Decimal(38, 2)
            ),
            "local": [moment, None, None],
            "utc": pl.Series([moment, None, None]).dt.replace_time_zone("UTC"),
            "day": [moment.date(), None, None],
            "raw": [b"\x00\xff", b"", None],
            "nothing": pl.Series([None, None, None], dtype=pl.Null),
        }
    )
    names = f'["a", {json.dumps(HOSTILE)}, null]'
    times = ("2026-02-03T04:05:06.789012", "2026-02-03T04:05:06.789012Z", "2026-02-03")
    shown = [
        [names, '{"x": 1, "of": [{"y": 0.5}]}', "12345678901234567890.05", *times, "0x00ff", ""],
        ["[]", '{"x": null, "of": []}', "-1.00", "", "", "", "0x", ""],
        [""] * 8,
    ]
    files = {f"{codec}.parquet": _parquet(frame, codec) for codec in _CODECS}
    _log(server, run, tmp_path / "files", **files)
    page.set_viewport_size({"width": 2400, "height": 900})
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(_path(server, run))
    expect(page.get_by_role("treeitem")).to_have_count(len(_CODECS))
    assert [one for one in loaded if "worker" in one] == []
    for codec in _CODECS:
        page.get_by_role("treeitem", name=f"{codec}.parquet").click()
        rows = page.get_by_role("table", name=f"Table in {codec}.parquet").get_by_role("row")
        expect(rows).to_have_count(4, timeout=_SLOW)
        for number, texts in enumerate(shown, 1):
            cells = rows.nth(number).get_by_role("cell")
            expect(cells).to_have_text(texts, timeout=_SLOW)
    assert _violations(page) == []
    assert page.title() == "Headrace"
    page.goto(_path(server, run, "zstd.parquet"))
    page.get_by_role("cell", name=re.compile("onerror")).click()
    expect(page.get_by_role("region", name="Chosen cell")).to_have_text(names)


def test_of_a_large_parquet_file_only_what_is_in_sight_comes(
    server: Served, page: Page, run: Any, tmp_path: Path
) -> None:
    """Ranges of its end and of columns in sight; its parts are chosen one by one."""
    generator = np.random.default_rng(1)
    frame = pl.DataFrame(
        {
            **{f"c{n}": generator.random(30_000) for n in range(40)},
            "last": [[n, n + 1] for n in range(30_000)],
        }
    )
    content = _parquet(frame, "zstd", row_group_size=25_000)
    _log(server, run, tmp_path / "files", **{"large.parquet": content})
    sizes: list[int] = []

    def note(answer: Any) -> None:
        if "get-artifact" in answer.url:
            sizes.append(int(answer.headers["content-length"]))

    page.on("response", note)
    page.goto(_path(server, run, "large.parquet"))
    table = page.get_by_role("table", name="Table in large.parquet")
    expect(table.get_by_role("row").nth(1)).to_contain_text(str(frame["c0"][0]), timeout=_SLOW)
    expect(page.get_by_text("30,000 rows, 41 columns")).to_be_visible()
    expect(page.get_by_text("the first 20,000 are shown")).to_be_visible()
    assert sum(sizes) < len(content) / 2
    page.get_by_role("combobox", name="part").select_option(index=1)
    expect(table.get_by_role("row").nth(1)).to_contain_text(str(frame["c0"][25_000]))
    table.evaluate("one => one.scrollTo(one.scrollWidth, 0)")
    expect(table.get_by_role("row").nth(1)).to_contain_text("[25000, 25001]")


def test_a_parquet_file_that_never_ends_is_given_up(
    server: Served, page: Page, run: Any, tmp_path: Path
) -> None:
    """A file that says what is not true is refused, one that keeps its reader busy is stopped."""
    good = _parquet(pl.DataFrame({"n": [1, 2, 3]}), "uncompressed")
    _log(
        server,
        run,
        tmp_path / "files",
        **{
            "busy.parquet": _busy(),
            "cut.parquet": good[:-20] + good[-8:],
            "fake.parquet": b"PAR0" * 4,
            "good.parquet": good,
        },
    )
    page.clock.install()
    page.goto(_path(server, run, "fake.parquet"))
    expect(page.get_by_text("This is no Parquet file")).to_be_visible()
    page.get_by_role("treeitem", name="cut.parquet").click()
    expect(page.get_by_text(re.compile("damaged|ends too early"))).to_be_visible(timeout=_SLOW)
    page.get_by_role("treeitem", name="busy.parquet").click()
    expect(page.get_by_role("columnheader", name="n")).to_be_visible(timeout=_SLOW)
    page.clock.fast_forward(30_000)
    expect(page.get_by_text("It takes too long to read.")).to_be_visible(timeout=2 * _SLOW)
    page.get_by_role("treeitem", name="good.parquet").click()
    expect(page.get_by_role("cell", name="3")).to_be_visible(timeout=_SLOW)


def test_pictures_by_step(server: Served, page: Page, run: Any) -> None:
    """The last step first, another by slider, two side by side, and the address keeps them."""
    client = mlflow.MlflowClient(server.url)
    for step in (0, 5, 20):
        picture = np.full((8, 12, 3), step * 10, "uint8")
        client.log_image(run.run_id, picture, key="samples/first", step=step)
    client.log_image(run.run_id, picture, key="mask", step=5)
    page.goto(_path(server, run, tab="images"))
    shown = page.get_by_role("img", name="samples/first at step 20")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 12)
    expect(page.get_by_role("img", name="mask at step 5")).to_be_visible()
    page.get_by_role("slider", name="Step of side 1").press("ArrowLeft")
    expect(page.get_by_role("img", name="samples/first at step 5")).to_be_visible()
    page.keyboard.press("Control+ArrowRight")
    expect(page.get_by_role("img", name="samples/first at step 20")).to_be_visible()
    page.keyboard.press("Control+ArrowLeft")
    expect(page.get_by_role("img", name="samples/first at step 5")).to_be_visible()
    page.get_by_role("button", name="Compare with another step").click()
    expect(page.get_by_role("img", name="samples/first at step 0")).to_be_visible()
    page.get_by_role("button", name="Pixels").click()
    assert _violations(page) == []
    other = page.context.new_page()
    other.goto(page.evaluate("location.href"))
    expect(other.get_by_role("img", name=re.compile("samples.first"))).to_have_count(2)
    expect(other.get_by_role("img").first).to_have_css("image-rendering", "pixelated")


def test_an_evaluation_is_known_by_what_it_leaves(
    server: Served, page: Page, run: Any, tmp_path: Path
) -> None:
    """Its tables and pictures have a part of their own; one picture leads to the next."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    files = {f"{name}.png": picture.getvalue() for name in ("confusion_matrix", "photo")}
    _log(server, run, tmp_path / "files", **files, **{"per_class_metrics.csv": b"class,f1\na,1\n"})
    page.goto(_path(server, run, "confusion_matrix.png"))
    page.get_by_role("button", name="Next picture").click()
    expect(page.get_by_role("img", name="photo.png")).to_be_visible()
    expect(page.get_by_role("button", name="Next picture")).to_be_disabled()
    page.get_by_role("link", name="Evaluation").click()
    expect(page.get_by_role("table", name="Table in per_class_metrics.csv")).to_contain_text("f1")
    expect(page.get_by_role("img", name="confusion_matrix.png")).to_be_visible()
    expect(page.get_by_role("img", name="photo.png")).to_have_count(0)
    assert _violations(page) == []


def test_sounds_documents_and_notebooks(
    server: Served, page: Page, run: Any, tmp_path: Path
) -> None:
    """Sound plays in parts, the browser's reader opens a document, a notebook shows its cells."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        waves = (int(9000 * math.sin(number / 5)) for number in range(16_000))
        file.writeframes(b"".join(struct.pack("<h", one) for one in waves))
    document = io.BytesIO()
    Image.new("RGB", (60, 80), "teal").save(document, "PDF")
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["\x1b[31msaid\x1b[0m\n"]},
        {"output_type": "display_data", "data": {"text/html": HOSTILE, "text/plain": "plain"}},
        {"output_type": "display_data", "data": {"image/svg+xml": _SVG}},
    ]
    cells = [
        {"cell_type": "markdown", "source": [f"# Read me\n{HOSTILE}"]},
        {"cell_type": "code", "source": "import this", "outputs": outputs, "execution_count": 1},
    ]
    files = {
        "tone.wav": sound.getvalue(),
        "paper.pdf": document.getvalue(),
        "book.ipynb": json.dumps({"cells": cells}).encode(),
    }
    _log(server, run, tmp_path / "files", **files)
    page.goto(_path(server, run, "tone.wav"))
    expect(page.locator("audio")).to_have_js_property("duration", 2)
    answer = server.ask(
        "GET",
        f"{server.prefix}/get-artifact?run_uuid={run.run_id}&path=tone.wav",
        headers={"range": "bytes=0-9"},
    )
    assert (answer.status, len(answer.body)) == (206, 10)
    page.goto(_path(server, run, "paper.pdf"))
    with page.expect_response(re.compile("/previews/")) as shown:
        page.get_by_role("button", name="Show the document").click()
    assert shown.value.headers["content-type"] == "application/pdf"
    assert "sandbox" not in shown.value.headers["content-security-policy"]
    assert "script-src" not in shown.value.headers["content-security-policy"]
    page.goto(_path(server, run, "book.ipynb"))
    expect(page.get_by_role("heading", name="Read me")).to_be_visible()
    expect(page.get_by_text("said")).to_be_visible()
    expect(page.get_by_text("Output of kind text/html is not shown here.")).to_be_visible()
    assert page.locator(".notebook img, .notebook script").count() == 0
    assert _violations(page) == []
    assert page.title() == "Headrace"


def test_no_file_runs_in_the_pages_origin(server: Served, browser: Browser, run: Any) -> None:
    """Hostile names and contents of every kind stay text, or run where they reach nothing."""
    client = mlflow.MlflowClient(server.url)
    attack = "\n\n".join((HOSTILE, *_ATTACKS))
    hostile = {
        "page.html": f"<h1>Report</h1>{attack}<script>top.document.title='taken'</script>",
        "drawing.svg": _SVG,
        "read.md": f"# Title\n\n{attack}\n\n```html\n{attack}\n```\n",
        "book.ipynb": json.dumps({"cells": [{"cell_type": "markdown", "source": [attack]}]}),
        "tree.json": json.dumps({attack: [attack, {"__proto__": attack}]}),
        "table.csv": "a,b\n"
        + "".join(f'"{one.replace(chr(34), chr(34) * 2)}",1\n' for one in _ATTACKS),
        "MLmodel": f"flavors: !!js/function '{attack}'",
        "code.py": f"'''{attack}'''",
        "fake.pdf": f"<html>{attack}</html>",
        "fake.png": f"<html>{attack}</html>",
        "<img src=x onerror=document.title=1>.txt": attack,
    }
    for name, content in hostile.items():
        client.log_text(run.run_id, content, name)
    asked: list[str] = []
    context = browser.new_context(viewport=DESK)  # what sandboxes refuse is said in its console
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(_path(server, run))
    items = page.get_by_role("treeitem")
    expect(items).to_have_count(len(hostile))
    for number in range(len(hostile)):
        items.nth(number).click()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        show = page.get_by_role("button", name=re.compile("^Show the (page|document)"))
        if show.count():
            show.click()
            expect(page.locator("iframe")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.title() == "Headrace"
        assert page.locator(".preview script, .preview object, .preview base").count() == 0
    page.get_by_role("treeitem", name="page.html").click()
    page.get_by_role("button", name="Show the page").click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("Report")
    assert frame.locator("body").evaluate("() => origin") == "null"
    page.get_by_role("treeitem", name="read.md").click()
    expect(page.get_by_role("heading", name="Title")).to_be_visible()
    hrefs = page.locator(".markdown a").evaluate_all("all => all.map(one => one.protocol)")
    assert set(hrefs) == {"https:"}
    # A reader of documents is a program of the browser, with an origin of its own.
    assert [one for one in asked if re.match("http|ws", one) and server.url not in one] == []
    assert page.title() == "Headrace"
    context.close()


def test_an_empty_run_and_a_lost_file_say_so(server: Served, page: Page, run: Any) -> None:
    """What to do is said where nothing is."""
    page.goto(_path(server, run))
    expect(page.get_by_text('mlflow.log_artifact("report.html")')).to_be_visible()
    mlflow.MlflowClient(server.url).log_text(run.run_id, "", "empty.txt")
    page.goto(_path(server, run, "lost.txt"))
    page.reload()
    expect(page.get_by_role("heading", name="There is no such file")).to_be_visible()
    page.get_by_role("treeitem", name="empty.txt").click()
    expect(page.get_by_text("This file is empty.")).to_be_visible()


def test_a_phone_reads_files(server: Served, browser: Browser, run: Any) -> None:
    """Tree and preview stand one above the other, nothing wider than the screen."""
    client = mlflow.MlflowClient(server.url)
    client.log_text(run.run_id, "x" * 5000, "long.txt")
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(_path(server, run, "long.txt"))
    expect(page.get_by_role("region", name="Content of long.txt")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
