# The verbs of the house. `just` alone lists them.

python := env("PYTHON", "python3")

default:
    @just --list

# a development environment in .venv
setup:
    {{ python }} -m venv .venv
    .venv/bin/python -m pip install -e '.[dev]'

# rewrite all files in the house's format
fmt:
    ruff format .
    ruff check --fix .

lint:
    ruff check .
    ruff format --check .

types:
    mypy

# the floors and all other invariants
arch:
    lint-imports
    pytest tests/arch

# all tests; arguments go to pytest
test *arguments:
    pytest -n auto {{ arguments }}

# the stores' contract, on SQLite and on every database named by HEADRACE_TEST_*_URI
contract *arguments:
    pytest tests/contract {{ arguments }}

# the same calls in upstream and here; needs HEADRACE_UPSTREAM_PYTHON
parity *arguments:
    pytest tests/parity {{ arguments }}

# flavors both ways, in environments of their own where CI does not take them; writes docs/reference/flavors.md
flavors *names:
    {{ python }} -m tools.flavors {{ names }}

# what runs on Spark, Ray and Dask, in an environment of its own; needs uv and Java 17
clusters *arguments:
    uv venv -q --allow-existing .venv-clusters
    uv pip install -q --python .venv-clusters/bin/python -e '.[models]' pyspark pyarrow 'ray[data]' 'dask[dataframe]' pytest pytest-randomly pytest-timeout uv
    .venv-clusters/bin/python -m pytest tests/unit/pyfunc/test_spark_scoring.py tests/unit/pyfunc/test_spark_results.py tests/unit/pyfunc/test_mapping.py tests/unit/spark {{ arguments }}

e2e *arguments:
    pytest tests/e2e {{ arguments }}

# rewrite what follows from the tables: type stubs, the coverage table, the reference
docs:
    {{ python }} tools/surface.py
    {{ python }} tools/wire.py

# the long fault tests: a minute of sixteen writers on one file
soak:
    pytest -m soak tests/fault

# all that may break, many times over: kills, lost answers, outages; 0.1 does a tenth of it
faults share="1":
    HEADRACE_TEST_FAULTS={{ share }} pytest -m faults --log-cli-level=INFO tests/fault

# requests made up from the description of the REST interface, many for each operation
fuzz examples="200":
    HEADRACE_TEST_FUZZ={{ examples }} pytest -n auto -p no:randomly --timeout 3600 tests/e2e/test_api_fuzz.py tests/e2e/test_files_fuzz.py

# searches in a store of a million runs
scale runs="1000000":
    {{ python }} bench/scale.py --runs {{ runs }} --repeats 3

# charts in a store of long series; 1000 runs of 1000000 points are 40 GB
scale-points runs="10" points="100000":
    {{ python }} bench/scale_points.py --runs {{ runs }} --points {{ points }}

# how fast the pages are, in Chromium; the stores, some 6 GB, are kept in the folder
bench-pages folder="/tmp/headrace-pages" *arguments:
    {{ python }} -m bench.pages --folder {{ folder }} {{ arguments }}

# the workloads against upstream; needs HEADRACE_UPSTREAM_PYTHON
bench *arguments:
    {{ python }} bench/compare.py {{ arguments }}

# lines, dependencies, import time and memory
budget:
    pytest tests/arch/test_budgets.py

# the pages, as they change; a server on port 5000 answers them
ui-dev:
    cd ui && npm install && npm run dev

# types, lint, unused code, tests, build and size of the pages
ui-check:
    cd ui && npm ci && npm run check

# the pages into the package
ui-build:
    cd ui && npm ci && npm run build

# everything that a change must pass
check: lint types arch ui-check
    {{ python }} tools/surface.py --check
    {{ python }} tools/wire.py --check
    pytest -n auto
