"""Mistakes with engines that checkers find."""

from ferrow import AsyncEngine, Engine, create_engine


def sync_mistakes(engine: Engine) -> None:
    engine.transaction(isolation="serialisable")  # E
    engine.query(["SELECT 1"])  # E
    create_engine("sqlite::memory:", max_size="10")  # E
    with engine.transaction() as tx:
        tx.comit()  # E


async def async_mistakes(engine: AsyncEngine) -> None:
    rows = engine.query("SELECT 1")
    len(rows)  # E
    with engine.transaction():  # E
        pass
    engine.create_all(1)  # E
