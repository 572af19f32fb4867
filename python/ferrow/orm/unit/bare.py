"""The unit of a session outside of any block, which follows nothing."""

from __future__ import annotations

from ferrow.engine.context import current
from ferrow.orm.unit.unit import Unit


class Bare(Unit):
    """What was added to and deleted from a session outside of any block. Each flush is a transaction of its own."""

    follows = False

    def _apart(self) -> bool:
        """What is committed at once no rollback() undoes; what is flushed in the engine's transaction() it may."""
        link = current(self.engine)  # that of the flush itself
        while link is not None:
            link = link.parent
            if link is not None and link.engine is self.engine and not link.ended:
                return False
        return True
