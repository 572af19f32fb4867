"""Relations of objects that are there: one statement per relation and chunk of keys, to any depth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.orm.loading.hidden import hide, unhide
from ferrow.orm.loading.keys import reader
from ferrow.orm.loading.partial import partial_of
from ferrow.orm.loading.selectin import selected
from ferrow.orm.plan import plan_of
from ferrow.orm.relations.collection import ManyToManyCollection, PartialLinks
from ferrow.orm.unit.around import unit_of
from ferrow.orm.unit.remembered import loaded

if TYPE_CHECKING:
    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.loading.tree import Loading, Node
    from ferrow.orm.plan import Plan


async def load(
    engine: AsyncEngine,
    plan: Plan[Any],
    instances: Sequence[Any],
    options: Loading,
    *,
    joined: frozenset[Any] = frozenset(),
) -> None:
    """Load what `options` say into the instances. Nodes in `joined` are there already, and only what is beyond them is loaded."""
    unit = unit_of(engine)
    if unit is None:
        await _load(engine, plan, instances, options.nodes, joined)
        return
    try:
        async with unit.quiet(writes=False):  # what has been loaded so far would look like the program's own
            await _load(engine, plan, instances, options.nodes, joined)
    finally:
        if unit.follows:
            loaded(unit, instances, options.nodes)


async def _load(
    engine: AsyncEngine, plan: Plan[Any], instances: Sequence[Any], nodes: Mapping[str, Node], joined: frozenset[Any]
) -> None:
    if not instances:
        return
    for node in nodes.values():
        if node in joined:
            found = _there(node, instances)
        elif node.loads:
            found = await (_tree if node.tree else _read)(engine, plan, instances, node)
        else:
            if node.strategy == "noload":
                _leave_empty(plan, instances, node)
            continue
        if node.nodes:
            await _load(engine, plan_of(node.link.model, plan.dialect), found, node.nodes, joined)


def _leave_empty(plan: Plan[Any], instances: Sequence[Any], node: Node) -> None:
    plan.writer.attach_all(instances, node.relation.key, [_empty(node) for _ in instances])
    if node.link.belongs:
        for instance in instances:
            hide(instance, node.relation.key)


async def _tree(engine: AsyncEngine, plan: Plan[Any], instances: Sequence[Any], node: Node) -> list[Any]:
    """Read and attach a relation of a model with itself, level by level; all objects below the first ones.

    One row is one object in all levels: so circles end, and what is asked for as a whole takes one statement.
    """
    assert node.refined is not None
    identity = reader(plan.table.key_columns(f"loading {node.relation.label} as a tree"))
    known = {identity(one): one for one in instances}
    level, found, left = instances, [], node.refined.levels
    while level and left != 0:
        level = await _read(engine, plan, level, node, (identity, known))
        found += level
        left = None if left is None else left - 1
    return found


async def _read(
    engine: AsyncEngine,
    plan: Plan[Any],
    instances: Sequence[Any],
    node: Node,
    tree: tuple[Callable[[Any], Any], dict[Any, Any]] | None = None,
) -> list[Any]:
    """Read and attach one relation; the objects it leads to, each once, of a tree those that were not known."""
    keys = [*map(reader(node.link.near), instances)]
    wanted = [one for one in dict.fromkeys(keys) if one is not None]
    related, objects = await selected(engine, plan.dialect, node.link, wanted, node.refined)
    if tree is not None:
        identity, known = tree
        objects = [one for one in objects if known.setdefault(identity(one), one) is one]
        related = {key: [known[identity(one)] for one in found] for key, found in related.items()}
    if node.link.many:
        values = _collections(engine, instances, node, keys, related, shared=len(wanted) < len(keys))
        plan.writer.attach_all(instances, node.relation.key, values)
    else:
        _attach_single(plan, instances, node, keys, related, missing=len(related) < len(wanted))
    return objects


def _collections(
    engine: AsyncEngine,
    instances: Sequence[Any],
    node: Node,
    keys: Sequence[Any],
    related: Mapping[Any, Any],
    *,
    shared: bool,
) -> list[Any]:
    """The value for each instance. `shared`: whether several instances have the same key, and so need lists of their own."""
    if node.relation.writes_links:
        links = PartialLinks if node.partial else ManyToManyCollection
        name, pairs = node.relation.key, zip(instances, keys, strict=True)
        return [links.of(engine, each, name, related.get(key, ())) for each, key in pairs]
    made = partial_of(node.relation.collection) if node.partial else node.relation.collection
    if made is list and not shared:
        return [related.get(key) or [] for key in keys]
    return [made(related.get(key, ())) for key in keys]


def _attach_single(
    plan: Plan[Any],
    instances: Sequence[Any],
    node: Node,
    keys: Sequence[Any],
    related: Mapping[Any, Any],
    *,
    missing: bool,
) -> None:
    """`missing`: whether some keys lead to no row that is seen; then None does not mean that the foreign key is NULL."""
    name = node.relation.key
    unhide(instances, name)
    there = [found[0] if (found := related.get(key)) else None for key in keys]
    plan.writer.attach_all(instances, name, there)
    if node.link.belongs and missing:
        for instance, one, key in zip(instances, there, keys, strict=True):
            if one is None and key is not None:
                hide(instance, name)


def _there(node: Node, instances: Sequence[Any]) -> list[Any]:
    key = node.relation.key
    found = [getattr(instance, key) for instance in instances]
    return list({id(one): one for one in found if one is not None}.values())


def _empty(node: Node) -> Any:
    return node.relation.collection(()) if node.link.many else None
