"""Mistakes with statements: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

from ferrow import Base, Mapped, Session, create_engine, delete, insert, mapped_column, optional, select, update


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column()


class Post(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int]


session = Session(create_engine("sqlite::memory:"))
names = session.execute(select(User.name))
pairs = session.execute(select(User.name, optional(Post.title)).left_join(Post, Post.author_id == User.id))

numbers: list[int] = names.scalars().all()  # E
length = len(names.one().name)  # E
rows: list[tuple[str, int]] = session.execute(select(User.name, User.age)).all()  # E
for _name, title in pairs:
    title.upper()  # E
for _one, _two, _three in pairs:  # E
    pass
for _name, post in session.execute(select(User.name, optional(Post)).left_join(Post)):
    post.title.upper()  # E
users: list[User] = session.execute(select(Post)).scalars().all()  # E
for _user in session.execute(select(User)):  # E
    pass
select("name")  # E
select(3, User.name)  # E
select(User.name, User.nmae)  # E
select(User.name).where(User.age > "x")  # E
select(User.name).where("age > 3")  # E
select(User.name).where(User.name)  # E
select(User.name).limit("3")  # E
select(User.name).join("posts")  # E
select(User.name).join(Post, "x = y")  # E
select(User.name).union(select(User.id))  # E
select(User.name, User.id).scalar()  # E
optional(3)  # E
number: int = session.execute(insert(User).values(name="x").returning(User.name)).one()[0]  # E
insert(User).returning(User.id).values(name="x")  # E
insert(User).values(name="x").on_conflict_do_update()  # E
insert(User).values(name="x").on_conflict_do_update("name", where="age > 3")  # E
update(User).where(User.age < "x")  # E
delete(User).where(User.nmae == "x")  # E
session.execute(User)  # E
session.upsert(User(name="x"))  # E
post2: Post = session.upsert(User(name="x"), "name")  # E
session.bulk_update(User, "age = 3")  # E
User.id.in_(User.name)  # E
