"""What an option says of the rows of a relation: conditions, an order, a limit for each owner, deleted ones too, levels of a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import NoSoftDelete, ProgrammingError
from ferrow.orm.criteria import ALL
from ferrow.orm.words import words_of
from ferrow.sql import Select
from ferrow.sql.scope import check_scope

if TYPE_CHECKING:
    from ferrow.model.relation import Relation
    from ferrow.model.table import Table
    from ferrow.model.visible import Deleted
    from ferrow.orm.criteria import Criteria
    from ferrow.orm.loading.option import Step
    from ferrow.sql import Condition


class Refined:
    """Which rows of a relation are loaded.

    Attributes:
        criteria: conditions, order, limit and offset, in the words of the target.
        deleted, scoped: as for queries.
        levels: how often the relation is followed where it leads to its own model; None: to the end.
    """

    __slots__ = ("criteria", "deleted", "levels", "scoped")

    def __init__(self, relation: Relation, step: Step) -> None:
        """Look up what was said.

        Raises:
            UnknownColumn: the target has no such column; names the nearest.
            ProgrammingError: a relation to one object, of which there is nothing to choose; a column of another table; levels of what is no tree.
            NoSoftDelete: the target has no soft deletion.
            DataError, TypeError, ValueError: as for the methods of a query.
        """
        self.criteria: Criteria = ALL
        self.deleted: Deleted = "without"
        self.scoped: bool = True
        self.levels: int | None = 1
        for word, args, keywords in step.said:
            if word not in _OF_ONE and not relation.many:
                raise ProgrammingError(
                    f"{relation.label} is one object, and {word}() is for collections: whether there is one does not depend on who asks. "
                    f"Give the condition to the query, filter({relation.key}__...=...)"
                )
            self._say(relation, word, args, keywords)
        if self.criteria is not ALL:
            table = words_of(relation.target).table
            check_scope(self.criteria.select(words_of(relation.target), [table.columns[0].ref]).shape)

    def _say(self, relation: Relation, word: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        words = words_of(relation.target)
        if word == "where":
            self.criteria = self.criteria.filtered(words, args, keywords)
        elif word == "order_by":
            self.criteria = self.criteria.ordered(words, args, **keywords)
        elif word == "limit":
            self.criteria = self.criteria.limited(*args)
        elif word == "offset":
            self.criteria = self.criteria.skipping(*args)
        elif word == "unscoped":
            self.scoped = False
        elif word == "recursive":
            if relation.target is not relation.owner and not issubclass(relation.target, relation.owner):
                raise ProgrammingError(
                    f"{relation.label} leads to {words.table.label}, so there is no tree of it: recursive() is for relations of a model with itself"
                )
            (self.levels,) = args
        else:
            if words.table.visible is None or words.table.visible.deleted is None:
                raise NoSoftDelete(
                    f"{word}() of {relation.label} is for models with soft deletion, and {words.table.label} has none: derive it from "
                    "SoftDeleteMixin, or give a column soft_delete=True"
                )
            self.deleted = "with" if word == "with_deleted" else "only"

    @property
    def partial(self) -> bool:
        """Whether it may leave out objects of the collection that a plain load would have."""
        return bool(self.criteria.where) or self.criteria.cut or self.deleted == "only"

    @property
    def tree(self) -> bool:
        """Whether the relation is followed further."""
        return self.levels != 1

    def shown(self, table: Table) -> Condition | None:
        """What holds for the rows of the target, or an alias of it, that are seen, as of now."""
        visible = table.visible
        return None if visible is None else visible.condition(table.ref, self.deleted, scoped=self.scoped)

    def applied(self, statement: Select) -> Select:
        """With the conditions."""
        condition = self.criteria.condition()
        return statement if condition is None else statement.where(condition)

    @property
    def key(self) -> tuple[Any, ...]:
        """What distinguishes it from others."""
        return (self.criteria.key, self.criteria.values, self.deleted, self.scoped, self.levels)


_OF_ONE = frozenset({"with_deleted", "unscoped", "recursive"})
