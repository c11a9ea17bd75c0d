"""The tables: integer keys inside, upstream's ids outside, every name prefixed ``hr_``.

Keys of metrics, params and tags are interned in ``hr_keys``; a metric row is then 31 bytes where
text keys take 282. Tables that are read by run are clustered by run (``WITHOUT ROWID`` on SQLite,
the primary key on MariaDB). Text compares by bytes on every database.

``kind`` beside a metric value: 0 finite, 1 NaN, 2 +Inf, 3 -Inf, 4 -0.0. No database of the three
keeps all of these in a double; the value column holds 0.0 for NaN and -0.0 and the largest finite
double for the infinities, so that ordering by value still works.
"""

from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.mysql import LONGBLOB, LONGTEXT, MEDIUMTEXT
from sqlalchemy.schema import SchemaItem

metadata: Final = MetaData()
# In a table's info: how full PostgreSQL packs its pages, in percent.
FILL_FACTOR: Final = "fillfactor"

# By bytes and without padding; the two servers have no such collation in common.
_MARIADB: Final = "utf8mb4_nopad_bin"
_MYSQL: Final = "utf8mb4_0900_bin"
_POSTGRESQL: Final = "C"


def _name(length: int) -> String:
    """Return a text type short enough to be indexed, compared by bytes on every database."""
    return (
        String(length)
        .with_variant(String(length, collation=_POSTGRESQL), "postgresql")
        .with_variant(String(length, collation=_MYSQL), "mysql")
        .with_variant(String(length, collation=_MARIADB), "mariadb")
    )


def _text() -> Text:
    """Return a text type of any length, compared by bytes on every database."""
    return (
        Text()
        .with_variant(Text(collation=_POSTGRESQL), "postgresql")
        .with_variant(MEDIUMTEXT(collation=_MYSQL), "mysql")
        .with_variant(MEDIUMTEXT(collation=_MARIADB), "mariadb")
    )


def _long_text() -> Text:
    return (
        Text()
        .with_variant(Text(collation=_POSTGRESQL), "postgresql")
        .with_variant(LONGTEXT(collation=_MYSQL), "mysql")
        .with_variant(LONGTEXT(collation=_MARIADB), "mariadb")
    )


# SQLite's rowid alias is INTEGER; the others want 64 bits said.
_id = BigInteger().with_variant(Integer(), "sqlite")
_blob = LargeBinary().with_variant(LONGBLOB(), "mysql", "mariadb")


def _on_mysql(_ddl: Any, _target: Any, bind: Any, *_rest: Any, **_options: Any) -> bool:
    return bind.dialect.name in ("mysql", "mariadb")


def _table(name: str, *items: SchemaItem, **options: Any) -> Table:
    return Table(name, metadata, *items, **options)


def _clustered(name: str, *items: SchemaItem, **options: Any) -> Table:
    """Return a table whose rows lie in the order of its primary key."""
    return _table(name, *items, sqlite_with_rowid=False, **options)


def _ids(*names: str) -> list[Column[int]]:
    """Return columns of the primary key that hold ids of other tables."""
    return [Column(name, _id, primary_key=True, autoincrement=False) for name in names]


def _values(name: str, owner: str) -> Table:
    """Return a table of texts by the id of what has them and the id of their key."""
    return _clustered(name, *_ids(owner, "key_id"), Column("value", _text(), nullable=False))


def _index_values(table: Table, name: str) -> None:
    """Index a run's values by key; long ones by their beginning where an index row is bounded."""
    c = table.c
    Index(name, c.key_id, c.value, c.run_id).ddl_if(dialect="sqlite")
    Index(name, c.key_id, func.substr(c.value, 1, 180), c.run_id).ddl_if(dialect="postgresql")
    bounded = {"value": 180}
    Index(name, c.key_id, c.value, c.run_id, mysql_length=bounded, mariadb_length=bounded).ddl_if(
        callable_=cast("Any", _on_mysql)  # whose protocol names parameters that nothing here needs
    )


# What the database says about itself.
info = _table(
    "hr_info",
    Column("name", _name(100), primary_key=True),
    Column("value", _text(), nullable=False),
)

experiments = _table(
    "hr_experiments",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("name", _name(500), nullable=False, unique=True),
    Column("artifact_location", _text(), nullable=True),
    Column("lifecycle_stage", _name(20), nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    Index("hr_experiments_by_time", "lifecycle_stage", "last_update_time", "id"),
    # Artifacts lie under the id: it is never given out again.
    sqlite_autoincrement=True,
)

keys = _table(
    "hr_keys",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("kind", SmallInteger, nullable=False),
    Column("name", _name(250), nullable=False),
    UniqueConstraint("kind", "name", name="hr_keys_by_name"),
)

experiment_tags = _values("hr_experiment_tags", "experiment_id")

runs = _table(
    "hr_runs",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("run_uuid", _name(32), nullable=False, unique=True),
    Column("experiment_id", _id, nullable=False),
    Column("name", _text(), nullable=False),
    Column("user_id", _name(256), nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("lifecycle_stage", _name(20), nullable=False),
    Column("start_time", BigInteger, nullable=False),
    Column("end_time", BigInteger, nullable=True),
    Column("deleted_time", BigInteger, nullable=True),
    # Relative to the experiment's artifact location when below it.
    Column("artifact_uri", _text(), nullable=False),
    # Of its client, by the database's clock; NULL when there never was one.
    Column("last_heartbeat", BigInteger, nullable=True),
    # By the database's clock, and at most so old as ``run_changes.py`` says; 0 before revision 2.
    Column("changed_time", BigInteger, nullable=False, server_default=text("0")),
    Index("hr_runs_by_change", "experiment_id", "changed_time", "id"),
    Index("hr_runs_by_start", "experiment_id", "lifecycle_stage", "start_time", "run_uuid"),
    Index("hr_runs_by_deletion", "deleted_time"),
)

metrics = _clustered(
    "hr_metrics",
    *_ids("run_id", "key_id"),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("timestamp", BigInteger, primary_key=True, autoincrement=False),
    Column("value", Double, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
)

latest_metrics = _clustered(
    "hr_latest_metrics",
    *_ids("run_id", "key_id"),
    Column("experiment_id", _id, nullable=False),
    Column("value", Double, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("step", BigInteger, nullable=False),
    # Over all points but NaN; NULL while there is none.
    Column("min_value", Double, nullable=True),
    Column("max_value", Double, nullable=True),
    Column("count", BigInteger, nullable=False),
    Index("hr_latest_metrics_by_value", "experiment_id", "key_id", "kind", "value", "run_id"),
    # Room in each page for the new versions of its rows.
    info={FILL_FACTOR: 80},
)

params = _values("hr_params", "run_id")
_index_values(params, "hr_params_by_value")

tags = _values("hr_tags", "run_id")
_index_values(tags, "hr_tags_by_value")

datasets = _table(
    "hr_datasets",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("dataset_uuid", _name(36), nullable=False, unique=True),
    Column("experiment_id", _id, nullable=False),
    Column("name", _name(500), nullable=False),
    Column("digest", _name(36), nullable=False),
    Column("source_type", _name(36), nullable=False),
    Column("source", _long_text(), nullable=False),
    Column("schema", _long_text(), nullable=True),
    Column("profile", _long_text(), nullable=True),
    UniqueConstraint("experiment_id", "name", "digest", name="hr_datasets_by_name"),
)

# What a run read: datasets and models alike.
dataset_inputs = _clustered(
    "hr_dataset_inputs",
    *_ids("run_id", "dataset_id"),
    Column("input_uuid", _name(36), nullable=False),
    Column("position", Integer, nullable=False),
    Index("hr_dataset_inputs_by_dataset", "dataset_id", "run_id"),
)

input_tags = _clustered(
    "hr_input_tags",
    *_ids("run_id", "dataset_id"),
    Column("name", _name(255), primary_key=True),
    Column("value", _text(), nullable=False),
)

logged_models = _table(
    "hr_logged_models",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("model_uuid", _name(36), nullable=False, unique=True),
    Column("experiment_id", _id, nullable=False),
    Column("name", _name(500), nullable=False),
    Column("artifact_location", _text(), nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("status_message", _text(), nullable=True),
    Column("lifecycle_stage", _name(20), nullable=False),
    Column("model_type", _name(500), nullable=True),
    Column("source_run_id", _name(32), nullable=True),
    Index("hr_logged_models_by_time", "experiment_id", "lifecycle_stage", "creation_time", "id"),
    Index("hr_logged_models_by_run", "source_run_id"),
)

model_tags = _values("hr_model_tags", "model_id")

model_params = _values("hr_model_params", "model_id")

# A metric that was logged for a model, within a run and perhaps on a dataset: the empty text says
# none, because a key holds no NULL. The whole point is the key, so that a repeated one merges and
# two datasets measured in one millisecond do not collide.
model_metrics = _clustered(
    "hr_model_metrics",
    *_ids("model_id", "key_id"),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("timestamp", BigInteger, primary_key=True, autoincrement=False),
    Column("run_id", _id, primary_key=True, autoincrement=False),
    Column("dataset_name", _name(500), primary_key=True),
    Column("dataset_digest", _name(36), primary_key=True),
    Column("value", Double, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("experiment_id", _id, nullable=False),
    Index("hr_model_metrics_by_run", "run_id"),
)

model_inputs = _clustered(
    "hr_model_inputs",
    Column("run_id", _id, primary_key=True, autoincrement=False),
    Column("model_uuid", _name(36), primary_key=True),
    Column("position", Integer, nullable=False),
)

model_outputs = _clustered(
    "hr_model_outputs",
    Column("run_id", _id, primary_key=True, autoincrement=False),
    Column("model_uuid", _name(36), primary_key=True),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
)

run_documents = _clustered(
    "hr_run_documents",
    Column("run_id", _id, primary_key=True, autoincrement=False),
    Column("name", _name(250), primary_key=True),
    Column("content_type", _name(250), nullable=False),
    Column("digest", _name(64), nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Index("hr_run_documents_by_digest", "digest"),
)

# Under the SHA-256 of the bytes as they were logged: many runs hold the same. Shorter than its
# size, the content is compressed by zlib.
document_contents = _table(
    "hr_document_contents",
    Column("digest", _name(64), primary_key=True),
    Column("content", _blob, nullable=False),
    Column("size", BigInteger, nullable=False),
)

# What a client's journal has delivered: every sequence below the floor, and those named above it.
journals = _table(
    "hr_journals",
    Column("journal_id", _name(64), primary_key=True),
    Column("floor", BigInteger, nullable=False),
    Column("applied", _text(), nullable=False),
)

# What was answered to a request, for as long as it may be repeated.
request_keys = _table(
    "hr_request_keys",
    Column("request_key", _name(250), primary_key=True),
    Column("response", _blob, nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Index("hr_request_keys_by_time", "creation_time"),
)

# What runs wrote to their terminals. Positions count from 1 in each run, and ``total`` is the sum
# of the lengths up to here: what is older than is kept is found by either.
console = _clustered(
    "hr_console",
    Column("run_id", _id, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", SmallInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("time_ms", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("content", _text(), nullable=False),
    UniqueConstraint("run_id", "stream", "sequence", name="hr_console_by_sequence"),
)

# What is kept of long series for charts: see ``summaries.py``. Which points the cells hold: those
# up to this one in the order of the key.
series = _clustered(
    "hr_series",
    *_ids("run_id", "key_id"),
    Column("axis", SmallInteger, primary_key=True, autoincrement=False),
    Column("level", SmallInteger, nullable=False),
    Column("built", BigInteger, nullable=False),
    Column("cells", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("value", Double, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    # Least and greatest position on the axis.
    Column("low", BigInteger, nullable=False),
    Column("high", BigInteger, nullable=False),
)

series_cells = _clustered(
    "hr_series_cells",
    *_ids("run_id", "key_id"),
    Column("axis", SmallInteger, primary_key=True, autoincrement=False),
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column("points", BigInteger, nullable=False),
    # On the finest level of time: between which steps the points lie.
    Column("first_step", BigInteger, nullable=True),
    Column("last_step", BigInteger, nullable=True),
    Column("content", _blob, nullable=False),
)

# What files a logged model consists of, with their digests: JSON, and the digest of it all.
model_manifests = _table(
    "hr_model_manifests",
    Column("model_id", _id, primary_key=True, autoincrement=False),
    Column("digest", _name(64), nullable=False),
    Column("content", _long_text(), nullable=False),
)

registered_models = _table(
    "hr_registered_models",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("name", _name(256), nullable=False, unique=True),
    Column("description", _text(), nullable=True),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    # The greatest number that a version was ever given: none is given twice.
    Column("last_version", BigInteger, nullable=False),
    Index("hr_registered_models_by_time", "last_update_time", "id"),
    # A history must not pass on to the next model.
    sqlite_autoincrement=True,
)

registered_model_tags = _values("hr_registered_model_tags", "model_id")

model_versions = _table(
    "hr_model_versions",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("model_id", _id, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    Column("description", _text(), nullable=True),
    Column("stage", SmallInteger, nullable=False),
    # As the caller named it, and where the files are, as far as that was known.
    Column("source", _text(), nullable=False),
    Column("storage_location", _text(), nullable=True),
    Column("run_id", _name(250), nullable=True),
    Column("run_link", _text(), nullable=True),
    Column("status", SmallInteger, nullable=False),
    Column("status_message", _text(), nullable=True),
    # The logged model behind it, the digest of its manifest, and what came of the check.
    Column("model_uuid", _name(36), nullable=True),
    Column("digest", _name(64), nullable=True),
    Column("digest_status", SmallInteger, nullable=False),
    UniqueConstraint("model_id", "version", name="hr_model_versions_by_number"),
    Index("hr_model_versions_by_stage", "model_id", "stage", "version"),
    Index("hr_model_versions_by_run", "run_id"),
    Index("hr_model_versions_by_time", "last_update_time", "id"),
)

model_version_tags = _values("hr_model_version_tags", "version_id")

model_aliases = _clustered(
    "hr_model_aliases",
    Column("model_id", _id, primary_key=True, autoincrement=False),
    Column("alias", _name(255), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Index("hr_model_aliases_by_version", "model_id", "version"),
)

# Who moved which alias to which version, or a version to which stage, and when, by the database's
# clock. An alias without a version was removed.
model_moves = _table(
    "hr_model_moves",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("model_id", _id, nullable=False),
    # The empty text for a stage.
    Column("alias", _name(255), nullable=False),
    Column("version", BigInteger, nullable=True),
    Column("stage", SmallInteger, nullable=True),
    Column("time_ms", BigInteger, nullable=False),
    Column("user_id", _name(256), nullable=True),
    Index("hr_model_moves_by_alias", "model_id", "alias", "id"),
)

# When something last changed, by the database's clock: a registered model by its name, the logged
# models of an experiment by its id. Who follows asks for the last seconds; see ``news.py``.
changes = _clustered(
    "hr_changes",
    Column("topic", _name(20), primary_key=True),
    Column("name", _name(256), primary_key=True),
    Column("changed_time", BigInteger, nullable=False),
    Index("hr_changes_by_time", "topic", "changed_time"),
)

# Whom to tell of what happens in the registry; the secret is sealed under the operator's key.
webhooks = _table(
    "hr_webhooks",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("uuid", _name(36), nullable=False),
    Column("name", _name(63), nullable=False),
    Column("url", _name(500), nullable=False),
    Column("events", _text(), nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    Column("description", _text(), nullable=True),
    Column("status", SmallInteger, nullable=False),
    Column("secret", _text(), nullable=True),
    UniqueConstraint("uuid", name="hr_webhooks_by_uuid"),
)

# What they are still to be told.
webhook_deliveries = _table(
    "hr_webhook_deliveries",
    Column("id", _id, primary_key=True, autoincrement=True),
    Column("uuid", _name(36), nullable=False),
    Column("webhook_id", _id, nullable=False),
    Column("body", _text(), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_time", BigInteger, nullable=False),
    Index("hr_webhook_deliveries_by_time", "due_time", "id"),
    Index("hr_webhook_deliveries_by_webhook", "webhook_id"),
)
