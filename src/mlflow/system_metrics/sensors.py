"""What is read from the machine: one small object for each quantity, so that each fails alone."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from mlflow.exceptions import FEATURE_DISABLED, MlflowException

MEGABYTE: Final = 1e6
_DECIMALS: Final = 1

Reading = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sensor:
    """Something that can be read again and again.

    Attributes:
        name: What it reads, for messages.
        read: Returns values by metric name, without the prefix ``system/``.
    """

    name: str
    read: Callable[[], Reading]


def load_psutil() -> ModuleType:
    """Return the module that reads the operating system.

    Raises:
        MlflowException: it is not installed.
    """
    try:
        import psutil  # noqa: PLC0415 - an optional third-party package
    except ImportError:
        raise MlflowException(
            "System metrics need the package psutil. Install it with: pip install"
            " 'headrace[system]'",
            FEATURE_DISABLED,
        ) from None
    return psutil


def machine_sensors(psutil: ModuleType) -> list[Sensor]:
    """Return the sensors of processor, memory, disk and network.

    Args:
        psutil: The module.
    """
    sensors = [
        Sensor("processor", lambda: _processor(psutil)),
        Sensor("memory", lambda: _memory(psutil)),
        Sensor("disk", lambda: _disk(psutil)),
    ]
    counters = getattr(psutil, "net_io_counters", None)
    if counters is not None:
        sensors.append(Sensor("network", Network(psutil)))
    return sensors


def rounded(value: float) -> float:
    """Return a value with as many digits as are worth keeping."""
    return round(value, _DECIMALS)


def _processor(psutil: ModuleType) -> Reading:
    return {"cpu_utilization_percentage": psutil.cpu_percent()}


def _memory(psutil: ModuleType) -> Reading:
    memory = psutil.virtual_memory()
    return {
        "system_memory_usage_megabytes": rounded(memory.used / MEGABYTE),
        "system_memory_usage_percentage": rounded(memory.used / memory.total * 100),
    }


def _disk(psutil: ModuleType) -> Reading:
    usage = psutil.disk_usage(os.sep)
    return {
        "disk_usage_percentage": usage.percent,
        "disk_usage_megabytes": rounded(usage.used / MEGABYTE),
        "disk_available_megabytes": rounded(usage.free / MEGABYTE),
    }


class Network:
    """Megabytes received and sent since the first reading."""

    def __init__(self, psutil: ModuleType) -> None:
        self._psutil = psutil
        self._first: tuple[float, float] | None = None

    def __call__(self) -> Reading:
        """Return what was transferred so far."""
        counters = self._psutil.net_io_counters()
        if counters is None:
            raise OSError("this machine has no network interface")
        if self._first is None:
            self._first = (counters.bytes_recv, counters.bytes_sent)
        received, sent = self._first
        return {
            "network_receive_megabytes": (counters.bytes_recv - received) / MEGABYTE,
            "network_transmit_megabytes": (counters.bytes_sent - sent) / MEGABYTE,
        }
