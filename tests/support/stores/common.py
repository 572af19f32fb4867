"""What is the same in the three styles."""

from __future__ import annotations

from enum import Enum

from ferrow import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint


class Color(Enum):
    """Not in the order of the alphabet, and with a label that must be quoted."""

    RED = "red"
    GREEN = "green"
    BLUE = "it's \\ {blue}"


class Size(Enum):
    LARGE = "large"
    SMALL = "small"


COLLATION = {"postgresql": "C", "sqlite": "NOCASE", "mysql": "utf8mb4_general_ci"}
COMMENT = "It's what \\ people call it"
STORE_ARGS = (
    ForeignKeyConstraint(
        ("country", "region"), "regions(country, code)", ondelete="cascade", deferrable="deferred", name="store_region"
    ),
    Index("country", "-price", name="ix_newest"),
    Index("price", include=("amount",), name="ix_covering"),
    Index("price", unique=True, where="amount > 10", name="ux_partial"),
    Index(sql="lower(email)", unique=True),
    Index("country", sql="price + 1", name="ix_mixed"),
    Index("facts", method="gin", opclass="jsonb_path_ops", name="ix_facts"),
    UniqueConstraint("email", "price", name="uq_email_price"),
    CheckConstraint("price >= 0", name="price_is_not_negative"),
)
PORTABLE_ARGS = (
    ForeignKeyConstraint(("country", "region"), "regions(country, code)", ondelete="cascade", name="store_region"),
    *[one for one in STORE_ARGS[1:] if not (isinstance(one, Index) and (one.where or one.sql))],
)
"""Without what MariaDB refuses: `deferrable`, indexes with `where` or of expressions."""
