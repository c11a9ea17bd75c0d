"""A metric's value as two columns, because no database keeps every double.

SQLite turns NaN to NULL and drops the sign of zero, MariaDB has neither NaN nor infinities. The
value column therefore holds a finite double that sorts where the value belongs, and ``kind`` says
what it stands for.
"""

import math
import sys
from typing import Final

FINITE: Final = 0
NAN: Final = 1
POSITIVE_INFINITY: Final = 2
NEGATIVE_INFINITY: Final = 3
NEGATIVE_ZERO: Final = 4

LARGEST: Final = sys.float_info.max
_BY_KIND: Final = (0.0, math.nan, math.inf, -math.inf, -0.0)


def encode_metric(value: float) -> tuple[float, int]:
    """Return the value column and the kind for a double."""
    if value - value == 0.0:  # false for NaN and the infinities alone
        if value == 0.0 and math.copysign(1.0, value) < 0:
            return 0.0, NEGATIVE_ZERO
        return value, FINITE
    if math.isnan(value):
        return 0.0, NAN
    return (LARGEST, POSITIVE_INFINITY) if value > 0 else (-LARGEST, NEGATIVE_INFINITY)


def decode_metric(value: float, kind: int) -> float:
    """Return the double that a value column and a kind stand for."""
    return _BY_KIND[kind] if kind else value
