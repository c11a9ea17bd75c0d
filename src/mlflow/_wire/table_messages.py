"""The messages of tables of runs: what the pages ask of an experiment, and get as columns.

Stores take and return these themselves: a page of ten thousand rows has no entities in between.
"""

from mlflow._wire.messages import Double, EnumName, Int64, Message


class OfExperiments(Message):
    """A request about experiments."""

    experiment_ids: list[str] = []


class OfMatchingRuns(OfExperiments):
    """A request about the runs that a filter selects."""

    filter: str | None = None
    run_view_type: EnumName | None = None


class SearchRunTable(OfMatchingRuns):
    """Ask for a page of runs with chosen columns.

    A column is ``metrics.loss``, ``min:metrics.loss``, ``params.lr`` or ``tags.x``, a key in
    backticks or as it is. So many columns of metrics and params that tell the runs of the page
    apart come in addition. With ``ids_only`` rows are ids: for who lacks a column only. An order
    names columns too, and attributes such as ``attributes.duration``.
    """

    order_by: list[str] = []
    columns: list[str] = []
    telling_metrics: Int64 | None = None
    telling_params: Int64 | None = None
    ids_only: bool | None = None
    max_results: Int64 | None = None
    page_token: str | None = None


class TableRow(Message, gc=False):
    """A run of a table."""

    run_id: str | None = None
    experiment_id: str | None = None
    run_name: str | None = None
    status: str | None = None
    lifecycle_stage: str | None = None
    start_time: Int64 | None = None
    end_time: Int64 | None = None
    user_id: str | None = None
    parent_run_id: str | None = None
    color: str | None = None
    has_children: bool | None = None


class TableColumn(Message):
    """The values of one column, null where a run has none: of metrics numbers, otherwise texts."""

    id: str | None = None
    kind: str | None = None
    key: str | None = None
    aggregate: str | None = None
    numbers: list[Double | None] = []
    texts: list[str | None] = []


class RunTableResponse(Message):
    """A page of runs, the values in their order, and how many runs match in all."""

    total: Int64 | None = None
    rows: list[TableRow] = []
    columns: list[TableColumn] = []
    next_page_token: str | None = None


class SearchRunKeys(OfExperiments):
    """Ask for a page of the keys that runs have: of metrics, params, tags, or all."""

    kind: str | None = None
    contains: str | None = None
    max_results: Int64 | None = None
    page_token: str | None = None


class RunKey(Message, gc=False):
    """A key, how many runs have it where that is cheap to say, and whether it is a curve."""

    kind: str | None = None
    key: str | None = None
    runs: Int64 | None = None
    is_curve: bool | None = None


class RunKeysResponse(Message):
    """A page of keys, and how many there are."""

    keys: list[RunKey] = []
    total: Int64 | None = None
    next_page_token: str | None = None


class SearchRunGroups(OfMatchingRuns):
    """Ask for statistics of metrics over groups of runs: by params, tags, user or status."""

    group_by: list[str] = []
    metrics: list[str] = []
    max_results: Int64 | None = None


class GroupMetric(Message, gc=False):
    """A metric's latest values in a group; ``std`` is the sample's."""

    key: str | None = None
    count: Int64 | None = None
    mean: Double | None = None
    min: Double | None = None
    max: Double | None = None
    std: Double | None = None


class RunGroup(Message):
    """The runs that have the same values, null where they have none."""

    values: list[str | None] = []
    runs: Int64 | None = None
    metrics: list[GroupMetric] = []


class RunGroupsResponse(Message):
    """Groups, the largest first, and how many there are."""

    groups: list[RunGroup] = []
    total: Int64 | None = None


class GetExperimentCounts(OfExperiments):
    """Ask how many runs experiments have, and when something last happened there."""


class ExperimentCounts(Message):
    """The runs of an experiment, and the time of its last change in milliseconds."""

    experiment_id: str | None = None
    active_runs: Int64 | None = None
    archived_runs: Int64 | None = None
    last_activity: Int64 | None = None


class ExperimentCountsResponse(Message):
    """Of each experiment that is there."""

    experiments: list[ExperimentCounts] = []
