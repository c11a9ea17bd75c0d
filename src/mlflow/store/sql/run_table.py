"""Tables of runs: a page of runs with chosen columns only, by a constant number of statements.

A statement joins up to sixteen columns by their primary key, so that the database hands out one row
a run and not one a value; the rows are turned into columns at once. How many runs match is counted
on an index where the filter has one, and not at all where the page holds them all.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from mlflow._core.tags import HEADRACE_COLOR, MLFLOW_PARENT_RUN_ID
from mlflow._search.ast import FieldKind
from mlflow._search.columns import KINDS, ColumnName, parse_column
from mlflow._wire.codec import double
from mlflow._wire.entities import view_type_of
from mlflow._wire.messages import Double
from mlflow._wire.table_messages import RunTableResponse, SearchRunTable, TableColumn, TableRow
from mlflow.entities.run_status import RunStatus
from mlflow.exceptions import MlflowException
from mlflow.store.sql.keys import TAG, key_ids
from mlflow.store.sql.search import checked_max_results, find_page, prepare_runs
from mlflow.store.sql.search_compile import Sql
from mlflow.store.sql.search_runs import TARGET
from mlflow.store.sql.search_statement import is_one_of
from mlflow.store.sql.session import Session
from mlflow.store.sql.telling import telling_keys
from mlflow.store.sql.values import LARGEST, NAN, decode_metric

MAX_RESULTS: Final = 10_000
MAX_COLUMNS: Final = 200
_USUAL_RESULTS: Final = 1_000
_JOINED: Final = 16
_ATTRIBUTES: Final = (
    "r.id", "r.run_uuid", "r.experiment_id", "r.name", "r.status", "r.lifecycle_stage",
    "r.start_time", "r.end_time", "r.user_id",
)  # fmt: skip
_STATUSES: Final = {number: RunStatus.to_string(number) for number in RunStatus.all_status()}
_INDEXED: Final = {"postgresql": "substr(c.value, 1, 180)"}  # what the index of tags holds

Cells = Sequence[Any]


def search_run_table(session: Session, ask: SearchRunTable) -> RunTableResponse:
    """Return a page of the runs that pass a filter.

    Raises:
        MlflowException: ``INVALID_PARAMETER_VALUE`` for an argument that is wrong.
    """
    limit = checked_max_results(ask.max_results or _USUAL_RESULTS, MAX_RESULTS)
    wanted = {text: _column(text) for text in ask.columns}
    telling = (ask.telling_metrics or 0, ask.telling_params or 0)
    if len(wanted) + sum(telling) > MAX_COLUMNS or min(telling) < 0:
        raise MlflowException.invalid_parameter_value(
            f"A table has at most {MAX_COLUMNS} columns, those that tell runs apart included."
        )
    view = view_type_of(ask.run_view_type)
    search, order = prepare_runs(session, ask.experiment_ids, ask.filter, view, ask.order_by)
    if search is None:
        return RunTableResponse(total=0)
    ids, token = find_page(search, order, limit, ask.page_token or None)
    whole = token is None and not ask.page_token
    total = len(ids) if whole else search.count()
    for kind, count in zip((FieldKind.METRIC, FieldKind.PARAM), telling, strict=True):
        for key in telling_keys(session, TARGET.keyed[kind], ids, count):
            name = ColumnName(kind, key)
            if name not in wanted.values():
                wanted[str(name)] = name
    rows, cells = _load(session, ids, list(wanted.values()), ids_only=bool(ask.ids_only))
    columns = [_filled(*each) for each in zip(wanted.items(), cells, strict=True)]
    return RunTableResponse(total=total, rows=rows, columns=columns, next_page_token=token)


def _column(text: str) -> ColumnName:
    name = parse_column(text)
    if name.kind is FieldKind.ATTRIBUTE:
        raise MlflowException.invalid_parameter_value(
            f"The column {text!r} is an attribute: every row has all of them."
        )
    return name


def _load(
    session: Session, ids: Sequence[int], names: Sequence[ColumnName], *, ids_only: bool
) -> tuple[list[TableRow], list[tuple[Cells, Cells]]]:
    """Return the rows of runs, and for each column its values and kinds, in the order of the ids.

    Runs that are gone meanwhile cannot be: all statements see one state of the database.
    """
    if not ids:
        return [], [((), ())] * len(names)
    place = {number: index for index, number in enumerate(ids)}
    joins = list(_joins(session, names))
    rows: list[TableRow] = []
    cells: list[tuple[Cells, Cells]] = []
    head = ([Sql("r.id"), Sql("r.run_uuid")], []) if ids_only else _head(session)
    for start in range(0, len(joins) or 1, _JOINED):
        some = joins[start : start + _JOINED]
        selected = [Sql("r.id")] if start else head[0]
        parts = [*(() if start else head[1]), *(join for _, join in some)]
        width = len(selected)
        found = _rows(session, ids, [*selected, *(Sql(cell) for cell, _ in some)], parts)
        found.sort(key=lambda row: place[row[0]])
        columns = list(zip(*found, strict=True))
        if not start:
            facts = columns[1:width]
            rows = [TableRow(run_id=run) for run in facts[0]] if ids_only else _table_rows(facts)
        cells += [(columns[at], columns[at + 1]) for at in range(width, len(columns), 2)]
    return rows, cells


def _rows(
    session: Session, ids: Sequence[int], selected: Sequence[Sql], joins: Sequence[Sql]
) -> list[tuple[Any, ...]]:
    scope = is_one_of(session.dialect, "r.id", ids)
    return session.rows(
        f"SELECT {', '.join(each.text for each in selected)} FROM hr_runs r"
        f"{''.join(join.text for join in joins)} WHERE {scope.text}",
        [value for part in (*selected, *joins, scope) for value in part.params],
    )


def _head(session: Session) -> tuple[list[Sql], list[Sql]]:
    """Return what is selected of each run beside its columns, and the joins for it."""
    ids = key_ids(session, TAG, (MLFLOW_PARENT_RUN_ID, HEADRACE_COLOR), create=False)
    parent, color = ids.get(MLFLOW_PARENT_RUN_ID), ids.get(HEADRACE_COLOR)
    joins = [
        Sql(f" LEFT JOIN hr_tags {alias} ON {alias}.run_id = r.id AND {alias}.key_id = ?", (key,))
        for alias, key in (("p", parent), ("h", color))
        if key is not None
    ]
    children = Sql("NULL")
    if parent is not None:
        value = _INDEXED.get(session.dialect.name, "c.value")
        children = Sql(
            f"EXISTS (SELECT 1 FROM hr_tags c WHERE c.key_id = ? AND {value} = r.run_uuid)",
            (parent,),
        )
    tags = [
        Sql("NULL" if parent is None else "p.value"),
        Sql("NULL" if color is None else "h.value"),
    ]
    return [*map(Sql, _ATTRIBUTES), *tags, children], joins


def _table_rows(columns: Sequence[Cells]) -> list[TableRow]:
    return [
        TableRow(
            run_id=run_id,
            experiment_id=str(experiment),
            run_name=name,
            status=_STATUSES[status],
            lifecycle_stage=stage,
            start_time=start,
            end_time=end,
            user_id=user,
            parent_run_id=parent,
            color=color,
            has_children=True if children else None,
        )
        for run_id, experiment, name, status, stage, start, end, user, parent, color, children in (
            zip(*columns, strict=True)
        )
    ]


def _joins(session: Session, names: Sequence[ColumnName]) -> Iterator[tuple[str, Sql]]:
    """Yield for each column its two cells and the join that they are read from."""
    known = column_keys(session, names)
    for number, name in enumerate(names):
        key = known.get(name)
        if key is None:
            yield "NULL, NULL", Sql("")
            continue
        value = f"{name.aggregate}_value" if name.aggregate else "value"
        kind = f"x{number}.kind" if name.kind is FieldKind.METRIC else "NULL"
        yield f"x{number}.{value}, {kind}", keyed_join(name, f"x{number}", key)


def column_keys(session: Session, names: Sequence[ColumnName]) -> dict[ColumnName, int]:
    """Return the ids of the keys of columns, those left out that nothing bears."""
    found: dict[ColumnName, int] = {}
    for kind, keyed in TARGET.keyed.items():
        mine = [name for name in names if name.kind is kind]
        if mine:
            ids = key_ids(session, keyed.kind, (name.key for name in mine), create=False)
            found.update({name: ids[name.key] for name in mine if name.key in ids})
    return found


def keyed_join(name: ColumnName, alias: str, key: int) -> Sql:
    """Return the join of a column's row to the run ``r``, by its primary key."""
    table = TARGET.keyed[name.kind].table
    on = f"{alias}.run_id = r.id AND {alias}.key_id = ?"
    return Sql(f" LEFT JOIN {table} {alias} ON {on}", (key,))


def _filled(wanted: tuple[str, ColumnName], cells: tuple[Cells, Cells]) -> TableColumn:
    text, name = wanted
    column = TableColumn(id=text, kind=KINDS[name.kind], key=name.key)
    column.aggregate = name.aggregate or None
    values, kinds = cells
    if name.kind is not FieldKind.METRIC:
        column.texts = list(values)
    elif name.aggregate:
        column.numbers = list(map(_extreme, values, kinds))
    elif any(kinds):
        column.numbers = list(map(_number, values, kinds))
    else:
        column.numbers = list(values)
    return column


def _number(value: float | None, kind: int | None) -> Double | None:
    return None if value is None or kind is None else double(decode_metric(value, kind))


def _extreme(value: float | None, kind: int | None) -> Double | None:
    """Return a least or greatest value: infinities are kept as the largest doubles there."""
    if value is None:
        return "NaN" if kind == NAN else None
    return value if -LARGEST < value < LARGEST else "Infinity" if value > 0 else "-Infinity"
