"""Keys and columns beyond the ordinary, through a session: composite, UUID and text keys, encoded values, server defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel, field_validator

from ferrow import Base, ForeignKey, Mapped, mapped_column
from ferrow.errors import DataError, UniqueViolation
from tests.support import maybe
from tests.support.colours import Runner

pytestmark = pytest.mark.parametrize("style", ["declarative"])


class State(Enum):
    OPEN = "open"
    DONE = "done"


class Task(Base):
    __tablename__ = "tasks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    state: Mapped[State] = mapped_column(default=State.OPEN)
    cost: Mapped[float] = mapped_column(default=0.0)
    order: Mapped[str] = mapped_column(name="Order By", default="x")
    parent: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"))
    created: Mapped[datetime] = mapped_column(timezone=True, server_default="CURRENT_TIMESTAMP")


class Label(Base):
    __tablename__ = "labels"

    name: Mapped[str] = mapped_column(primary_key=True)


class TaskLabel(Base):
    __tablename__ = "task_labels"

    task: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    label: Mapped[str] = mapped_column(ForeignKey("labels.name"), primary_key=True)
    weight: Mapped[Decimal | None] = mapped_column()


@dataclass(frozen=True, slots=True)
class Point:
    __tablename__ = "points"

    x: int = field(metadata={"primary_key": True})
    y: int = field(metadata={"primary_key": True})
    name: str | None = None


class Shout(BaseModel):
    """Has a validator, so its constructor runs for every row."""

    id: int | None = None
    text: str

    @field_validator("text")
    @classmethod
    def loud(cls, text: str) -> str:
        return text.upper()


MODELS = (Task, Label, TaskLabel, Point, Shout)


@pytest.fixture
def session(session: Any, engine: Any, runner: Runner) -> Any:
    async def create() -> None:
        await maybe(engine.create_all(*MODELS))

    runner.run(create())
    return session


async def test_uuid_key_with_a_default(session: Any) -> None:
    task = Task()
    assert isinstance(task.id, UUID)

    await maybe(session.insert(task))

    assert task.created.tzinfo is not None
    found = await maybe(session.get(Task, task.id))
    assert (found.id, found.state, found.created, found.order) == (task.id, State.OPEN, task.created, "x")
    assert (await maybe(session.get(Task, str(task.id)))).id == task.id
    with pytest.raises(DataError, match=r"Task\.id takes UUID"):
        await maybe(session.get(Task, 5))


async def test_junction_with_a_key_of_two_columns(session: Any, backend: str) -> None:
    task = Task()
    pair = TaskLabel(task=task.id, label="red", weight=Decimal("1.10"))
    await maybe(session.insert_all([pair, task, Label(name="red")]))  # those referred to go first

    for key in ((task.id, "red"), {"label": "red", "task": task.id}):
        found = await maybe(session.get(TaskLabel, key))
        assert (found.task, found.label, str(found.weight)) == (
            task.id,
            "red",
            "1.1" if backend == "mariadb" else "1.10",
        )
    assert await maybe(session.get(TaskLabel, (task.id, "blue"))) is None
    with pytest.raises(UniqueViolation):
        await maybe(session.insert(TaskLabel(task=task.id, label="red")))

    await maybe(session.update(pair, weight=None))
    assert (await maybe(session.get(TaskLabel, (task.id, "red")))).weight is None
    await maybe(session.remove(pair))
    assert await maybe(session.query(TaskLabel).count()) == 0


async def test_rows_that_refer_to_rows_of_the_same_table(session: Any) -> None:
    root = Task()
    leaf = Task(parent=root.id)

    await maybe(session.insert_all([root, leaf]))

    assert (await maybe(session.query(Task).filter(parent=root.id).one())).id == leaf.id


async def test_encoded_values(session: Any) -> None:
    await maybe(session.insert_all([Task(), Task(state=State.DONE)]))
    query = session.query(Task)

    assert [task.state for task in await maybe(query.filter(state=State.DONE).all())] == [State.DONE]
    assert await maybe(query.filter(state__in=[State.DONE, State.OPEN]).count()) == 2
    assert await maybe(query.filter(Task.state != State.DONE).count()) == 1
    assert await maybe(query.max("state")) is State.DONE
    assert await maybe(query.order_by("state").values_list("state", flat=True)) == [State.OPEN, State.DONE]
    assert await maybe(query.filter(state="done").values("state", "order")) == [{"state": State.DONE, "order": "x"}]
    assert await maybe(query.update(state=State.DONE)) == 2
    assert await maybe(query.filter(state=State.DONE).count()) == 2


async def test_an_int_first_does_not_make_the_column_whole(session: Any) -> None:
    """O-D5: the same statement with values of different Python types keeps each of them."""
    for value in (1, 9.99, 2):
        task = await maybe(session.insert(Task(cost=value)))
        assert (await maybe(session.get(Task, task.id))).cost == value
        assert await maybe(session.query(Task).filter(cost=value).count()) == 1
        assert await maybe(session.query(Task).filter(cost__gt=value).count()) == (value == 2)


async def test_column_with_a_name_that_needs_quotes(session: Any) -> None:
    await maybe(session.insert_all([Task(order="b"), Task(order="a")]))

    assert await maybe(session.query(Task).order_by("order").values_list("order", flat=True)) == ["a", "b"]
    assert await maybe(session.query(Task).filter(order="a").update(order="c")) == 1
    assert await maybe(session.query(Task).max("order")) == "c"


async def test_frozen_dataclass_with_slots(session: Any) -> None:
    await maybe(session.insert_all([Point(1, 2), Point(1, 3, "x")]))

    assert await maybe(session.get(Point, (1, 3))) == Point(1, 3, "x")
    assert await maybe(session.query(Point).order_by("-y").all()) == [Point(1, 3, "x"), Point(1, 2)]


async def test_class_with_a_validator(session: Any) -> None:
    await maybe(session.execute_raw("INSERT INTO shouts (text) VALUES (?)", ["quiet"]))

    assert (await maybe(session.query(Shout).one())).text == "QUIET"
