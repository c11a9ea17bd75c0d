"""The contract of runs, their params and their tags, on every database."""

from collections.abc import Callable

import pytest

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_status import RunStatus
from mlflow.entities.run_tag import RunTag
from mlflow.environment_variables import MLFLOW_TRUNCATE_LONG_VALUES
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

NAME = "mlflow.runName"


@pytest.fixture
def run_id(store: SqlAlchemyStore) -> str:
    """A run in an experiment of its own."""
    experiment_id = store.create_experiment("of the run")
    return store.create_run(experiment_id, "me", 5, [RunTag("x", "y")], "named").info.run_id


class TestRuns:
    def test_create_and_get(self, store: SqlAlchemyStore) -> None:
        """A new run comes back as it was created."""
        run = store.create_run("0", "me", 5, [RunTag("x", "y")], "named")
        assert store.get_run(run.info.run_id).to_dictionary() == run.to_dictionary()
        info = run.info
        assert (info.status, info.lifecycle_stage, info.run_name) == ("RUNNING", "active", "named")
        assert (info.start_time, info.end_time, info.user_id) == (5, None, "me")
        assert run.data.tags == {"x": "y", NAME: "named"}
        root = store.artifact_root_uri
        assert info.artifact_uri == f"{root}/0/{info.run_id}/artifacts"

    def test_names(self, store: SqlAlchemyStore) -> None:
        """The name comes from the argument or the tag, which must agree, or is made up."""
        tagged = store.create_run("0", "u", 1, [RunTag(NAME, "by tag")], None)
        assert tagged.info.run_name == "by tag"
        made_up = store.create_run("0", "u", 1, None, "")
        assert made_up.info.run_name
        assert made_up.data.tags == {NAME: made_up.info.run_name}
        same = store.create_run("0", "u", 1, [RunTag(NAME, "same")], "same")
        assert same.info.run_name == "same"
        with pytest.raises(MlflowException, match="different values"):
            store.create_run("0", "u", 1, [RunTag(NAME, "one")], "other")

    def test_chosen_id(self, store: SqlAlchemyStore) -> None:
        """A client's id makes one run, however often it is sent; elsewhere it is taken."""
        run_id = "0123456789abcdef" * 2
        run = store.create_run("0", "me", 5, [RunTag("x", "y")], "named", run_id=run_id)
        again = store.create_run("0", "me", 6, [RunTag("x", "z")], "other", run_id=run_id)
        assert run.info.run_id == run_id
        assert again.to_dictionary() == run.to_dictionary()
        elsewhere = store.create_experiment("elsewhere")
        with pytest.raises(MlflowException, match="exists in experiment 0") as e:
            store.create_run(elsewhere, "me", 5, [], "named", run_id=run_id)
        assert e.value.error_code == "RESOURCE_ALREADY_EXISTS"
        for wrong in ("", "A" * 32, "0" * 31, "0" * 33, "../" + "0" * 29, "0" * 32 + "\n"):
            with pytest.raises(MlflowException, match="cannot be chosen"):
                store.create_run("0", "me", 5, [], "named", run_id=wrong)

    def test_unknown(self, store: SqlAlchemyStore) -> None:
        """A run that is not there is a resource that does not exist, for every method."""
        missing = "f" * 32
        calls = (
            lambda: store.get_run(missing),
            lambda: store.delete_run(missing),
            lambda: store.restore_run(missing),
            lambda: store.update_run_info(missing, RunStatus.FINISHED, 1, None),
            lambda: store.log_param(missing, Param("a", "b")),
            lambda: store.set_tag(missing, RunTag("a", "b")),
            lambda: store.delete_tag(missing, "a"),
            lambda: store.log_batch(missing, [], [], []),
        )
        for call in calls:
            with pytest.raises(MlflowException, match=f"Run with id={missing} not found") as e:
                call()
            assert e.value.error_code == "RESOURCE_DOES_NOT_EXIST"
        with pytest.raises(MlflowException) as e:
            store.create_run("999999", "u", 1, [], None)
        assert e.value.error_code == "RESOURCE_DOES_NOT_EXIST"

    def test_update(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Status, end and name change; None and an empty name leave a field as it is."""
        info = store.update_run_info(run_id, RunStatus.FINISHED, 99, "other")
        assert (info.status, info.end_time, info.run_name) == ("FINISHED", 99, "other")
        again = store.update_run_info(run_id, None, None, "")
        assert dict(again) == dict(info) == dict(store.get_run(run_id).info)
        assert store.get_run(run_id).data.tags[NAME] == "other"
        with pytest.raises(MlflowException):
            store.update_run_info(run_id, 77, None, None)

    def test_a_finished_run_takes_more(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Finished is a status, not a lock."""
        store.update_run_info(run_id, RunStatus.FINISHED, 99, None)
        store.log_param(run_id, Param("late", "1"))
        assert store.get_run(run_id).data.params == {"late": "1"}

    def test_a_deleted_run_takes_nothing(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Deleting can be repeated; a deleted run can be read and restored, not written."""
        store.delete_run(run_id)
        store.delete_run(run_id)
        assert store.get_run(run_id).info.lifecycle_stage == "deleted"
        calls = (
            lambda: store.log_param(run_id, Param("a", "b")),
            lambda: store.set_tag(run_id, RunTag("a", "b")),
            lambda: store.delete_tag(run_id, "x"),
            lambda: store.log_batch(run_id, [], [], []),
            lambda: store.update_run_info(run_id, RunStatus.FINISHED, 1, None),
        )
        for call in calls:
            with pytest.raises(MlflowException, match="Current state is deleted") as e:
                call()
            assert e.value.error_code == "INVALID_PARAMETER_VALUE"
        store.restore_run(run_id)
        store.restore_run(run_id)
        store.set_tag(run_id, RunTag("a", "b"))


class TestParams:
    def test_first_value_stays(self, store: SqlAlchemyStore, run_id: str) -> None:
        """The same value again is fine, another one is refused and both are named."""
        store.log_param(run_id, Param("p", "1"))
        store.log_param(run_id, Param("p", "1"))
        with pytest.raises(MlflowException, match=r"'p'.*value='1'.*new value '2'") as e:
            store.log_param(run_id, Param("p", "2"))
        assert e.value.error_code == "INVALID_PARAMETER_VALUE"
        with pytest.raises(MlflowException, match="'old_value': '1', 'new_value': '2'"):
            store.log_batch(run_id, [], [Param("q", "3"), Param("p", "2")], [RunTag("t", "u")])
        data = store.get_run(run_id).data
        assert data.params == {"p": "1"}
        assert "t" not in data.tags

    def test_twice_in_one_request(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A key twice in one request is refused, even with one value."""
        with pytest.raises(MlflowException, match=r"Duplicate parameter keys.*\['p'\]"):
            store.log_batch(run_id, [], [Param("p", "1"), Param("p", "1")], [])

    def test_texts_come_back(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Long, empty, accented, spaced and four-byte texts come back byte for byte."""
        values = {
            "empty": "",
            "long": "x" * 6000,
            "wide": "😀" * 6000,
            "spaces ": "  trailing  ",
            "a": "1",
            "a/b": "2",
            "A": "3",
            "é": "e\u0301",
            "quote'\"`\\%_?": "'\"`\\%s ? \n\r\t",
            "k" * 250: "v",
        }
        store.log_batch(run_id, [], [Param(k, v) for k, v in values.items()], [])
        assert store.get_run(run_id).data.params == values

    def test_long_values(
        self, store: SqlAlchemyStore, run_id: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Over-long values are cut with one warning."""
        store.log_param(run_id, Param("p", "x" * 6001))
        store.set_tag(run_id, RunTag("t", "x" * 8001))
        data = store.get_run(run_id).data
        assert (len(data.params["p"]), len(data.tags["t"])) == (6000, 8000)
        assert [("6001" in text, "8001" in text) for text in caplog.messages] == [
            (True, False),
            (False, True),
        ]

    def test_long_values_refused(
        self, store: SqlAlchemyStore, run_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """They are refused when cutting is switched off."""
        monkeypatch.setenv(MLFLOW_TRUNCATE_LONG_VALUES.name, "false")
        calls: list[Callable[[], None]] = [
            lambda: store.log_param(run_id, Param("p", "x" * 6001)),
            lambda: store.set_tag(run_id, RunTag("t", "x" * 8001)),
        ]
        for call in calls:
            with pytest.raises(MlflowException, match="maximum length") as e:
                call()
            assert e.value.error_code == "INVALID_PARAMETER_VALUE"

    @pytest.mark.parametrize("key", ["", None, 5, "x" * 251, "a\0b", "\udc00"])
    def test_wrong_keys(self, store: SqlAlchemyStore, run_id: str, key: str) -> None:
        """A key that cannot be kept is an invalid parameter, wherever it comes."""
        calls = (
            lambda: store.log_param(run_id, Param(key, "v")),
            lambda: store.set_tag(run_id, RunTag(key, "v")),
            lambda: store.delete_tag(run_id, key),
            lambda: store.log_batch(run_id, [], [Param(key, "v")], []),
            lambda: store.log_batch(run_id, [], [], [RunTag(key, "v")]),
            lambda: store.create_run("0", "u", 1, [RunTag(key, "v")], None),
        )
        for call in calls:
            with pytest.raises(MlflowException) as e:
                call()
            assert e.value.error_code == "INVALID_PARAMETER_VALUE"


class TestTags:
    def test_set_and_delete(self, store: SqlAlchemyStore, run_id: str) -> None:
        """The last value counts; a tag that is not there cannot be removed."""
        store.set_tag(run_id, RunTag("t", "1"))
        store.log_batch(run_id, [], [], [RunTag("t", "2"), RunTag("t", "3")])
        assert store.get_run(run_id).data.tags["t"] == "3"
        store.delete_tag(run_id, "t")
        with pytest.raises(MlflowException, match="No tag with name: t in run") as e:
            store.delete_tag(run_id, "t")
        assert e.value.error_code == "RESOURCE_DOES_NOT_EXIST"

    def test_the_name_is_a_tag(self, store: SqlAlchemyStore, run_id: str) -> None:
        """Setting the tag renames the run; removing it leaves the name."""
        store.set_tag(run_id, RunTag(NAME, "by set_tag"))
        assert store.get_run(run_id).info.run_name == "by set_tag"
        store.log_batch(run_id, [], [], [RunTag(NAME, "by log_batch")])
        assert store.get_run(run_id).info.run_name == "by log_batch"
        store.delete_tag(run_id, NAME)
        run = store.get_run(run_id)
        assert run.info.run_name == "by log_batch"
        assert NAME not in run.data.tags

    def test_batch_limits(self, store: SqlAlchemyStore, run_id: str) -> None:
        """At most 100 params and 100 tags a request."""
        with pytest.raises(MlflowException, match="at most 100 params. Got 101"):
            store.log_batch(run_id, [], [Param(f"p{i}", "1") for i in range(101)], [])
        with pytest.raises(MlflowException, match="at most 100 tags. Got 101"):
            store.log_batch(run_id, [], [], [RunTag(f"p{i}", "1") for i in range(101)])


class TestStrangeIds:
    @pytest.mark.parametrize(
        "text", ["a\x00b", "\x00", "\U0001f600", "a" * 70_000, "' OR 1=1 --", "%"]
    )
    def test_no_such_run(self, store: SqlAlchemyStore, text: str) -> None:
        """An id that no run can have is the caller's fault on every database."""
        for call in (store.get_run, store.delete_run, store.restore_run):
            with pytest.raises(MlflowException) as caught:
                call(text)
            assert caught.value.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
        with pytest.raises(MlflowException) as caught:
            store.set_tag(text, RunTag("a", "b"))
        assert caught.value.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")

    def test_the_largest_page(self, store: SqlAlchemyStore, run_id: str) -> None:
        """A page may be as large as a number can say."""
        store.log_metric(run_id, Metric("a", 1.0, 1, 1))
        assert len(store.get_metric_history(run_id, "a", 2**63 - 1)) == 1
        assert len(store.get_metric_history_bulk([run_id], "a", 2**63 - 1)) == 1
