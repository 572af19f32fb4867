"""What is checked before SQLite gets a Python function, and the names of its limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ferrow.errors import ProgrammingError

MOST = 2**31 - 1
"""What SQLite takes at most for a number of arguments or pages."""

_LONGEST = 9e9
"""Seconds: Python's clocks count nanoseconds in 64 bits."""

LIMITS = {
    "length": 0,
    "sql_length": 1,
    "column": 2,
    "expr_depth": 3,
    "compound_select": 4,
    "vdbe_op": 5,
    "function_arg": 6,
    "attached": 7,
    "like_pattern_length": 8,
    "variable_number": 9,
    "trigger_depth": 10,
    "worker_threads": 11,
}


def check_name(what: str, name: object) -> None:
    """Raises ProgrammingError for what is no name at all."""
    if not isinstance(name, str):
        raise ProgrammingError(f"the name of a {what} is a str, not {name!r}")


def check_number(what: str, number: object) -> None:
    """Raises ProgrammingError for what SQLite could not take for a 64-bit number."""
    if not isinstance(number, int) or isinstance(number, bool) or not -(2**63) <= number < 2**63:
        raise ProgrammingError(f"{what} is an int of 64 bits, not {number!r}")


def check_callable(what: str, name: str, function: Any) -> Callable[..., Any] | None:
    """`function`, if SQLite can call it: nothing can be awaited in the middle of a statement."""
    check_name(what, name)
    if function is not None and not callable(function):
        raise ProgrammingError(f"the {what} {name} is called by SQL, but {function!r} cannot be called")
    import inspect

    if inspect.iscoroutinefunction(function):
        raise ProgrammingError(f"the {what} {name} is an async def, and SQLite cannot wait for it; make it a plain def")
    return function  # type: ignore[no-any-return]


def check_class(what: str, name: str, cls: Any, methods: Sequence[str]) -> None:
    """Whether its instances will have these methods, as far as a class can tell. A factory may make anything."""
    check_callable(what, name, cls)
    if isinstance(cls, type):
        for method in methods:
            if not callable(getattr(cls, method, None)):
                raise ProgrammingError(
                    f"the {what} {name} needs {', '.join(f'{each}()' for each in methods)}, but {cls.__qualname__} has no {method}()"
                )
            check_callable(what, f"{name}.{method}()", getattr(cls, method))


def check_steps(pages: int, sleep: float, progress: object) -> None:
    """Raises ProgrammingError for steps in which nothing can be copied."""
    check_number("pages", pages)
    if pages == 0:
        raise ProgrammingError("a backup of 0 pages at a time would never end; -1 copies all at once")
    if not isinstance(sleep, int | float) or not 0 <= sleep <= _LONGEST:
        raise ProgrammingError(f"sleep is a number of seconds, not {sleep!r}")
    import inspect

    if progress is not None and (not callable(progress) or inspect.iscoroutinefunction(progress)):
        raise ProgrammingError(f"progress is a plain function of two arguments, not {progress!r}")
