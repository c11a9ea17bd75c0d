"""What only our own server has, asked of it; of another server, the contract's defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow._core.limits import INT64_MAX, INT64_MIN
from mlflow._wire import entities as wire
from mlflow._wire import messages as m
from mlflow._wire import own_messages as own
from mlflow._wire import table_messages as t
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.store.entities.console import ConsoleChunk, ConsolePage
from mlflow.store.entities.metric_bucket import BucketAxis, MetricBucket
from mlflow.store.entities.model_manifest import ModelManifest
from mlflow.store.entities.run_document import RunDocument
from mlflow.store.entities.run_liveness import RunLiveness
from mlflow.store.tracking.abstract_store import AbstractStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow.entities.experiment import Experiment
    from mlflow.store.tracking.rest_client import RestClient

# Of the contents in one request; our server takes 24 MiB, and base64 adds a third.
_DOCUMENT_BYTES: Final = 12 << 20


class OwnOperations(AbstractStore):
    """The part of a store behind a server that depends on whose server it is."""

    def __init__(self, client: RestClient) -> None:
        """Take the way to the server."""
        self._client: Final = client

    def get_or_create_experiment(self, name: str) -> Experiment:
        """Return the experiment with this name, created if there is none; race-free."""
        if not self._client.is_ours():
            return super().get_or_create_experiment(name)
        found = self._client.call(
            "get_or_create_experiment",
            own.GetOrCreateExperiment(name=name),
            own.GetOrCreateExperimentResponse,
        )
        return wire.experiment_of(found.experiment or m.Experiment())

    # Tables of runs

    def search_run_table(self, ask: t.SearchRunTable) -> t.RunTableResponse:
        """Return a page of runs with chosen columns, and how many match."""
        if not self._client.is_ours():
            return super().search_run_table(ask)
        return self._client.call("search_run_table", ask, t.RunTableResponse)

    def search_run_keys(self, ask: t.SearchRunKeys) -> t.RunKeysResponse:
        """Return a page of the keys that runs have."""
        if not self._client.is_ours():
            return super().search_run_keys(ask)
        return self._client.call("search_run_keys", ask, t.RunKeysResponse)

    def search_run_groups(self, ask: t.SearchRunGroups) -> t.RunGroupsResponse:
        """Return statistics of metrics over groups of runs."""
        if not self._client.is_ours():
            return super().search_run_groups(ask)
        return self._client.call("search_run_groups", ask, t.RunGroupsResponse)

    def get_experiment_counts(self, ask: t.GetExperimentCounts) -> t.ExperimentCountsResponse:
        """Return how many runs experiments have."""
        if not self._client.is_ours():
            return super().get_experiment_counts(ask)
        return self._client.call("get_experiment_counts", ask, t.ExperimentCountsResponse)

    # Live runs

    def record_heartbeat(self, run_ids: Sequence[str]) -> None:
        """Note that the clients of these runs live now; another server does not want to know."""
        if self._client.is_ours():
            request = own.RecordHeartbeat(run_ids=list(run_ids))
            self._client.call("record_heartbeat", request, m.Empty)

    def get_liveness(self, run_ids: Sequence[str]) -> list[RunLiveness]:
        """Return when these runs' clients were last heard of."""
        if not self._client.is_ours():
            return super().get_liveness(run_ids)
        request = own.GetLiveness(run_ids=list(run_ids))
        found = self._client.call("get_liveness", request, own.LivenessResponse)
        return [
            RunLiveness(one.run_id or "", one.last_heartbeat, one.stale_since) for one in found.runs
        ]

    def log_console(self, run_id: str, chunks: Sequence[ConsoleChunk]) -> None:
        """Keep what an active run wrote to its terminal; another server keeps none of it."""
        if not self._client.is_ours():
            return
        request = own.LogConsole(
            run_id=run_id,
            chunks=[
                own.ConsoleChunk(
                    stream=one.stream, sequence=one.sequence, time_ms=one.time_ms, text=one.text
                )
                for one in chunks
            ],
        )
        self._client.call("log_console", request, m.Empty)

    def get_console(
        self,
        run_id: str,
        after: int = 0,
        max_results: int = 1000,
        contains: str | None = None,
        before: int | None = None,
    ) -> ConsolePage:
        """Return what a run wrote, in the order in which it came."""
        if not self._client.is_ours():
            return ConsolePage((), after)
        request = own.GetConsole(
            run_id=run_id,
            after=after,
            max_results=max_results,
            contains=contains,
            before=before,
        )
        page = self._client.call("get_console", request, own.ConsoleResponse)
        chunks = [
            ConsoleChunk(
                "stderr" if one.stream == "stderr" else "stdout",
                one.sequence or 0,
                one.time_ms or 0,
                one.text or "",
            )
            for one in page.chunks
        ]
        return ConsolePage(
            chunks, page.next_position or 0, page.dropped or 0, page.first_position or 0
        )

    # Run documents

    def log_run_document(self, run_id: str, name: str, content: bytes, content_type: str) -> None:
        """Keep a document with a run; one of the same name is replaced."""
        self.log_run_documents([(run_id, name, content, content_type)])

    def log_run_documents(self, found: Sequence[tuple[str, str, bytes, str]]) -> None:
        """Keep documents of several runs; another server keeps none of them."""
        if not self._client.is_ours():
            return
        documents: list[own.RunDocument] = []
        size = 0
        for run_id, name, content, content_type in found:
            if not isinstance(content, bytes) or content_type is None:
                raise MlflowException.invalid_parameter_value(
                    f"The document {name!r} must have bytes as its content, and a media type."
                )
            if documents and size + len(content) > _DOCUMENT_BYTES:
                self._send_documents(documents)
                documents, size = [], 0
            documents.append(
                own.RunDocument(
                    run_id=run_id, name=name, content=content, content_type=content_type
                )
            )
            size += len(content)
        self._send_documents(documents)

    def _send_documents(self, documents: list[own.RunDocument]) -> None:
        request = own.LogRunDocuments(documents=documents)
        self._client.call("log_run_documents", request, m.Empty)

    def get_run_document(self, run_id: str, name: str) -> RunDocument:
        """Return a document of a run."""
        if not self._client.is_ours():
            raise MlflowException(
                f"This server keeps no documents of runs, so {run_id!r} has no {name!r}.",
                RESOURCE_DOES_NOT_EXIST,
            )
        request = own.GetRunDocument(run_id=run_id, name=name)
        found = self._client.call("get_run_document", request, own.RunDocumentResponse)
        document = found.document or own.RunDocument()
        return RunDocument(
            document.name or "",
            document.content or b"",
            document.content_type or "",
            document.creation_time or 0,
        )

    def list_run_documents(self, run_id: str) -> list[str]:
        """Return the names of a run's documents in order."""
        if not self._client.is_ours():
            return []
        request = own.ListRunDocuments(run_id=run_id)
        response = own.ListRunDocumentsResponse
        return self._client.call("list_run_documents", request, response).names

    # Manifests of models

    def log_model_manifest(self, model_id: str, manifest: ModelManifest) -> None:
        """Note which files a logged model consists of; another server keeps no manifests."""
        if self._client.is_ours():
            request = own.LogModelManifest(model_id=model_id, manifest=manifest.to_json())
            self._client.call("log_model_manifest", request, m.Empty)

    def get_model_manifest(self, model_id: str) -> ModelManifest:
        """Return which files a logged model, deleted or not, consists of; without any: unknown."""
        if not self._client.is_ours():
            return ModelManifest()
        request = own.GetModelManifest(model_id=model_id)
        found = self._client.call("get_model_manifest", request, own.ModelManifestResponse)
        return ModelManifest.from_json(found.manifest or "")

    # Charts

    def get_metric_buckets(
        self,
        run_ids: Sequence[str],
        metric_keys: Sequence[str],
        *,
        buckets: int,
        axis: BucketAxis = "step",
        start: int | None = None,
        end: int | None = None,
    ) -> dict[str, list[MetricBucket]]:
        """Return exact aggregates of every point, in at most ``buckets`` parts of the axis."""
        if not self._client.is_ours():
            return super().get_metric_buckets(
                run_ids, metric_keys, buckets=buckets, axis=axis, start=start, end=end
            )
        request = own.GetMetricBuckets(
            run_ids=list(run_ids),
            metric_keys=list(metric_keys),
            buckets=buckets,
            axis=axis,
            start=_position(start),
            end=_position(end),
        )
        found = self._client.call("get_metric_buckets", request, own.MetricBucketsResponse)
        return {one.metric_key or "": list(map(_bucket, one.buckets)) for one in found.series}


def _position(value: int | None) -> int | None:
    """Return a bound of an axis as the wire can say it: no point lies beyond 64 bits."""
    return None if value is None else max(INT64_MIN, min(value, INT64_MAX))


def _bucket(part: own.MetricBucket) -> MetricBucket:
    return MetricBucket(
        run_id=part.run_id or "",
        start=part.start or 0,
        end=part.end or 0,
        min=float(part.min or 0.0),
        max=float(part.max or 0.0),
        last=float(part.last or 0.0),
        count=part.count or 0,
        nan_count=part.nan_count or 0,
        position=part.position or 0,
    )
