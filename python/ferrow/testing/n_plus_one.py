"""No N+1 queries in a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_n_plus_one(limit: int = 5) -> Iterator[None]:
    """Inside the block, the same SELECT sent `limit` times by one line of the program is an error, raised by that line.

        with no_n_plus_one():
            render(session.query(User).all())

    For code of either colour, on every engine of the process. Statements a second or more apart are not counted together.

    Args:
        limit: from 2 on.

    Raises:
        NPlusOne: naming the line, the statement and what to do instead.
        ValueError: a smaller limit.
    """
    from ferrow.engine.watch import Watch, refused, unwatch, watch

    if limit < 2:
        raise ValueError(f"no_n_plus_one(limit={limit!r}): give a number from 2 on")
    mine = Watch(limit, lambda engine: True, refused)
    watch(mine)
    try:
        yield
    finally:
        unwatch(mine)
