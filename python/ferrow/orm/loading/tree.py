"""Load options, looked up: which relations of a model are loaded how, and which of those beyond."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ferrow.errors import ProgrammingError, UnknownColumn, nearest
from ferrow.model import table_of
from ferrow.model.relation_ref import RelationRef
from ferrow.orm.loading.option import LoadOption
from ferrow.orm.loading.refined import Refined

if TYPE_CHECKING:
    from ferrow.model.link import Link
    from ferrow.model.relation import Relation

_LAZY = {"selectin": "selectin", "subquery": "selectin", "joined": "joined", "noload": "noload"}
"""What relations that are loaded without being asked for say, and how they are."""


class Node:
    """One relation on the way. `nodes` are those of the objects it leads to."""

    __slots__ = ("nodes", "refined", "relation", "strategy")

    def __init__(self, relation: Relation, strategy: str | None) -> None:
        self.relation: Relation = relation
        self.strategy: str | None = strategy
        self.refined: Refined | None = None
        self.nodes: dict[str, Node] = {}

    @property
    def link(self) -> Link:
        """The columns."""
        return self.relation.link

    @property
    def loads(self) -> bool:
        """Whether objects are read for it."""
        return self.strategy in ("selectin", "joined")

    @property
    def partial(self) -> bool:
        """Whether what is loaded may be less than there is."""
        return self.refined is not None and self.refined.partial

    @property
    def tree(self) -> bool:
        """Whether it is loaded for what it has loaded, too."""
        return self.refined is not None and self.refined.tree


class Loading:
    """What is loaded with the objects of a model. False if nothing is to be done."""

    __slots__ = ("model", "nodes", "options")

    def __init__(self, model: type, options: tuple[LoadOption, ...] = ()) -> None:
        """Look the options up.

        Raises:
            UnknownColumn: no such relation; names the nearest.
            ProgrammingError: an attribute of another model, or one that is no relation; a path through what is not loaded.
            ModelError: it cannot be told which columns a relation is about.
            DataError, TypeError, ValueError, NoSoftDelete: what `where`, `limit`, `with_deleted` were given.
        """
        self.model: type = model
        self.options: tuple[LoadOption, ...] = options
        self.nodes: dict[str, Node] = {}
        for option in options:
            if not isinstance(option, LoadOption):
                msg = f"options() takes load options such as selectinload('posts'), not {option!r}"
                raise ProgrammingError(msg)
            _put(self.nodes, model, option)
        for option in options:
            _check(self.nodes, option)
        _complete(self.nodes, model, ())

    def __bool__(self) -> bool:
        return bool(self.nodes)

    def more(self, options: Iterable[LoadOption]) -> Loading:
        """With more options; of two about the same relation the later one counts. Raises as the constructor."""
        return Loading(self.model, (*self.options, *options))


def loading_of(model: type) -> Loading:
    """What every query of a model loads: the relations that say so."""
    return Loading(model)


def _put(nodes: dict[str, Node], model: type, option: LoadOption) -> None:
    last = len(option.steps) - 1
    for place, step in enumerate(option.steps):
        strategy = step.strategy
        relation = _relation(model, step.key, option)
        found = nodes.get(relation.key)
        if found is None:
            found = nodes[relation.key] = Node(relation, strategy or _LAZY.get(relation.lazy))
        elif strategy is not None:
            found.strategy = strategy
        relation.link  # noqa: B018  # that it cannot be told is an error now
        if step.said:
            found.refined = Refined(relation, step)
        elif place == last:  # a relation that is only passed through keeps what another option says of it
            found.refined = None
        nodes, model = found.nodes, relation.target


def _relation(model: type, step: str | RelationRef, option: LoadOption) -> Relation:
    table = table_of(model)
    if isinstance(step, RelationRef):
        found = table.relations.get(step.key)
        if found is None or not issubclass(found.owner, step.relation.owner):
            msg = f"{option!r}: {step.relation.label} is not a relation of {table.label}"
            raise ProgrammingError(msg)
        return found
    found = table.relations.get(step)
    if found is not None:
        return found
    if step in table.by_key:
        msg = f"{option!r}: {table.label}.{step} is a column, not a relation, and is loaded anyway"
        raise ProgrammingError(msg)
    msg = f"{option!r}: {table.label} has no relation {step!r}. {nearest(step, table.relations)}"
    raise UnknownColumn(msg)


def _check(nodes: dict[str, Node], option: LoadOption) -> None:
    """Refuse a path through a relation that is not loaded: it would say nothing."""
    for step in option.steps[:-1]:
        node = nodes[step.key if isinstance(step.key, str) else step.key.key]
        if not node.loads:
            label = node.relation.label
            msg = f"{option!r} goes through {label}, which is not loaded: say selectinload({node.relation.key!r}) too"
            raise ProgrammingError(msg)
        nodes = node.nodes


def _complete(nodes: dict[str, Node], model: type, path: tuple[type, ...]) -> None:
    """Add the relations that are loaded by every query; not those that lead back to where the path came from."""
    path = (*path, model)
    for relation in table_of(model).relations.values():
        strategy = _LAZY.get(relation.lazy)
        if strategy is not None and relation.key not in nodes and (strategy == "noload" or relation.target not in path):
            nodes[relation.key] = Node(relation, strategy)
    for node in nodes.values():
        if node.loads:
            _complete(node.nodes, node.relation.target, path)
