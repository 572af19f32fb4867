"""The arguments of calls that take many instances."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ferrow.errors import ModelError
from ferrow.model.binding import is_model

if TYPE_CHECKING:
    from ferrow.orm.generic import M


def several(instances: Iterable[M], call: str) -> list[M]:
    """The argument of `call` as a list. A single Pydantic instance, which is iterable itself, is refused as well.

    Raises:
        ModelError: a single instance.
    """
    if is_model(type(instances)):
        raise ModelError(
            f"{call}() takes several instances, in a list for example, and got one {type(instances).__name__}; "
            f"for one there is {call.removesuffix('_all')}()"
        )
    return list(instances)
