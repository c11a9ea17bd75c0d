"""Makes the pictures of the guide: ``python -m tools.screenshots``.

Runs the demo in a folder of its own, opens its pages in the Chromium of the machine, and writes
palette PNGs to ``docs/guides/images``: flat colours need no more, and a checkout stays small.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

import mlflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

ROOT: Final = Path(__file__).parent.parent
IMAGES: Final = ROOT / "docs" / "guides" / "images"
_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
_COLORS: Final = 256
# The programs of this machine, in what the pages say of a run.
_MASK: Final = """([from, to]) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    texts.currentNode.data = texts.currentNode.data.replaceAll(from, to);
}"""
_DESK: Final[Any] = {"width": 1280, "height": 800}
_PHONE: Final[Any] = {"width": 390, "height": 800}


class Shot(NamedTuple):
    """One picture.

    Attributes:
        name: Of its file.
        place: The page's path, with the names of runs in braces.
        ready: A selector of what must be there.
        act: What is done before it is taken.
        scheme: Light or dark.
        on_phone: Whether it is a phone's.
    """

    name: str
    place: str
    ready: str
    act: Callable[[Page], None] | None = None
    scheme: str = "light"
    on_phone: bool = False


def _find(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=re.compile("^Find experiments")).fill("wine")
    page.get_by_role("option", name="wine classifiers").wait_for()


def _open_picture(page: Page) -> None:
    page.get_by_text("confusion.png").first.click()
    page.locator("img").first.wait_for()


SHOTS: Final = (
    Shot("experiments", "experiments", "[role=row] a"),
    Shot("runs", "experiments/{experiment}", "canvas"),
    Shot("runs-dark", "experiments/{experiment}", "canvas", scheme="dark"),
    Shot("run", "experiments/{experiment}/runs/{random forest}", ".pairs"),
    Shot(
        "files",
        "experiments/{experiment}/runs/{random forest}?tab=artifacts",
        "text=confusion.png",
        _open_picture,
    ),
    Shot(
        "compare",
        "compare-runs?runs={digits network 0.001},{digits network 0.01}",
        "[role=row]",
    ),
    Shot("model", "models/{model}", "[role=row] a"),
    Shot("try", "models/{model}/versions/1?tab=try", "textarea"),
    Shot("find", "experiments/{experiment}", "canvas", _find),
    Shot(
        "phone",
        "experiments/{experiment}/runs/{random forest}",
        ".pairs",
        scheme="dark",
        on_phone=True,
    ),
)


@contextmanager
def _demo() -> Iterator[str]:
    """Run the demo, and return the address of its server."""
    command = [sys.executable, "-m", "mlflow", "demo", "--port", "0", "--no-browser"]
    environment = {**os.environ, "LOGNAME": "ada", "GIT_DIR": "none", "MLFLOW_TRACKING_URI": ""}
    with TemporaryDirectory() as folder:
        program = subprocess.Popen(
            command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
        )
        with program:
            try:
                for line in program.stderr or ():
                    if found := re.search(r"Look at (\S+?)/#", line):
                        yield found[1]
                        break
            finally:
                program.send_signal(signal.SIGINT)


def _names(url: str) -> dict[str, str]:
    client = mlflow.MlflowClient(url)
    runs = client.search_runs([one.experiment_id for one in client.search_experiments()])
    for run in runs:  # where the package lies here is nobody's business
        client.set_tag(run.info.run_id, "mlflow.source.name", "train.py")
    models = client.search_registered_models()
    return {
        "experiment": runs[0].info.experiment_id,
        "model": models[0].name,
        **{str(run.info.run_name): run.info.run_id for run in runs},
    }


def _small(picture: bytes) -> bytes:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    out = io.BytesIO()
    flat = image.quantize(_COLORS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Take every picture."""
    program = next(found for name in _PROGRAMS if (found := shutil.which(name)))
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _demo() as url, sync_playwright() as playwright:
        names = _names(url)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for shot in SHOTS:
            scheme: Any = shot.scheme
            context = browser.new_context(
                viewport=_PHONE if shot.on_phone else _DESK,
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(f"{url}/#/" + re.sub(r"\{(.+?)\}", lambda found: names[found[1]], shot.place))
            page.locator(shot.ready).first.wait_for()
            if shot.act is not None:
                shot.act(page)
            page.wait_for_load_state("networkidle")
            page.evaluate(_MASK, [sys.executable, "/usr/bin/python3"])
            (IMAGES / f"{shot.name}.png").write_bytes(_small(page.screenshot()))
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
