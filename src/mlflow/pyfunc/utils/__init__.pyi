# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.pyfunc.utils.data_validation import pyfunc as pyfunc

NAMES: Final[dict[str, str]]
__all__ = [
    'pyfunc',
]
