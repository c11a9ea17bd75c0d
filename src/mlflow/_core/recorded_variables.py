"""The recorded variables that have no effect here, from a table; programs import their names."""

import json
from pathlib import Path

from mlflow._core import variables

_ROWS = json.loads(Path(__file__).with_name("variables.json").read_bytes())

__all__ = list(_ROWS)

globals().update(
    (name, getattr(variables, kind)(name, default)) for name, (kind, default) in _ROWS.items()
)
