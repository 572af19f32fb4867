"""What inserting or changing a row came to."""

from __future__ import annotations

from typing import Generic, NamedTuple

from ferrow.orm.generic import M


class Upserted(NamedTuple, Generic[M]):
    """An instance, and whether its row is new: `user, created = session.create_or_update(...)`.

    Attributes:
        instance: what was given, filled from its row.
        created: whether the row was inserted; False: it was there already.
    """

    instance: M
    created: bool
