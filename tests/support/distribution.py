"""A second server: PostgreSQL as distributions build it, with the contrib modules and libxml that the wheel lacks."""

from __future__ import annotations

from ferrow.testing import EmbeddedPostgres
from ferrow.testing.postgres.binaries import Installation
from tests.support.packages import distribution_postgres, require


class DistributionPostgres(EmbeddedPostgres):
    """Starts, stops and is reached as the embedded one is."""

    def __init__(self, programs: Installation | None = None) -> None:
        self._programs = programs or require(distribution_postgres)
        super().__init__(durable=False)

    def _installation(self, major: int | None) -> Installation:
        return self._programs
