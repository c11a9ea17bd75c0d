"""The thread that samples the machine while a run is active.

It never stops a run: a sensor that fails is dropped with one warning, a store that does not answer
costs a warning and those points.
"""

import logging
from collections.abc import Sequence
from threading import Event, Thread
from typing import Any, Final, Protocol

from mlflow._core.clock import monotonic, now_ms
from mlflow._core.guard import contained
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run import Run
from mlflow.entities.run_tag import RunTag
from mlflow.environment_variables import (
    MLFLOW_SYSTEM_METRICS_NODE_ID,
    MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING,
    MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL,
)
from mlflow.system_metrics.gpu import gpu_sensors
from mlflow.system_metrics.sensors import Sensor, load_psutil, machine_sensors

PREFIX: Final = "system/"
DEFAULT_INTERVAL_SECONDS: Final = 10.0
DEFAULT_SAMPLES: Final = 1
_FIRST_SAMPLE_SECONDS: Final = 0.1  # a processor's load is measured since the last look at it
_FINISH_SECONDS: Final = 2.0  # how long the end of a run waits for the last point

_logger = logging.getLogger("mlflow.system_metrics")


class MetricsStore(Protocol):
    """What of a tracking store is needed here."""

    def get_run(self, run_id: str) -> Run:
        """Return a run with its latest metrics."""

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric],
        params: Sequence[Param],
        tags: Sequence[RunTag],
    ) -> None:
        """Log all of these in one transaction."""


class SystemMetricsMonitor:
    """Samples the machine on a thread of its own and logs the averages to one run."""

    def __init__(
        self,
        run_id: str,
        store: MetricsStore,
        *,
        sampling_interval: float = DEFAULT_INTERVAL_SECONDS,
        samples_before_logging: int = DEFAULT_SAMPLES,
        resume_logging: bool = False,
        node_id: str | None = None,
        sensors: Sequence[Sensor] | None = None,
    ) -> None:
        """Prepare a monitor; ``start()`` starts it.

        Args:
            run_id: The run that gets the metrics.
            store: Where the run is.
            sampling_interval: Seconds between two samples.
            samples_before_logging: How many samples are averaged into one point.
            resume_logging: Whether steps go on after those that the run has.
            node_id: Names this machine within the run.
            sensors: What is read; the machine's own when None.

        Raises:
            MlflowException: psutil is not installed.
        """
        self._run_id = run_id
        self._store = store
        self._interval = sampling_interval
        self._samples_wanted = samples_before_logging
        self._resume = resume_logging
        self._prefix = f"{PREFIX}{node_id}/" if node_id else PREFIX
        self._sensors = list(sensors) if sensors is not None else machine_sensors(load_psutil())
        self._find_gpus = sensors is None
        self._samples: dict[str, list[float]] = {}
        self._sample_count = 0
        self._step: int | None = None if resume_logging else 0
        self._warned = False
        self._stop = Event()
        self._thread = Thread(target=self._work, name="mlflow-system-metrics", daemon=True)

    def start(self) -> None:
        """Start to sample."""
        self._thread.start()

    def finish(self, timeout: float = _FINISH_SECONDS) -> None:
        """Log what was sampled since the last point, and stop.

        Args:
            timeout: Seconds to wait at most for the last point.
        """
        self._stop.set()
        self._thread.join(timeout)

    def _work(self) -> None:
        if self._find_gpus:
            self._sensors.extend(gpu_sensors())
        self._read()  # the first look at a counter says nothing yet
        due = monotonic() + min(_FIRST_SAMPLE_SECONDS, self._interval)
        while not self._stop.wait(max(0.0, due - monotonic())):
            self.collect()
            if self._sample_count >= self._samples_wanted:
                self.publish()
            # Samples that a long pause has missed are not made up for.
            due = max(due + self._interval, monotonic())
        if self._sample_count == 0 and not self._step:
            self.collect()  # a run that ended at once has one point all the same
        if self._sample_count:
            self.publish()

    def _read(self) -> dict[str, float]:
        values: dict[str, float] = {}
        for sensor in tuple(self._sensors):
            working = False
            with contained(f"Reading the {sensor.name} (left out of system metrics from now on)"):
                values.update(sensor.read())
                working = True
            if not working:
                self._sensors.remove(sensor)
        return values

    def collect(self) -> None:
        """Take one sample."""
        for name, value in self._read().items():
            self._samples.setdefault(name, []).append(value)
        self._sample_count += 1

    def publish(self) -> None:
        """Log the averages of the samples since the last point; a failure costs these points."""
        averages = {name: _mean(values) for name, values in self._samples.items()}
        self._samples = {}
        self._sample_count = 0
        level = logging.DEBUG if self._warned else logging.WARNING
        done = False
        with contained(f"Logging system metrics of run {self._run_id}", level=level):
            step = self._next_step()
            now = now_ms()
            metrics = [
                Metric(f"{self._prefix}{name}", value, now, step)
                for name, value in averages.items()
            ]
            self._store.log_batch(self._run_id, metrics, (), ())
            self._step = step + 1
            done = True
        self._warned = not done

    def _next_step(self) -> int:
        if self._step is None:
            known: list[Any] = self._store.get_run(self._run_id).data._metric_objs  # noqa: SLF001 - the points behind data.metrics
            steps = [point.step for point in known if point.key.startswith(PREFIX)]
            self._step = max(steps, default=-1) + 1
        return self._step


def _mean(values: list[float]) -> float:
    if len(values) == 1:
        return values[0]
    return round(sum(values) / len(values), 6)


def start_monitor(
    store: MetricsStore, run_id: str, *, resume: bool = False
) -> SystemMetricsMonitor | None:
    """Start to record the machine's load in a run, as the environment's settings say.

    Args:
        store: Where the run is.
        run_id: The run.
        resume: Whether the run may have system metrics already.

    Returns:
        The monitor, whose ``finish()`` is called when the run ends; None, with one warning, when
        it cannot be had.
    """
    monitor = None
    with contained("Starting system metrics"):
        interval = MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.get()
        samples = MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING.get()
        made = SystemMetricsMonitor(
            run_id,
            store,
            sampling_interval=DEFAULT_INTERVAL_SECONDS if interval is None else interval,
            samples_before_logging=DEFAULT_SAMPLES if samples is None else samples,
            resume_logging=resume,
            node_id=MLFLOW_SYSTEM_METRICS_NODE_ID.get(),
        )
        made.start()
        monitor = made
    return monitor  # noqa: RET504 - what is above may be contained
