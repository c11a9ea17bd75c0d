"""Smallness is a number: lines, dependencies, time and memory."""

from __future__ import annotations

import io
import json
import re
import statistics
import subprocess
import sys
import tokenize
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement

from tests.arch.sources import Source, functions, sources

FILE_LINES = 700
FILE_LINES_P90 = 450
FUNCTION_LINES = 60
TOTAL_LINES = 58_500
DISTRIBUTIONS = 25
IMPORT_SECONDS = 0.08
IMPORT_KILOBYTES = 25 * 1024


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_a_file_fits_a_sitting(source: Source) -> None:
    """No file is longer than 700 lines."""
    assert len(source.text.splitlines()) <= FILE_LINES


def test_nine_of_ten_files_are_short() -> None:
    """The 90th percentile of file lengths is 450 lines."""
    lengths = [len(source.text.splitlines()) for source in sources()]
    assert statistics.quantiles(lengths, n=10)[-1] <= FILE_LINES_P90


def test_the_whole_is_small() -> None:
    """All files together hold at most 58,500 lines with code on them (ADR 21)."""
    assert sum(len(_code_lines(source)) for source in sources()) <= TOTAL_LINES


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_a_function_fits_a_screen(source: Source) -> None:
    """No function's code is longer than 60 lines, its signature and docstring not counted."""
    long = [
        f"{source.where(function)} {function.name}"
        for function in functions(source)
        if (function.end_lineno or 0) - _first_line(function) >= FUNCTION_LINES
    ]
    assert long == []


def test_nearly_all_functions_fit_with_their_signatures() -> None:
    """The 99th percentile of whole functions is 60 lines."""
    lengths = [
        (function.end_lineno or 0) - function.lineno + 1
        for source in sources()
        for function in functions(source)
    ]
    assert statistics.quantiles(lengths, n=100)[-1] <= FUNCTION_LINES


def _code_lines(source: Source) -> set[int]:
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        documentation = token.type == tokenize.STRING and token.line.lstrip().startswith('"""')
        if token.type not in skipped and not documentation:
            found.update(range(token.start[0], token.end[0] + 1))
    return found


def _first_line(function: object) -> int:
    body = function.body  # type: ignore[attr-defined]  # a function node
    return int(body[1].lineno if len(body) > 1 else body[0].lineno)


def test_a_bare_installation_is_small() -> None:
    """Headrace and all that it needs without extras are at most 25 distributions."""
    found: set[str] = set()
    pending = ["headrace"]
    while pending:
        name = re.sub(r"[-_.]+", "-", pending.pop()).lower()
        if name in found:
            continue
        try:
            needed = requires(name) or []
        except PackageNotFoundError:  # a marker of another platform or Python
            continue
        found.add(name)
        for text in needed:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                pending.append(requirement.name)
    assert len(found) <= DISTRIBUTIONS, sorted(found)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
def test_importing_the_root_is_cheap() -> None:
    """``import mlflow`` takes at most 80 ms of the processor, best of five, and 25 MB."""
    code = (
        "import time; start = time.process_time(); import mlflow;"
        "seconds = time.process_time() - start; import json, re;"
        "peak = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read()).group(1);"
        "print(json.dumps([seconds, int(peak)]))"
    )
    seconds, kilobytes = zip(*(_measure(code) for _ in range(5)), strict=True)
    assert min(seconds) <= IMPORT_SECONDS
    assert min(kilobytes) <= IMPORT_KILOBYTES


def _measure(code: str) -> tuple[float, int]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    seconds, kilobytes = json.loads(done.stdout)
    return seconds, kilobytes
