"""What is raised where SQLAlchemy is not installed."""

from __future__ import annotations


def named(missing: ModuleNotFoundError) -> ModuleNotFoundError:
    """The error with the extra to install; any other module's stays as it is."""
    if (missing.name or "").partition(".")[0] != "sqlalchemy":
        return missing
    return ModuleNotFoundError(
        "the dialect postgresql+ferrow is SQLAlchemy's, which is not installed: pip install 'ferrow[sqlalchemy]'",
        name="sqlalchemy",
    )
