"""How the database would run a query: `query.explain()`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

# What PostgreSQL says about every node, and `QueryPlan` says in a line of its own or in the first one.
_ROW = {"Node Type", "Plans", "Parent Relationship", "Parallel Aware", "Async Capable", "Disabled"}
_TITLE = {"Relation Name", "Schema", "Alias", "Index Name", "Join Type", "Strategy", "Scan Direction"}
_COST = {"Startup Cost", "Total Cost", "Plan Rows", "Plan Width"}
_ACTUAL = {"Actual Startup Time", "Actual Total Time", "Actual Rows", "Actual Loops"}


class PlanNode:
    """One step of a plan.

    Attributes:
        title: what is done, and on what: `Index Scan on users using users_pkey`.
        details: what else the database says about it, by its own names.
        children: the steps whose rows it takes.
    """

    __slots__ = ("children", "details", "title")

    def __init__(self, title: str, details: Mapping[str, Any], children: list[PlanNode]) -> None:
        self.title: str = title
        self.details: dict[str, Any] = dict(details)
        self.children: list[PlanNode] = children

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The step and those below it as lines of text, each step two places further to the right; `depth`: where the first one stands."""
        start = "" if depth == 0 else "  " * (2 * depth - 1) + "-> "
        yield f"{start}{self.title}{_figures(self.details)}"
        for name, value in self._said():
            yield "  " * (2 * depth + 1) + f"{name}: {value}"
        for child in self.children:
            yield from child.lines(depth + 1)

    def _said(self) -> list[tuple[str, Any]]:
        silent = _ROW | _TITLE | _COST | _ACTUAL
        return [(name, value) for name, value in self.details.items() if name not in silent]

    def html(self) -> str:
        """The step and those below it as nested lists."""
        said = "".join([f"<br><small>{escape(f'{name}: {value}')}</small>" for name, value in self._said()])
        below = "".join([child.html() for child in self.children])
        own = f"<b>{escape(self.title)}</b>{escape(_figures(self.details))}{said}"
        return f"<li>{own}{f'<ul>{below}</ul>' if below else ''}</li>"

    def __repr__(self) -> str:
        return f"<PlanNode {self.title}>"


class QueryPlan:
    """How the database would run a query, or has run it.

    Attributes:
        sql: the query.
        tree: the steps, the last one (which gives the rows) at the top.
        facts: what the database says about the whole, such as `Execution Time` in milliseconds.
    """

    __slots__ = ("facts", "sql", "tree")

    def __init__(self, sql: str, tree: PlanNode, facts: Mapping[str, Any]) -> None:
        self.sql: str = sql
        self.tree: PlanNode = tree
        self.facts: dict[str, Any] = dict(facts)

    @property
    def text(self) -> str:
        """The plan as indented text."""
        return "\n".join([*self.tree.lines(), *[f"{name}: {value}" for name, value in self.facts.items()]])

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.tree.title}>"

    def _repr_html_(self) -> str:
        facts = "".join([f"<p>{escape(f'{name}: {value}')}</p>" for name, value in self.facts.items()])
        return f"<pre><code>{escape(self.sql)}</code></pre><ul>{self.tree.html()}</ul>{facts}"


def _figures(details: Mapping[str, Any]) -> str:
    text = ""
    if "Total Cost" in details:
        text += "  (cost={Startup Cost:.2f}..{Total Cost:.2f} rows={Plan Rows} width={Plan Width})".format(**details)
    if "Actual Total Time" in details:
        figures = (
            "(actual time={Actual Startup Time:.3f}..{Actual Total Time:.3f} rows={Actual Rows} loops={Actual Loops})"
        )
        text += " " + figures.format(**details)
    elif details.get("Actual Loops") == 0:
        text += " (never executed)"
    return text


def of_json(sql: str, rows: list[tuple[Any, ...]]) -> QueryPlan:
    """The plan in `FORMAT JSON` of PostgreSQL, or MariaDB's: one row of one document."""
    if isinstance(rows[0][0], Mapping):
        whole = dict(rows[0][0])
        return QueryPlan(sql, _part("query_block", whole.pop("query_block")), whole)
    whole = dict(rows[0][0][0])
    plan = whole.pop("Plan")
    return QueryPlan(sql, _step(plan), {name: value for name, value in whole.items() if value not in ([], {})})


def _part(name: str, plan: Mapping[str, Any]) -> PlanNode:
    """A step in MariaDB's words, with those inside it."""
    details = {key: value for key, value in plan.items() if not _inside(value)}
    title = name.replace("_", " ")
    if "table_name" in plan:
        title = f"{plan.get('access_type', title)} on {plan['table_name']}"
        if "key" in plan:
            title += f" using {plan['key']}"
    children: list[PlanNode] = []
    for key, value in plan.items():
        if isinstance(value, Mapping):
            children.append(_part(key, value))
        elif _inside(value):  # a list of steps, each an object of one name
            children += [
                _part(inner, what) for one in value for inner, what in one.items() if isinstance(what, Mapping)
            ]
    return PlanNode(title, details, children)


def _inside(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _step(plan: Mapping[str, Any]) -> PlanNode:
    name = str(plan["Node Type"])
    if plan.get("Strategy") in ("Hashed", "Sorted", "Mixed") and name == "Aggregate":
        name = {"Hashed": "HashAggregate", "Sorted": "GroupAggregate", "Mixed": "MixedAggregate"}[plan["Strategy"]]
    if plan.get("Join Type") not in (None, "Inner"):
        name = f"{name} ({plan['Join Type']})"
    if "Relation Name" in plan:
        name += f" on {plan['Relation Name']}"
        if plan.get("Alias") not in (None, plan["Relation Name"]):
            name += f" {plan['Alias']}"
    elif "Alias" in plan:
        name += f" on {plan['Alias']}"
    if "Index Name" in plan:
        name += f" using {plan['Index Name']}"
    return PlanNode(name, plan, [_step(child) for child in plan.get("Plans", ())])


def of_rows(sql: str, rows: list[tuple[Any, ...]]) -> QueryPlan:
    """The plan in SQLite's `EXPLAIN QUERY PLAN`: rows of (id, parent, unused, text)."""
    top = PlanNode("QUERY PLAN", {}, [])
    nodes = {0: top}
    for number, parent, _, text in rows:
        nodes[number] = made = PlanNode(text, {}, [])
        nodes.get(parent, top).children.append(made)
    return QueryPlan(sql, top, {})
