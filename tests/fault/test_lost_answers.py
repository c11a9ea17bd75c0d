"""A network that loses answers after the server has done its work: nothing is made twice."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlflow.entities import LoggedModel, LoggedModelTag, Metric, RunTag, ViewType
from mlflow.store.entities.request_key import JournalKey
from mlflow.store.tracking.rest_store import RestStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from tests.contract.over_http import served
from tests.fault.extent import extent
from tests.losing_proxy import losing_proxy

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

_CREATES = extent(200, 5000)  # of each kind
_THREADS = 4


def test_no_answer_lost_makes_anything_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many creates with a third of the answers lost, each makes one thing and raises nothing."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.01")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "30")
    database = f"sqlite:///{tmp_path / 'store.db'}"
    with (
        served(database, str(tmp_path)) as near,
        losing_proxy(near._client.session.address.origin, share=0.3) as proxy,
        ThreadPoolExecutor(_THREADS) as pool,
    ):
        store = RestStore(proxy.uri)

        def create(number: int) -> tuple[str, str, str]:
            text = str(number)
            experiment_id = store.create_experiment(f"experiment {text}")
            run = store.create_run("0", "u", 1, [RunTag("number", text)], "same name")
            key = JournalKey(f"journal-{text}", 1, 1)
            point = Metric("m", 1.0, 1, number)
            assert store.once(key, lambda: _logged(store, run.info.run_id, point)) == b"done"
            model = store.create_logged_model("0", tags=[LoggedModelTag("number", text)])
            return experiment_id, run.info.run_id, model.model_id

        made = list(pool.map(create, range(_CREATES)))
        store.close()
        assert proxy.lost > _CREATES / 2
        assert len({experiment for experiment, _, _ in made}) == _CREATES
        assert len(near.search_experiments(max_results=50_000)) == _CREATES + 1
        runs = near.search_runs(["0"], None, ViewType.ALL, 50_000)
        assert {run.info.run_id for run in runs} == {run for _, run, _ in made}
        assert len(runs) == _CREATES
        assert all(run.data.metrics == {"m": 1.0} for run in runs)
        assert {len(near.get_metric_history(run, "m")) for _, run, _ in made} == {1}
        assert len(_models(near)) == _CREATES
    SqlAlchemyStore.forget(database)


def _models(store: RestStore) -> list[LoggedModel]:
    found: list[LoggedModel] = []
    token = None
    while True:
        page = store.search_logged_models(["0"], max_results=100, page_token=token)
        found += page
        token = page.token
        if not token:
            return found


def _logged(store: RestStore, run_id: str, point: Metric) -> bytes:
    store.log_batch(run_id, [point], [], [])
    return b"done"
