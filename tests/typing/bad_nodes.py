"""What is wrong about queries of queries: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

from ferrow.sql import ColumnRef, Delete, Explain, Insert, Select, TableRef, Update, Values, excluded, recursive
from ferrow.types import Integer, Text

users = TableRef("users")
number: ColumnRef[int] = ColumnRef(users, "number", Integer())
name: ColumnRef[str] = ColumnRef(users, "name", Text())
query = Select([number], users)
insert = Insert(users, [number], (1,))

query.union(users)  # E
query.intersect("x")  # E
query.union(query).join(users, number == 1)  # E
query.union(query).for_update()  # E
query.subquery()  # E
query.subquery(1)  # E
query.cte("c", materialized="yes")  # E
query.join(query, number == 1)  # E
query.join(users, number == "x")  # E
query.left_join(users)  # E
query.cross_join(users, number == 1)  # E
query.for_update(skip="locked")  # E
query.for_update(of=users)  # E
query.distinct("name")  # E
number.in_(users)  # E
_ = excluded(number) < "x"  # E
_ = excluded(query)  # E
insert.on_conflict_do_update(number)  # E
insert.on_conflict_do_update(number, ["name"])  # E
insert.on_conflict_do_update(number, [name], where=name == 3)  # E
insert.on_conflict_do_nothing("number")  # E
Insert.from_query(users, [number], users)  # E
Update(users, [(name, "x")], from_=users)  # E
Delete(users, using=[query])  # E
recursive("r", query, query)  # E
Explain(users)  # E
Values("v", ["id"], [(1,)])  # E
