"""DISTINCT ON in other words: the rows are numbered within each group, and those with number 1 are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.sql.columns import members
from ferrow.sql.form.naming import LABEL, LABEL_REFERENCE
from ferrow.sql.form.select import CLAUSES, COLUMNS, DISTINCT, LIMIT, LOCKED, OFFSET, ORDER_BY, WITH_CTES
from ferrow.sql.form.window import OVER

if TYPE_CHECKING:
    from ferrow.sql.writer import Writer


def numbered(out: Writer, shape: Any) -> str:
    """Return `SELECT c1 AS name ... FROM (SELECT ..., row_number() OVER (PARTITION BY on ORDER BY order) AS n ...) WHERE n = 1`."""
    columns = members(shape[COLUMNS])
    on = [_meant(term, columns) for term in shape[DISTINCT]]
    order = [(form, _meant(operand, columns), *rest) for form, operand, *rest in shape[ORDER_BY]]

    before = out.defined
    said = CLAUSES["with"](out, shape)
    inside = [f"{out.write(column)} AS c{place}" for place, column in enumerate(columns, 1)]
    inside += [f"{out.write(term[1])} AS o{place}" for place, term in enumerate(order, 1)]
    rows = _without(shape, DISTINCT, ORDER_BY, LIMIT, OFFSET, WITH_CTES, LOCKED)
    rest = out.clauses(CLAUSES, [name for name in out.dialect.select_clauses if name not in {"with", "select"}], rows)
    if any(_has_window(term) for term in (*on, *order)):  # no window may look into another one of the same query
        inside += [f"{out.comparable(term)} AS d{place}" for place, term in enumerate(on, 1)]
        sorted_by = [_sorted(out, place, term) for place, term in enumerate(order, 1)]
        number = _numbering([f"d{place}" for place in range(1, len(on) + 1)], sorted_by)
        source = f"SELECT *, {number} FROM (SELECT {', '.join(inside)} {rest}){out.dialect.derived}"
    else:
        number = _numbering([out.comparable(term) for term in on], [out.write(term) for term in order])
        source = f"SELECT {', '.join([*inside, number])} {rest}"
    texts = [
        said,
        f"SELECT {', '.join([_named(out, place, column) for place, column in enumerate(columns, 1)])}",
        f"FROM ({source}){out.dialect.derived} WHERE n = 1",
        f"ORDER BY {', '.join([_sorted(out, place, term) for place, term in enumerate(order, 1)])}" if order else "",
        CLAUSES["limit"](out, shape),
    ]
    out.defined = before
    return " ".join([text for text in texts if text])


def _numbering(groups: list[str], order: list[str]) -> str:
    sorting = f" ORDER BY {', '.join(order)}" if order else ""
    return f"row_number() OVER (PARTITION BY {', '.join(groups)}{sorting}) AS n"


def _has_window(shape: Any) -> bool:
    return type(shape) is tuple and (OVER in shape[:1] or any(_has_window(part) for part in shape))


def _meant(term: Any, columns: Any) -> Any:
    """What a label stands for: windows do not know the labels of the query they are in."""
    if type(term) is not tuple or term[0] is not LABEL_REFERENCE:
        return term
    return next(
        column[3] for column in columns if type(column) is tuple and column[0] is LABEL and column[2] == term[2]
    )


def _without(shape: Any, *positions: int) -> tuple[Any, ...]:
    empty: dict[int, Any] = {ORDER_BY: (), DISTINCT: False}
    return tuple([empty.get(place) if place in positions else part for place, part in enumerate(shape)])


def _named(out: Writer, place: int, column: Any) -> str:
    name = column[2] if type(column) is tuple and column[0] is LABEL else getattr(column, "name", None)
    return f"c{place}" if name is None else f"c{place} AS {out.name(name)}"


def _sorted(out: Writer, place: int, term: Any) -> str:
    _, operand, descending, nulls = term
    own = out.type_of(operand)
    text = (out.dialect.sortable(own, own, leaf=False) or "{}").format(f"o{place}")
    return out.dialect.ordered(text, descending=descending, nulls=nulls)
