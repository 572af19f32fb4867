"""What is wrong: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

from datetime import datetime

from ferrow.model import Base, ForeignKey, Mapped, mapped_column
from ferrow.sql import Condition


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column(nullable=True)
    joined: Mapped[datetime] = mapped_column(server_default="CURRENT_TIMESTAMP")


class Wrong(Base):
    a: Mapped[int] = 1  # E
    b: Mapped[str] = mapped_column(primary=True)  # E
    c: Mapped[str] = mapped_column(max_length="10")  # E
    d: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete=3))  # E


user = User(name="Ada")

# The constructor.
User()  # E
User(age=3)  # E
User(name="Ada", nmae="x")  # E
User(name=1)  # E
User(name="Ada", age="36")  # E
User("Ada")  # E
User(name=None)  # E

# Values.
user.age = "36"  # E
user.name = None  # E
user.nmae = "x"  # E
other = User(name="Grace")
length: int = len(other.age)  # E
total = other.age + 1  # E

# Columns.
condition = User.age >= "x"  # E
condition = User.age < datetime(2000, 1, 1)  # E
condition = User.name > 3  # E
condition = User.joined >= "2000-01-01"  # E
condition = User.age.in_(["x"])  # E
condition = User.age.startswith("x")  # E
condition = User.agee >= 18  # E
condition = (User.age >= 18) & "x"  # E
condition = User.age.between("a", "b")  # E
clause: Condition = other.name.startswith("x")  # E
