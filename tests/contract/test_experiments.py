"""The contract of experiments, on every database."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


def code_of(caught: pytest.ExceptionInfo[MlflowException]) -> str:
    """Return the error's code."""
    return caught.value.error_code


class TestExperiments:
    def test_default_exists(self, store: SqlAlchemyStore) -> None:
        """A new store holds the experiment Default under id 0."""
        experiment = store.get_experiment("0")
        assert (experiment.name, experiment.lifecycle_stage) == ("Default", "active")
        assert experiment.artifact_location == f"{store.artifact_root_uri}/0"
        by_name = store.get_experiment_by_name("Default")
        assert by_name is not None
        assert by_name.experiment_id == "0"

    def test_create_and_get(self, store: SqlAlchemyStore) -> None:
        """What was created comes back by id and by name, with its tags."""
        tags = [ExperimentTag("a", "b"), ExperimentTag("é😀", "𒀀")]
        experiment_id = store.create_experiment("one", tags=tags)
        experiment = store.get_experiment(experiment_id)
        assert experiment.name == "one"
        assert experiment.tags == {"a": "b", "é😀": "𒀀"}
        assert experiment.creation_time == experiment.last_update_time
        found = store.get_experiment_by_name("one")
        assert found is not None
        assert dict(found) == dict(experiment)

    def test_names_compare_by_bytes(self, store: SqlAlchemyStore) -> None:
        """Case, accents and trailing spaces make other names."""
        names = ["x", "X", "x ", "é", "e\u0301", "ß", "ss", "x" * 500, "😀", "😁"]
        ids = [store.create_experiment(name) for name in names]
        assert len(set(ids)) == len(names)
        assert [store.get_experiment(i).name for i in ids] == names

    @pytest.mark.parametrize("deleted", [False, True])
    def test_taken_name(self, store: SqlAlchemyStore, deleted: bool) -> None:
        """A name that is taken, also by a deleted experiment, is refused and named."""
        experiment_id = store.create_experiment("taken")
        if deleted:
            store.delete_experiment(experiment_id)
        with pytest.raises(MlflowException, match=r"Experiment\(name=taken\) already exists") as e:
            store.create_experiment("taken")
        assert code_of(e) == "RESOURCE_ALREADY_EXISTS"

    @pytest.mark.parametrize("name", ["", None, 5, "x" * 501, "a\0b", "\ud800"])
    def test_wrong_names(self, store: SqlAlchemyStore, name: str) -> None:
        """A name that cannot be kept is an invalid parameter."""
        with pytest.raises(MlflowException) as e:
            store.create_experiment(name)
        assert code_of(e) == "INVALID_PARAMETER_VALUE"

    @pytest.mark.parametrize(
        ("experiment_id", "code"),
        [
            ("999999", "RESOURCE_DOES_NOT_EXIST"),
            ("-1", "RESOURCE_DOES_NOT_EXIST"),
            (str(2**70), "RESOURCE_DOES_NOT_EXIST"),
            ("abc", "INVALID_PARAMETER_VALUE"),
        ],
    )
    def test_unknown_ids(self, store: SqlAlchemyStore, experiment_id: str, code: str) -> None:
        """An id that nothing has does not exist; one that is no number is invalid."""
        for method in (store.get_experiment, store.delete_experiment, store.restore_experiment):
            with pytest.raises(MlflowException) as e:
                method(experiment_id)
            assert code_of(e) == code

    def test_locations(self, store: SqlAlchemyStore, tmp_path: object) -> None:
        """A location is kept as given; a relative path is made absolute; runs lie below."""
        cases = {"/foo/bar": "/foo/bar", "s3://b/x": "s3://b/x", "s3://b/x?v=1#f": "s3://b/x?v=1#f"}
        for index, (given, kept) in enumerate(cases.items()):
            experiment_id = store.create_experiment(f"e{index}", given)
            assert store.get_experiment(experiment_id).artifact_location == kept
        experiment_id = store.create_experiment("s3", "s3://b/x?v=1#f")
        run = store.create_run(experiment_id, "u", 1, [], None)
        uuid = run.info.run_id
        assert run.info.artifact_uri == f"s3://b/x/{uuid}/artifacts?v=1#f"

    def test_a_store_can_be_moved(self, store: SqlAlchemyStore) -> None:
        """Locations under the root follow the root."""
        default = store.create_experiment("default place")
        chosen = store.create_experiment("chosen", f"{store.artifact_root_uri}/sub/x")
        run = store.create_run(chosen, "u", 1, [], None)
        moved = SqlAlchemyStore(store.db_uri, "/elsewhere")
        assert moved.get_experiment(default).artifact_location == f"/elsewhere/{default}"
        assert moved.get_experiment(chosen).artifact_location == "/elsewhere/sub/x"
        info = moved.get_run(run.info.run_id).info
        assert info.artifact_uri == f"/elsewhere/sub/x/{run.info.run_id}/artifacts"

    def test_rename(self, store: SqlAlchemyStore) -> None:
        """An active experiment gets another name, its own included, but no taken one."""
        one, other = store.create_experiment("one"), store.create_experiment("other")
        store.rename_experiment(one, "two")
        store.rename_experiment(one, "two")
        assert store.get_experiment(one).name == "two"
        with pytest.raises(MlflowException, match="other"):
            store.rename_experiment(one, "other")
        store.delete_experiment(other)
        with pytest.raises(MlflowException, match="Cannot rename a non-active") as e:
            store.rename_experiment(other, "three")
        assert code_of(e) == "INVALID_PARAMETER_VALUE"  # a 4xx: nothing failed

    def test_delete_and_restore(self, store: SqlAlchemyStore) -> None:
        """Deleting takes the runs along and closes the experiment; restoring brings all back."""
        experiment_id = store.create_experiment("one")
        run = store.create_run(experiment_id, "u", 1, [], None)
        store.delete_experiment(experiment_id)
        assert store.get_experiment(experiment_id).lifecycle_stage == "deleted"
        assert store.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
        with pytest.raises(MlflowException, match="must be in the 'active' state") as e:
            store.create_run(experiment_id, "u", 1, [], None)
        assert code_of(e) == "INVALID_PARAMETER_VALUE"
        with pytest.raises(MlflowException, match="must be in the 'active' state"):
            store.set_experiment_tag(experiment_id, ExperimentTag("a", "b"))
        with pytest.raises(MlflowException) as e:
            store.delete_experiment(experiment_id)
        assert code_of(e) == "RESOURCE_DOES_NOT_EXIST"
        store.restore_experiment(experiment_id)
        assert store.get_experiment(experiment_id).lifecycle_stage == "active"
        assert store.get_run(run.info.run_id).info.lifecycle_stage == "active"
        with pytest.raises(MlflowException):
            store.restore_experiment(experiment_id)

    def test_tags(self, store: SqlAlchemyStore) -> None:
        """Tags are set, replaced and removed; a missing one cannot be removed."""
        experiment_id = store.create_experiment("one")
        store.set_experiment_tag(experiment_id, ExperimentTag("k", "v"))
        store.set_experiment_tag(experiment_id, ExperimentTag("k", "w" * 20000))
        assert store.get_experiment(experiment_id).tags == {"k": "w" * 20000}
        store.delete_experiment_tag(experiment_id, "k")
        assert store.get_experiment(experiment_id).tags == {}
        for key in ("k", "never seen"):
            with pytest.raises(MlflowException, match=f"No tag with name: {key}") as e:
                store.delete_experiment_tag(experiment_id, key)
            assert code_of(e) == "RESOURCE_DOES_NOT_EXIST"
        with pytest.raises(MlflowException, match="20000"):
            store.set_experiment_tag(experiment_id, ExperimentTag("k", "w" * 20001))

    def test_get_or_create_from_64_threads(self, store: SqlAlchemyStore) -> None:
        """Whoever comes first creates it; all get the same id."""
        with ThreadPoolExecutor(64) as pool:
            found = list(pool.map(lambda _: store.get_or_create_experiment("race"), range(64)))
        assert len({experiment.experiment_id for experiment in found}) == 1

    def test_create_from_64_threads(self, store: SqlAlchemyStore) -> None:
        """One creates it; the others are told that it exists."""

        def create(_: int) -> str:
            try:
                return store.create_experiment("race")
            except MlflowException as error:
                return error.error_code

        with ThreadPoolExecutor(64) as pool:
            answers = list(pool.map(create, range(64)))
        assert answers.count("RESOURCE_ALREADY_EXISTS") == 63
