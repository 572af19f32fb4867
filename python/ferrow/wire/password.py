"""The password of one connection: given, asked for, or looked up for each server of the list."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from ferrow.errors import InterfaceError
from ferrow.wire.settings import Secret

if TYPE_CHECKING:
    from ferrow.wire.settings import Settings


def checked(answer: object) -> Secret | None:
    """What a password function returned, if it can be a password. Its value shows in no error."""
    text = answer.reveal() if isinstance(answer, Secret) else answer
    if text is None:
        return None
    if not isinstance(text, str):
        raise InterfaceError(f"the function given as password= returned {type(text).__name__}, not str")
    if "\0" in text:
        raise InterfaceError("the function given as password= returned a password with a NUL character")
    return Secret(text)


def refuse_awaitable(answer: Awaitable[Any]) -> InterfaceError:
    """The error for an asynchronous function where nothing can be awaited."""
    close = getattr(answer, "close", None)
    if close is not None:
        close()  # a coroutine that is dropped would be warned about
    return InterfaceError(
        "the function given as password= is asynchronous, and this is a blocking connection: give a plain function, or connect "
        "with connect_async or an awaited engine"
    )


def for_host(settings: Settings, given: Secret | None) -> Secret | None:
    """The password for the one server of the settings: the one there is, or that of the password file. An empty one is none."""
    if given is not None and given.reveal():
        return given
    from ferrow.wire.dsn.passfile import password_for

    found = password_for(settings, settings.hosts[0])
    return None if found is None else Secret(found)
