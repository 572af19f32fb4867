"""What is right about queries of queries: neither checker may have a word to say."""

from __future__ import annotations

from typing import Any, assert_type

from ferrow.sql import (
    CTE,
    ColumnRef,
    Compound,
    Condition,
    Delete,
    Explain,
    Expr,
    Insert,
    Join,
    Query,
    Select,
    Source,
    Subquery,
    TableRef,
    Update,
    Values,
    excluded,
    exists,
    func,
    literal,
    recursive,
    true,
)
from ferrow.types import Integer, Text

users = TableRef("users")
number: ColumnRef[int] = ColumnRef(users, "number", Integer())
name: ColumnRef[str] = ColumnRef(users, "name", Text())
posts = TableRef("posts")
author: ColumnRef[int] = ColumnRef(posts, "author", Integer())

query = Select([number, name], users).where(number > 1)
assert_type(query, Select)
assert_type(query.subquery("s"), Subquery)
assert_type(query.subquery("s", lateral=True).c.name, ColumnRef[Any])
assert_type(query.cte("c", materialized=True), CTE)
assert_type(query.cte("c").as_("d"), CTE)
assert_type(number.of(query.cte("c")), ColumnRef[int])
assert_type(query.union(query, query.except_(query)), Compound)
assert_type(query.intersect(query).order_by(name.desc()).limit(3).offset(1), Compound)
assert_type(query.union_all(query).subquery("u").c["name"], ColumnRef[Any])
assert_type(query.scalar(), Expr[Any])
assert_type(query.exists() & exists(query.union(query)), Condition)
assert_type(number.in_(query.union(query)), Condition)
assert_type(query.distinct(name, number), Select)
assert_type(query.distinct(), Select)
assert_type(query.for_update(of=[users], skip_locked=True), Select)

team = query.subquery("team")
assert_type(query.join(team, team.c.number == number).left_join(posts, author == number), Select)
assert_type(query.full_join(posts, author == number).cross_join(users.as_("u")), Select)
assert_type(query.joined(Join(team, true(), kind="FULL")), Select)

tree = recursive("tree", query, lambda me: Select([number, name], users).join(me, me.c.number == number), all=False)
assert_type(tree, CTE)
assert_type(Select([literal(1)]), Select)

assert_type(excluded(number), ColumnRef[int])
insert = Insert(users, [number, name], (1, "x"))
assert_type(insert.on_conflict_do_nothing(), Insert)
assert_type(insert.on_conflict_do_nothing([number]).row((1, "y")), Insert)
assert_type(insert.on_conflict_do_update(number, [name, (number, number + excluded(number))], where=number > 3), Insert)
assert_type(Insert.of_rows(users, [number], [(1,), (2,)], returning=[number]), Insert)
assert_type(Insert.from_query(users, [number], query.union(query)), Insert)
assert_type(Update(users, [(name, "x")], author == number, from_=[posts, team]), Update)
assert_type(Delete(users, author == number, using=[posts]), Delete)
assert_type(Explain(query, analyze=True), Explain)

rows = Values("v", {"id": Integer()}, [(1,), (2,)])
sources: list[Source] = [users, team, tree, rows]
queries: list[Query] = [query, query.union(query)]
assert_type(Select([func.count()], rows).where(rows.c.id > 1), Select)
