"""The recording of the machine's load."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from mlflow import system_metrics
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run import Run
from mlflow.entities.run_data import RunData
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_tag import RunTag
from mlflow.environment_variables import (
    MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING,
    MLFLOW_SYSTEM_METRICS_NODE_ID,
    MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING,
    MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL,
)
from mlflow.exceptions import MlflowException
from mlflow.system_metrics.gpu import gpu_sensors
from mlflow.system_metrics.sensors import Network, Sensor, machine_sensors
from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor, start_monitor

WAIT_SECONDS = 60.0


class Log:
    """A store in memory that says when it holds enough."""

    def __init__(self, wanted: int = 1, history: Sequence[Metric] = ()) -> None:
        self.points: list[Metric] = list(history)
        self.batches = 0
        self.enough = Event()
        self.failures = 0
        self._wanted = wanted

    def get_run(self, run_id: str) -> Run:
        """Return a run with what was logged."""
        info = RunInfo(run_id, "0", "u", "RUNNING", 0, None, "active")
        return Run(info, RunData(metrics=self.points))

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric],
        params: Sequence[Param],
        tags: Sequence[RunTag],
    ) -> None:
        """Keep the metrics, or fail as often as was asked for."""
        if self.failures:
            self.failures -= 1
            raise OSError("no answer")
        self.points += metrics
        self.batches += 1
        if self.batches >= self._wanted:
            self.enough.set()

    def history(self, key: str) -> list[tuple[int, float]]:
        """Return steps and values of a metric."""
        return [(point.step, point.value) for point in self.points if point.key == key]


@pytest.fixture(autouse=True)
def clean_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start and end without settings."""
    rows = (
        MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING,
        MLFLOW_SYSTEM_METRICS_NODE_ID,
        MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING,
        MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL,
    )
    for row in rows:
        monkeypatch.setenv(row.name, "")  # so that it is put back whatever the test sets
        monkeypatch.delenv(row.name)
    yield
    for row in rows:
        row.unset()


def _counting() -> Sensor:
    values = iter(range(1_000_000))
    return Sensor("counter", lambda: {"count": float(next(values))})


def _monitor(log: Log, **changes: Any) -> SystemMetricsMonitor:
    options = {"sampling_interval": 0.001, "sensors": [_counting()], **changes}
    return SystemMetricsMonitor("r1", log, **options)


def test_machine_is_recorded() -> None:
    """Processor, memory, disk and network arrive under upstream's names, with sane values."""
    log = Log(wanted=2)
    monitor = SystemMetricsMonitor("r1", log, sampling_interval=0.01)
    monitor.start()
    assert log.enough.wait(WAIT_SECONDS)
    monitor.finish()
    latest = {point.key: point.value for point in log.points}
    assert set(latest) >= {
        "system/cpu_utilization_percentage",
        "system/system_memory_usage_megabytes",
        "system/system_memory_usage_percentage",
        "system/disk_usage_percentage",
        "system/disk_usage_megabytes",
        "system/disk_available_megabytes",
        "system/network_receive_megabytes",
        "system/network_transmit_megabytes",
    }
    for key, value in latest.items():
        assert 0 <= value <= (100 if key.endswith("percentage") else 1e9)


def test_steps_count_points() -> None:
    """Steps begin at 0 and go up by one, whatever was sampled in between."""
    log = Log(wanted=3)
    monitor = _monitor(log, samples_before_logging=2)
    monitor.start()
    assert log.enough.wait(WAIT_SECONDS)
    monitor.finish()
    # The first reading is thrown away: the sensor's counts 1 and 2 make the first point.
    assert log.history("system/count")[:3] == [(0, 1.5), (1, 3.5), (2, 5.5)]


def test_rest_is_logged_at_the_end() -> None:
    """Samples that do not fill a point are logged when the run ends."""
    log = Log()
    monitor = _monitor(log, sampling_interval=100.0, samples_before_logging=50)
    monitor.start()
    monitor.finish(WAIT_SECONDS)
    assert log.history("system/count") == [(0, 1.0)]


def test_resumed_run_goes_on_counting() -> None:
    """The steps of a resumed run follow the greatest that it has, of any node."""
    log = Log(history=[Metric("system/b/count", 1.0, 1, 41), Metric("loss", 1.0, 1, 1000)])
    monitor = _monitor(log, resume_logging=True, node_id="a")
    monitor.start()
    assert log.enough.wait(WAIT_SECONDS)
    monitor.finish()
    assert log.history("system/a/count")[0][0] == 42


def test_failing_sensor_drops_only_itself(caplog: pytest.LogCaptureFixture) -> None:
    """A sensor that breaks is left out with one warning; the others go on."""
    calls = []

    def broken() -> dict[str, float]:
        calls.append(1)
        raise OSError("no such sensor")

    log = Log(wanted=3)
    monitor = _monitor(log, sensors=[Sensor("thermometer", broken), _counting()])
    monitor.start()
    assert log.enough.wait(WAIT_SECONDS)
    monitor.finish()
    assert {point.key for point in log.points} == {"system/count"}
    assert len(calls) == 1
    assert caplog.text.count("Reading the thermometer") == 1


def test_silent_store_costs_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    """While the store fails, points are lost, the thread goes on, and the log is not flooded."""
    log = Log()
    log.failures = 5
    monitor = _monitor(log)
    monitor.start()
    assert log.enough.wait(WAIT_SECONDS)
    monitor.finish()
    assert log.history("system/count")[0][0] == 0
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 1


def test_settings_are_used() -> None:
    """What the public functions set is what a run's monitor does."""
    system_metrics.set_system_metrics_sampling_interval(0.01)
    system_metrics.set_system_metrics_samples_before_logging(1)
    system_metrics.set_system_metrics_node_id("node-7")
    log = Log()
    monitor = start_monitor(log, "r1")
    assert monitor is not None
    assert log.enough.wait(WAIT_SECONDS)
    monitor.finish()
    assert all(point.key.startswith("system/node-7/") for point in log.points)


def test_switch() -> None:
    """The switch is one environment variable."""
    system_metrics.enable_system_metrics_logging()
    assert MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.get() is True
    system_metrics.disable_system_metrics_logging()
    assert MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.get() is False


def test_none_is_the_default() -> None:
    """None takes a setting back."""
    system_metrics.set_system_metrics_sampling_interval(3)
    system_metrics.set_system_metrics_sampling_interval(None)
    system_metrics.set_system_metrics_samples_before_logging(3)
    system_metrics.set_system_metrics_samples_before_logging(None)
    system_metrics.set_system_metrics_node_id("a")
    system_metrics.set_system_metrics_node_id(None)
    assert not MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.is_set()
    assert not MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING.is_set()
    assert not MLFLOW_SYSTEM_METRICS_NODE_ID.is_set()


@pytest.mark.parametrize("value", [0, -1, "x", float("nan"), float("inf"), []])
def test_bad_interval_is_refused(value: Any) -> None:
    """An interval that is no positive number is refused when it is set."""
    with pytest.raises(MlflowException, match="positive number of seconds") as caught:
        system_metrics.set_system_metrics_sampling_interval(value)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("value", [0, -1, "x", 1.5, True])
def test_bad_number_of_samples_is_refused(value: Any) -> None:
    """A number of samples that is no positive whole number is refused when it is set."""
    with pytest.raises(MlflowException, match="positive whole number") as caught:
        system_metrics.set_system_metrics_samples_before_logging(value)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_missing_psutil_names_the_extra(tmp_path: Path) -> None:
    """Without psutil the run goes on and one line says what to install."""
    (tmp_path / "psutil.py").write_text("raise ImportError('absent')", encoding="utf-8")
    code = (
        "import logging; logging.basicConfig()\n"
        "from mlflow.system_metrics.system_metrics_monitor import start_monitor\n"
        "print(start_monitor(None, 'r1'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.stdout.strip() == "None"
    assert "pip install 'headrace[system]'" in done.stderr


def test_machine_without_network_keeps_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network interface costs the network's metrics and nothing else."""
    monkeypatch.setattr(psutil, "net_io_counters", lambda: None)
    log = Log()
    monitor = _monitor(log, sensors=machine_sensors(psutil))
    monitor.start()
    assert log.enough.wait(WAIT_SECONDS)
    monitor.finish()
    keys = {point.key for point in log.points}
    assert "system/disk_usage_percentage" in keys
    assert not any("network" in key for key in keys)


def test_network_counts_from_the_start() -> None:
    """Transfers from before the run are not in its metrics."""
    totals = iter([(5_000_000, 7_000_000), (5_000_000, 7_000_000), (8_000_000, 7_500_000)])

    def counters() -> SimpleNamespace:
        received, sent = next(totals)
        return SimpleNamespace(bytes_recv=received, bytes_sent=sent)

    machine: Any = SimpleNamespace(net_io_counters=counters)
    network = Network(machine)
    assert network()["network_receive_megabytes"] == 0.0
    network()
    assert network() == {"network_receive_megabytes": 3.0, "network_transmit_megabytes": 0.5}


class Driver(SimpleNamespace):
    """The driver's library of a machine with three GPUs."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = ["GPU-aaa1", "GPU-aaa2", "GPU-bbb3"]

    def nvmlInit(self) -> None:  # noqa: N802 - the library's name
        """Start."""

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802 - the library's name
        """Return how many GPUs there are."""
        return len(self.ids)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:  # noqa: N802 - the library's name
        """Return a handle."""
        return index

    def nvmlDeviceGetHandleByUUID(self, name: str) -> str:  # noqa: N802 - the library's name
        """Return a handle."""
        return name

    def nvmlDeviceGetUUID(self, handle: int) -> bytes:  # noqa: N802 - the library's name
        """Return an id, as older versions do."""
        return self.ids[handle].encode()

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:  # noqa: N802 - the library's name
        """Return the memory."""
        return SimpleNamespace(used=10 * 2**30, total=80 * 2**30)

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> SimpleNamespace:  # noqa: N802 - the library's name
        """Return the load."""
        return SimpleNamespace(gpu=37)

    def nvmlDeviceGetPowerUsage(self, handle: int) -> int:  # noqa: N802 - the library's name
        """Return milliwatts."""
        return 200_000

    def nvmlDeviceGetEnforcedPowerLimit(self, handle: int) -> int:  # noqa: N802 - the library's name
        """Return milliwatts."""
        return 700_000


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    """Return the library of a machine with three GPUs, in place of the real one."""
    made = Driver()
    monkeypatch.setitem(sys.modules, "pynvml", made)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return made


def _gpus() -> dict[str, float]:
    return {key: value for sensor in gpu_sensors() for key, value in sensor.read().items()}


def test_gpu_metrics(driver: Driver) -> None:
    """Each GPU gives five metrics."""
    found = _gpus()
    assert len(found) == 15
    assert {key: value for key, value in found.items() if key.startswith("gpu_0")} == {
        "gpu_0_memory_usage_percentage": 12.5,
        "gpu_0_memory_usage_megabytes": 10737.4,
        "gpu_0_utilization_percentage": 37.0,
        "gpu_0_power_usage_watts": 200.0,
        "gpu_0_power_usage_percentage": 28.6,
    }


@pytest.mark.parametrize(
    ("visible", "numbers"),
    [
        ("2", {2}),
        ("2, 0", {0, 2}),
        ("", set()),
        ("-1", set()),
        ("1,-1,0", {1}),
        ("7", set()),
        ("GPU-bbb", {2}),
        ("GPU-aaa2,0", {0, 1}),
        ("MIG-x", {0}),
        ("nonsense", set()),
    ],
)
def test_only_my_gpus(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, visible: str, numbers: set[int]
) -> None:
    """CUDA_VISIBLE_DEVICES chooses the GPUs, as CUDA reads it."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert {int(key.split("_")[1]) for key in _gpus()} == numbers


def test_gpu_without_power_meter(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    """A quantity that a GPU does not have is left out; its others stay."""

    def unsupported(_handle: int) -> int:
        raise RuntimeError("Not Supported")

    driver.nvmlDeviceGetPowerUsage = unsupported  # type: ignore[assignment, method-assign]  # this GPU's lack
    log = Log()
    monitor = _monitor(log, sensors=gpu_sensors())
    monitor.start()
    assert log.enough.wait(WAIT_SECONDS)
    monitor.finish()
    keys = {point.key for point in log.points}
    assert "system/gpu_0_utilization_percentage" in keys
    assert not any("power" in key for key in keys)
    assert caplog.text.count("power of GPU 0") == 1


def test_no_driver_no_gpus(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    """A machine without driver has no GPU metrics and no warning."""

    def absent() -> None:
        raise RuntimeError("Driver Not Loaded")

    driver.nvmlInit = absent  # type: ignore[method-assign]  # this machine's lack
    assert gpu_sensors() == []
    assert caplog.text == ""
