"""Programs the tests need and the wheels lack: the machine's own, else fetched from its distribution, without root."""

from tests.support.packages.missing import Missing, require
from tests.support.packages.modules import mysqlclient
from tests.support.packages.programs import (
    distribution_mariadb,
    distribution_pgbouncer,
    distribution_postgres,
    fetched_mysql,
    newer_pgbouncer,
)

__all__ = [
    "Missing",
    "distribution_mariadb",
    "distribution_pgbouncer",
    "distribution_postgres",
    "fetched_mysql",
    "mysqlclient",
    "newer_pgbouncer",
    "require",
]
