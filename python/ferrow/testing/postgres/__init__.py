"""An embedded PostgreSQL server: one file per step from the wheel to a running process."""

from ferrow.testing.postgres.embedded import EmbeddedPostgres
from ferrow.testing.postgres.error import EmbeddedPostgresError
from ferrow.testing.postgres.places import data_home

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "data_home"]
