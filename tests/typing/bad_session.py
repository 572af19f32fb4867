"""What is wrong about sessions: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

from ferrow.engine import create_engine
from ferrow.model import Base, Mapped, mapped_column
from ferrow.orm import AsyncSession, Session


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column(nullable=True)


class Post(Base):
    id: Mapped[int] = mapped_column(primary_key=True)


engine = create_engine("sqlite::memory:")


def sync() -> object:
    session = Session(engine)
    user: User = session.get(User, 1)  # E
    post: Post | None = session.get(User, 1)  # E
    name = session.get(User, 1).name  # E
    posts: list[Post] = session.query(User).all()  # E
    session.query(User).filter(User.age == "x").all()  # E
    session.query(User).filter(User.age >= "x").all()  # E
    session.query(User).filter(True).all()  # E
    session.query(User).limit("3").all()  # E
    session.query(User()).all()  # E
    session.gett(User, 1)  # E
    session.get("users", 1)  # E
    user = session.insert(Post())  # E
    return post, posts, user, name


async def asynchronous() -> object:
    session = AsyncSession(await create_engine("sqlite::memory:"))
    user: User | None = session.get(User, 1)  # E
    other: User = await session.get(User, 1)  # E
    first: Post | None = await session.query(User).first()  # E
    async for _ in session.query(User).filter(User.agee == 1):  # E
        pass
    return user, other, first


def both() -> object:
    with AsyncSession(engine) as session:  # E
        return session
