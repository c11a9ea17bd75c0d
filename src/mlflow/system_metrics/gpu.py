"""NVIDIA GPUs, through the driver's management library.

Only the GPUs that this process may use are read: those of ``CUDA_VISIBLE_DEVICES`` when it is set.
"""

import logging
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final

from mlflow._core.guard import contained
from mlflow._core.variables import read
from mlflow.system_metrics.sensors import MEGABYTE, Reading, Sensor, rounded

_VISIBLE: Final = "CUDA_VISIBLE_DEVICES"
_MILLIWATTS: Final = 1000

# (number that names the GPU in metrics, the library's handle)
Device = tuple[int, Any]


def gpu_sensors() -> list[Sensor]:
    """Return a sensor for each quantity of each GPU; none without GPUs, driver or library."""
    found: list[Sensor] = []
    with contained("Looking for GPUs", level=logging.DEBUG):
        import pynvml  # type: ignore[import-untyped]  # noqa: PLC0415 - optional; has no types

        pynvml.nvmlInit()
        for number, handle in _devices(pynvml):
            found.extend(_sensors(pynvml, number, handle))
    return found


def _devices(nvml: ModuleType) -> Iterator[Device]:
    count = nvml.nvmlDeviceGetCount()
    visible = read(_VISIBLE)
    if visible is None:
        for number in range(count):
            yield number, nvml.nvmlDeviceGetHandleByIndex(number)
        return
    for position, name in enumerate(part.strip() for part in visible.split(",")):
        device = _find(nvml, name, position, count)
        if device is None:  # CUDA, too, ends the list at the first name that is none
            return
        yield device


def _find(nvml: ModuleType, name: str, position: int, count: int) -> Device | None:
    if name.isdecimal():
        number = int(name)
        return (number, nvml.nvmlDeviceGetHandleByIndex(number)) if number < count else None
    if name.startswith("MIG-"):
        return position, nvml.nvmlDeviceGetHandleByUUID(name)
    if not name.startswith("GPU-"):
        return None
    for number in range(count):  # CUDA accepts the beginning of an id that only one GPU has
        handle = nvml.nvmlDeviceGetHandleByIndex(number)
        if _text(nvml.nvmlDeviceGetUUID(handle)).startswith(name):
            return number, handle
    return None


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _sensors(nvml: ModuleType, number: int, handle: Any) -> list[Sensor]:
    prefix = f"gpu_{number}"

    def memory() -> Reading:
        info = nvml.nvmlDeviceGetMemoryInfo(handle)
        return {
            f"{prefix}_memory_usage_percentage": rounded(info.used / info.total * 100),
            f"{prefix}_memory_usage_megabytes": rounded(info.used / MEGABYTE),
        }

    def utilization() -> Reading:
        rates = nvml.nvmlDeviceGetUtilizationRates(handle)
        return {f"{prefix}_utilization_percentage": float(rates.gpu)}

    def power() -> Reading:
        milliwatts = nvml.nvmlDeviceGetPowerUsage(handle)
        limit = nvml.nvmlDeviceGetEnforcedPowerLimit(handle)
        return {
            f"{prefix}_power_usage_watts": rounded(milliwatts / _MILLIWATTS),
            f"{prefix}_power_usage_percentage": rounded(milliwatts / limit * 100),
        }

    quantities: list[tuple[str, Callable[[], Reading]]] = [
        ("memory", memory),
        ("utilization", utilization),
        ("power", power),
    ]
    return [Sensor(f"{quantity} of GPU {number}", read) for quantity, read in quantities]
