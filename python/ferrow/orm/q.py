"""Conditions in keywords that can be combined: `Q(age__gt=18) | ~Q(vip=True)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ferrow.sql import and_, not_, or_
from ferrow.sql.expr import condition
from ferrow.sql.operators import truth

if TYPE_CHECKING:
    from ferrow.orm.words import Words
    from ferrow.sql import Condition, Dialect
    from ferrow.sql.logic import Truth

Part: TypeAlias = "Q | Truth | tuple[str, Any]"


class Q:
    """A condition that does not know its model yet: keywords as in `filter`, all of which must hold.

    Combine with `&`, `|` and `~`. Positional arguments are other `Q`s or conditions such as `User.age >= 18`. `Q()` says
    nothing and changes nothing. `~` is SQL's NOT: a row where a compared column is NULL meets neither a condition nor its
    opposite.
    """

    __slots__ = ("_any", "_negated", "_parts")

    def __init__(self, /, *conditions: Q | Truth, **keywords: Any) -> None:
        self._parts: tuple[Part, ...] = (
            *[one if isinstance(one, Q) else _checked(one) for one in conditions],
            *keywords.items(),
        )
        self._any = False
        self._negated = False

    def __and__(self, other: Q | Truth) -> Q:
        return _joined(self, other, any=False)

    def __or__(self, other: Q | Truth) -> Q:
        return _joined(self, other, any=True)

    def __invert__(self) -> Q:
        made = Q()
        made._parts = (self,) if self else ()
        made._negated = True
        return made

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return any(bool(part) if isinstance(part, Q) else True for part in self._parts)

    def resolved(self, words: Words) -> Condition:
        """The condition for a model. Raises as `filter` does for what the model does not know."""
        keywords = dict([part for part in self._parts if isinstance(part, tuple)])
        parts = [
            one.resolved(words) if isinstance(one, Q) else condition(one.shape, one.values)
            for one in self._parts
            if not isinstance(one, tuple) and (not isinstance(one, Q) or one)
        ]
        parts += [condition(*one) for one in words.meanings(keywords)]
        joined = or_(*parts) if self._any and parts else and_(*parts)
        return not_(joined) if self._negated and parts else joined

    def to_sql(
        self, model: type, dialect: str | Dialect = "postgresql", param_offset: int = 0
    ) -> tuple[str, tuple[Any, ...]]:
        """The condition as SQL, for a statement of your own, and its parameters: `Q(age__gt=18).to_sql(User)`.

        Args:
            model: the class whose rows it is about.
            dialect: `postgresql`, `sqlite` or `mysql`.
            param_offset: how many parameters stand before it: the first placeholder has the next number.

        Raises:
            UnknownColumn: and whatever else `filter` raises of that model.
            NotSupportedError: no such dialect, or one that has no way to say it.
        """
        from ferrow.orm.words import words_of
        from ferrow.sql.dialect import named
        from ferrow.sql.piece import condition_text

        resolved = self.resolved(words_of(model))
        return condition_text(resolved, named(dialect) if isinstance(dialect, str) else dialect, param_offset)

    def __repr__(self) -> str:
        texts = [f"{part[0]}={part[1]!r}" if isinstance(part, tuple) else repr(part) for part in self._parts]
        text = f"({' | '.join(texts)})" if self._any else f"Q({', '.join(texts)})"
        return f"~{text}" if self._negated else text


def _joined(left: Q, right: Any, *, any: bool) -> Q:
    other = right if isinstance(right, Q) else Q(right)
    if not (left and other):
        return left or other
    made = Q()
    # A long chain is one list, not a tree as deep as it is long.
    again = left._any is any and not left._negated and _are_joined(left._parts)
    made._parts = (*left._parts, other) if again else (left, other)
    made._any = any
    return made


def _are_joined(parts: tuple[Part, ...]) -> bool:
    return all(isinstance(part, Q) for part in parts)


def _checked(one: Any) -> Any:
    if isinstance(one, (bool, str)) or not hasattr(one, "shape"):
        msg = f"Q() takes keywords (age__gte=18), other Qs and conditions (User.age >= 18), not {one!r}"
        raise TypeError(msg)
    return truth(one)
