"""What a session does about relations of instances that are there already: loads them, and writes single links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.orm.generic import M
from ferrow.orm.loading.later import load_for
from ferrow.orm.relations import linking
from ferrow.orm.several import several, single
from ferrow.orm.unit.around import unit_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from ferrow.engine.engine import AsyncEngine
    from ferrow.orm.loading.option import LoadOption, Path
    from ferrow.sql import Dialect


class AsyncRelating:
    """The part of a session that knows relations."""

    __slots__ = ()

    if TYPE_CHECKING:
        _engine: AsyncEngine
        _dialect: Dialect

    async def load(self, instance: M, *relations: Path | LoadOption) -> M:
        """Load relations of an instance that is there already, and return it; what was loaded before is read again.

            await session.load(user, User.posts, "city.country")

        Args:
            instance: has a row.
            relations: names, names with dots between them, attributes of the class, or load options.

        Raises:
            UnknownColumn: no such relation; names the nearest.
            ProgrammingError: an attribute of another model; no relations; the instance has no row yet.
        """
        single(instance, "load")
        await load_for(self._engine, self._dialect, [instance], relations)
        return instance

    async def load_for(self, instances: Collection[M], *relations: Path | LoadOption) -> list[M]:
        """`load` for many `instances` of one model at once, with one statement for each relation; returns them as a list.

        `relations` and errors as for `load`; with none of them, or instances of several models, ProgrammingError.
        """
        members = several(instances, "load_for")
        await load_for(self._engine, self._dialect, members, relations)
        return members

    async def link(self, instance: object, relation: Path, /, *others: Any) -> None:
        """Link an instance with others of a many-to-many relation, without reading what it is linked with.

            await session.link(book, Book.tags, gothic, french)

        Linking what is linked already does nothing. If the collection is loaded, it has the others afterwards.

        Args:
            instance: has a row.
            relation: the attribute of the class, or its name.
            others: instances, new ones are inserted; or keys.

        Raises:
            ProgrammingError: the relation has no junction, or one with columns that need further values.
            ForeignKeyViolation: a key that no row has.
        """
        unit = unit_of(self._engine)
        if unit is None:
            await linking.link(self._engine, self._dialect, instance, relation, others)
            return
        async with unit.at_once():
            await linking.link(self._engine, self._dialect, instance, relation, others)

    async def unlink(self, instance: object, relation: Path, /, *others: Any) -> None:
        """Unlink an instance from others, or their keys; unlinking what is not linked does nothing. Raises as `link`."""
        await linking.unlink(self._engine, self._dialect, instance, relation, others)

    async def clear_links(self, instance: object, relation: Path) -> int:
        """Unlink an instance from all others of a many-to-many relation; returns how many they were. Raises as `link`."""
        return await linking.clear(self._engine, self._dialect, instance, relation)
