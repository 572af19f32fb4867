"""Rows that stand for groups: which columns a query gives, by what it groups, and which conditions are about groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ferrow.errors import ProgrammingError, UnknownColumn, nearest
from ferrow.orm.annotated import AnnotatedWords, annotated_words, named
from ferrow.orm.criteria import ALL
from ferrow.orm.extras import NONE
from ferrow.orm.q import Q
from ferrow.orm.windowed import about
from ferrow.sql import ColumnRef, Expr, Labelled, Ordering, func
from ferrow.sql.expr import condition
from ferrow.sql.form.logic import IS_NOT_TRUE
from ferrow.sql.grouping import aggregates, stray
from ferrow.sql.operators import truth

if TYPE_CHECKING:
    from ferrow.orm.criteria import Criteria, Filter
    from ferrow.orm.extras import Extras
    from ferrow.orm.words import Words
    from ferrow.sql import Source


def grouped(criteria: Criteria) -> bool:
    """Whether a row of the result is a group."""
    extras = criteria.extras
    return extras is not None and bool(
        extras.group or extras.having or any(aggregates(one.shape) for one in extras.annotations)
    )


def by_key(words: Words, criteria: Criteria) -> bool:
    """Whether the groups are those of the primary key, so that each of them is a row of the model."""
    extras = criteria.extras
    if extras is None or not words.table.primary_key:
        return False
    shapes = {plain(one).shape for one in extras.group}
    return all(column.ref.shape in shapes for column in words.table.primary_key)


def must_be_rows(words: Words, criteria: Criteria, purpose: str) -> None:
    """Raise ProgrammingError if the rows are groups or may be empty, where instances are needed."""
    if criteria.extras is not None and criteria.extras.empty_rows:
        msg = (
            f"{purpose} gives instances of {words.table.label}, and after right_join() or full_join() there may be rows without one; ask for "
            "values() or values_list(), or begin with the other model and left_join()"
        )
        raise ProgrammingError(msg)
    if grouped(criteria) and not by_key(words, criteria):
        msg = (
            f"{purpose} gives instances of {words.table.label}, and the rows of this query are groups; ask for values() or "
            "values_list(), or group by the primary key"
        )
        raise ProgrammingError(msg)


# --- conditions ------------------------------------------------------------------------------------------------------


def filtered(criteria: Criteria, words: Words, conditions: Sequence[Filter], keywords: Mapping[str, Any]) -> Criteria:
    """`Criteria.filtered` where there are annotations: what is about groups goes to HAVING, what is about windows around the query."""
    said: dict[str, tuple[list[Filter], dict[str, Any]]] = {"where": ([], {}), "having": ([], {}), "over": ([], {})}
    for one in conditions:
        found = one.resolved(words) if isinstance(one, Q) else truth(one)
        said[about(found)][0].append(found)
    for keyword, value in keywords.items():
        computed = words.computed(keyword) if isinstance(words, AnnotatedWords) else None
        said["where" if computed is None else about(computed)][1][keyword] = value
    made = criteria.filtered(words, *said["where"])
    extras = made.extras or NONE
    groups, windows_ = (ALL.filtered(words, *said[where]).condition() for where in ("having", "over"))
    if groups is not None:
        extras = extras._replace(having=(*extras.having, groups))
    if windows_ is not None:
        extras = extras._replace(over=(*extras.over, windows_))
    return made if extras is made.extras or extras is NONE else made.extended(extras)


class HavingWords(AnnotatedWords):
    """What names mean in HAVING: annotations, `count` (of the rows in the group), and the columns grouped by."""

    __slots__ = ("_group",)

    def __init__(self, base: Words, criteria: Criteria) -> None:
        known = base.annotations if isinstance(base, AnnotatedWords) else {}
        super().__init__(base, {"count": func.count(), **known})
        extras = criteria.extras or NONE
        shapes = {plain(one).shape for one in extras.group}
        self._group = [key for key, column in base.table.by_key.items() if column.ref.shape in shapes]

    def _meant(self, keyword: str) -> Any:
        if self.computed(keyword) is None:
            found = super()._meant(keyword)
            column = getattr(found, "column", None)  # a path along a relation has none
            if column is None or column.key not in self._group:
                name, known = keyword.partition("__")[0], [*self.annotations, *self._group]
                msg = f"having({keyword}=...): {name!r} is not the same in all of a group. {nearest(name, known)}"
                raise ProgrammingError(msg)
            return found
        return super()._meant(keyword)

    def _neither(self, name: str) -> UnknownColumn:
        known = [*self.annotations, *self._group]
        msg = f"having() knows no {name!r}: annotate({name}=...) first. {nearest(name, known)}"
        return UnknownColumn(msg)


def having(criteria: Criteria, words: Words, conditions: Sequence[Filter], keywords: Mapping[str, Any]) -> Criteria:
    """With conditions on groups."""
    found = ALL.filtered(HavingWords(words, criteria), conditions, keywords).condition()
    if found is None:
        return criteria
    extras = criteria.extras or NONE
    return criteria.extended(extras._replace(having=(*extras.having, found)))


def excluded(criteria: Criteria, words: Words, q: Q) -> Criteria:
    """Without the rows that a condition holds for."""
    if not q:
        return criteria
    found = q.resolved(words)
    return filtered(criteria, words, (condition((IS_NOT_TRUE, found.shape), found.values),), {})


# --- groups ----------------------------------------------------------------------------------------------------------


def annotated(criteria: Criteria, words: Words, given: Sequence[Any], terms: Mapping[str, Any]) -> Criteria:
    """With more annotations."""
    extras = criteria.extras or NONE
    return criteria.extended(extras._replace(words=annotated_words(words, given, terms)))


def grouped_by(criteria: Criteria, words: Words, columns: Sequence[Any]) -> Criteria:
    """Grouped by these, after those there are."""
    if not columns:
        msg = f"group_by() of {words.table.label} needs something to group by: group_by({words.table.columns[0].key!r})"
        raise ProgrammingError(msg)
    found = [words.expression(column) for column in columns]
    for one in found:
        if aggregates(one.shape):
            msg = f"group_by() cannot group by {one!r}, which is computed over the rows of a group"
            raise ProgrammingError(msg)
    extras = criteria.extras or NONE
    return criteria.extended(extras._replace(group=(*extras.group, *[_labelled(one) for one in found])))


def first_of_each(criteria: Criteria, words: Words, columns: Sequence[Any]) -> Criteria:
    """Only the first row of each combination of these."""
    extras = criteria.extras or NONE
    on = tuple([words.expression(column) for column in columns])
    for one in on:
        if not one.type.ordered:
            msg = f"distinct({one!r}) of {words.table.label}: {one.type!r} values have no order, so none of them is the first"
            raise ProgrammingError(msg)
    return criteria.extended(extras._replace(on=(*extras.on, *on)))


# --- columns ---------------------------------------------------------------------------------------------------------


def chosen(
    words: Words, criteria: Criteria, columns: Sequence[Any], terms: Mapping[str, Any], *, only: bool = False
) -> tuple[list[Expr[Any]], Criteria]:
    """The result columns of `values`, each under its attribute's name, and the criteria grouped as they need it.

    Annotations come along unless `only` what is named is wanted. Without names it is what the rows have: the columns grouped
    by, or those of the model.

    Raises:
        UnknownColumn: no such column.
        ProgrammingError: a column that is not the same in all of a group.
    """
    found = [_called(words.expression(column), column) for column in columns]
    found += named(words, terms, "values").values()
    criteria = _different_places(criteria, found)
    extras = criteria.extras
    if extras is None and not any(aggregates(one.shape) for one in found):
        columns_ = [_labelled(one) for one in found or [column.ref for column in words.table.columns]]
        if criteria.distinct and criteria.order_values:
            _, criteria = _same_places(NONE, criteria, columns_)
        return columns_, criteria
    extras = extras or NONE
    annotations = extras.annotations
    computed = any(aggregates(one.shape) for one in (*found, *annotations))
    if not found and (extras.group or not computed):
        found = [*extras.group] or [column.ref for column in words.table.columns]
    if not only:
        known = {one.shape for one in found}
        found += [one for one in annotations if one.shape not in known]
    columns_ = [_labelled(one) for one in found]
    extras, criteria = _same_places(extras, criteria, columns_)
    for one in extras.group:
        _groupable(one)
    if (computed or extras.having) and not extras.group:
        extras = extras._replace(group=tuple([_groupable(one) for one in columns_ if not aggregates(one.shape)]))
        criteria = criteria.extended(extras)
    if extras.group or computed:
        _must_be_grouped(words, criteria, columns_)
    return columns_, criteria


def _different_places(criteria: Criteria, found: Sequence[Expr[Any]]) -> Criteria:
    """Distinct rows with places in documents as groups: so they can be sorted, and 1 and 1.0 are one on every database."""
    inside = [one for one in found if one.type.kind == "json"]
    if not criteria.distinct or not inside or any(isinstance(plain(one), ColumnRef) for one in inside):
        return criteria
    extras = criteria.extras or NONE
    if extras.on or extras.group or any(aggregates(one.shape) for one in (*found, *extras.annotations)):
        return criteria
    return criteria.repeating().extended(extras._replace(group=tuple(found)))


def _same_places(extras: Extras, criteria: Criteria, columns: Sequence[Expr[Any]]) -> tuple[Extras, Criteria]:
    """What is grouped or sorted by as the result columns it also is: to PostgreSQL two expressions with parameters of their own,
    such as two places in documents, are never the same."""
    known: dict[Any, list[Labelled[Any]]] = {}
    for column in columns:
        if isinstance(column, Labelled) and column.values:
            known.setdefault(column.expr.shape, []).append(column)
    if not known:
        return extras, criteria

    def same(one: Expr[Any]) -> Expr[Any]:
        # Values are compared, not hashed: some are lists.
        found = known.get(plain(one).shape, ()) if one.values else ()
        return next((column for column in found if column.values == one.values), one)

    extras = extras._replace(group=tuple([same(one) for one in extras.group]))
    terms = [Ordering(same(term.expr), descending=term.descending, nulls=term.nulls) for term in criteria.terms]
    return extras, criteria.extended(extras).resorted(terms)


def _must_be_grouped(words: Words, criteria: Criteria, columns: Sequence[Expr[Any]]) -> None:
    # SQLite would take the values of an arbitrary row, PostgreSQL's error names neither model nor way out.
    extras = criteria.extras or NONE
    whole = keyed([words.table.ref, *[side.source for side in extras.sides]], extras.group)
    ordered = [term.expr for term in criteria.terms]
    for one in (*columns, *ordered, *extras.having):
        found = stray(one, extras.group, whole)
        if found is not None:
            label = words.table.label if found.table is words.table.ref.shape else found.table.called
            msg = (
                f"{label}.{found.key} is not the same in all rows of a group: add it to group_by() or values(), "
                "or aggregate it, as func.max(...) does"
            )
            raise ProgrammingError(msg)


def keyed(sources: Sequence[Source], group: Sequence[Expr[Any]]) -> set[Any]:
    """The keys of those tables whose primary key is among what is grouped by: their other columns are the same in a group."""
    shapes = {plain(one).shape for one in group}
    found: set[Any] = set()
    for source in sources:
        described = getattr(source, "described", None)
        key = () if described is None else described.primary_key
        if key and all(column.ref.of(source).shape in shapes for column in key):
            found.add(source.key)
    return found


def must_sort_by(words: Words, criteria: Criteria, columns: Sequence[Expr[Any]]) -> None:
    """Raise ProgrammingError where different rows are sorted by what is not in them: there is no one value of it."""
    if not criteria.distinct:
        return
    known = [plain(one) for one in columns]
    for term in criteria.terms:
        by = plain(term.expr)
        if not any(one.shape == by.shape and one.values == by.values for one in known):
            msg = (
                f"the different rows of {words.table.label} cannot be sorted by {by!r}, which is not among "
                "their columns: ask for it too, or leave it out of the order"
            )
            raise ProgrammingError(msg)


def _called(one: Expr[Any], said: Any) -> Expr[Any]:
    """A value at the end of a path (`meta__plan`) is called as it was asked for."""
    return one.label(said) if isinstance(said, str) and not isinstance(one, (ColumnRef, Labelled)) else one


def _groupable(one: Expr[Any]) -> Expr[Any]:
    if one.values and not isinstance(one, Labelled):
        # PostgreSQL does not see that two expressions with parameters are the same; by a label the first one is meant.
        msg = f"groups by the calculation {one!r} need a name for it: annotate(name=...) or label('name')"
        raise ProgrammingError(msg)
    return _labelled(one)


def _labelled(one: Expr[Any]) -> Expr[Any]:
    return one.label(one.key) if isinstance(one, ColumnRef) and one.key != one.name else one


def plain(one: Expr[Any]) -> Expr[Any]:
    """The expression without its label."""
    return one.expr if isinstance(one, Labelled) else one
