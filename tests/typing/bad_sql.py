"""What is wrong about expressions: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

from decimal import Decimal

from ferrow.sql import ColumnRef, Delete, Select, TableRef, and_, func
from ferrow.types import Integer, Numeric, Text

t = TableRef("t")
number: ColumnRef[int] = ColumnRef(t, "number", Integer())
age: ColumnRef[int | None] = ColumnRef(t, "age", Integer(), nullable=True)
name: ColumnRef[str] = ColumnRef(t, "name", Text())
price: ColumnRef[Decimal] = ColumnRef(t, "price", Numeric(10, 2))

_ = age >= "x"  # E
_ = number < "x"  # E
_ = name > 3  # E
_ = name >= number  # E
_ = price > "1.5"  # E
_ = price > 1.5  # E

# `==` with anything is a bool for Python; as a condition it is refused.
Select([name], t).where(age == "x")  # E
Select([name], t).where(name == number)  # E
Select([name], t).where(age)  # E
Delete(t, name == 3)  # E
and_(age == "x")  # E
_ = (age > 1) & (name == 3)  # E
_ = (age > 1) & age  # E

age.in_(["x"])  # E
age.in_(3)  # E
age.between("a", "b")  # E
number.contains("x")  # E
name.contains(3)  # E
name.is_("x")  # E

_ = number + "x"  # E
_ = price + 1.5  # E
_ = price % 2  # E
Select([name], t).limit("3")  # E
Select(["name"], t)  # E
func.avg(name)  # E
