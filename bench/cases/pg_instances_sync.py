"""Ten thousand model instances of five attributes from PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.case import SyncCase, Work, group, sync_case
from bench.check import all_instances
from bench.data import SELECT_ALL, USERS
from bench.floor import postgres as floor
from bench.settings import postgres_url

GROUP = group("pg-instances-sync", "PostgreSQL: 10,000 model instances of 5 attributes", ops=USERS, unit="instance")


def _through_driver(style: str) -> SyncCase:
    def body() -> Iterator[Work]:
        from bench.models import postgresql as models
        from ferrow.driver import connect
        from ferrow.model import shape_of

        shape = shape_of(getattr(models, style))
        with connect(postgres_url()) as conn:
            yield Work(lambda: conn.run(SELECT_ALL, None, shape).rows, all_instances())

    return body


def _through_session(style: str) -> SyncCase:
    def body() -> Iterator[Work]:
        from bench.models import postgresql as models
        from ferrow import Session, create_engine

        model: type[Any] = getattr(models, style)
        engine = create_engine(postgres_url())
        yield Work(lambda: Session(engine).query(model).all(), all_instances())
        engine.close()

    return body


for _style, _shown in (("Typed", "typed class"), ("Slotted", "dataclass with slots"), ("Checked", "Pydantic model")):
    sync_case(GROUP, "ferrow", f"Ferrow run, {_shown}")(_through_driver(_style))
    sync_case(GROUP, "ferrow-orm", f"Ferrow session, {_shown}")(_through_session(_style))


@sync_case(GROUP, "driver", "psycopg class_row, dataclass with slots")
def psycopg_class_row() -> Iterator[Work]:
    import psycopg
    from psycopg.rows import class_row

    from bench.models.postgresql import Slotted

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor(binary=True, row_factory=class_row(Slotted))
        yield Work(lambda: cursor.execute(SELECT_ALL, prepare=True).fetchall(), all_instances())


@sync_case(GROUP, "driver", "psycopg and dataclass with slots by hand")
def psycopg_by_hand() -> Iterator[Work]:
    import psycopg

    from bench.models.postgresql import Slotted

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor(binary=True)

        def run() -> list[Slotted]:
            return [Slotted(*row) for row in cursor.execute(SELECT_ALL, prepare=True)]

        yield Work(run, all_instances())


@sync_case(GROUP, "driver", "psycopg and Pydantic model by hand")
def psycopg_pydantic() -> Iterator[Work]:
    import psycopg
    from psycopg.rows import dict_row

    from bench.models.postgresql import Checked

    with psycopg.connect(postgres_url(), autocommit=True) as conn:
        cursor = conn.cursor(binary=True, row_factory=dict_row)

        def run() -> list[Checked]:
            return [Checked(**row) for row in cursor.execute(SELECT_ALL, prepare=True)]

        yield Work(run, all_instances())


floor.table(GROUP)
