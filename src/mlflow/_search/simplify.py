"""Equal meanings in fewer tests: ``k = 1 OR k = 2`` asks once for what ``k IN (1, 2)`` asks."""

from mlflow._search.ast import And, Field, Node, Not, Operator, Or, Test, Value

_EQUALITIES = (Operator.EQ, Operator.IN)


def simplify(node: Node) -> Node:
    """Return a tree of the same meaning, equalities of one field within an OR merged."""
    if isinstance(node, Test):
        return node
    if isinstance(node, Not):
        return Not(simplify(node.operand))
    operands = [simplify(each) for each in node.operands]
    if isinstance(node, And):
        return And(tuple(operands))
    merged: dict[Field, dict[Value, None]] = {}
    others: list[Node] = []
    for each in operands:
        if isinstance(each, Test) and each.operator in _EQUALITIES:
            merged.setdefault(each.field, {}).update(dict.fromkeys(each.values))
        else:
            others.append(each)
    tests: list[Node] = [
        Test(field, Operator.IN if len(values) > 1 else Operator.EQ, tuple(values))
        for field, values in merged.items()
    ]
    found = [*tests, *others]
    return found[0] if len(found) == 1 else Or(tuple(found))
