"""Relations of objects that are there: one statement per relation and chunk of keys, to any depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.orm.loading.keys import reader
from ferrow.orm.loading.selectin import selected
from ferrow.orm.plan import plan_of
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
        with unit.quiet():  # what has been loaded so far would look like the program's own
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
            found = await _read(engine, plan, instances, node)
        else:
            if node.strategy == "noload":
                for instance in instances:
                    plan.writer.attach(instance, node.relation.key, _empty(node))
            continue
        if node.nodes:
            await _load(engine, plan_of(node.link.model, plan.dialect), found, node.nodes, joined)


async def _read(engine: AsyncEngine, plan: Plan[Any], instances: Sequence[Any], node: Node) -> list[Any]:
    """Read and attach one relation; the objects it leads to, each once."""
    link, key, attach = node.link, node.relation.key, plan.writer.attach
    read = reader(link.near)
    keys = [read(instance) for instance in instances]
    related, objects = await selected(
        engine, plan.dialect, link, [one for one in dict.fromkeys(keys) if one is not None]
    )
    if link.many:
        made = node.relation.collection
        for instance, one in zip(instances, keys, strict=True):
            attach(instance, key, made(related.get(one, ())))
    else:
        for instance, one in zip(instances, keys, strict=True):
            found = related.get(one)
            attach(instance, key, found[0] if found else None)
    return objects


def _there(node: Node, instances: Sequence[Any]) -> list[Any]:
    key = node.relation.key
    found = [getattr(instance, key) for instance in instances]
    return list({id(one): one for one in found if one is not None}.values())


def _empty(node: Node) -> Any:
    return node.relation.collection(()) if node.link.many else None
