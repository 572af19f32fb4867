"""Relations as repositories know them: declared in `__relations__`, or told from the foreign keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ferrow.errors import ModelError
from ferrow.model.binding import is_model
from ferrow.repository.errors import InvalidArgument, InvalidType
from ferrow.repository.names import table_of


class RelationType(str, Enum):  # noqa: UP042  # its text is what `str` gives today
    """Which way a relation leads."""

    HAS_MANY = "has_many"
    BELONGS_TO = "belongs_to"


@dataclass(frozen=True)
class RelationSpec:
    """One relation: rows of `model` whose `remote_key` is the `local_key` of this one.

    Attributes:
        name: what it is called in `relations=` and `include=`.
        model: the class at the other end.
        local_key: the attribute here; `remote_key` the one there.
        relation_type: which way it leads; None is told from `many`.
        many: whether there may be several; told from `relation_type` where that is given.
    """

    name: str
    model: type
    local_key: str
    remote_key: str
    relation_type: RelationType | None = None
    many: bool = False

    def __post_init__(self) -> None:
        kind = self.relation_type
        if kind is None:
            kind = RelationType.HAS_MANY if self.many else RelationType.BELONGS_TO
        object.__setattr__(self, "relation_type", RelationType(kind))
        object.__setattr__(self, "many", self.relation_type is RelationType.HAS_MANY)

    @property
    def meaning(self) -> tuple[type, str, str, bool]:
        """What two relations have in common that are the same under different names."""
        return (self.model, self.local_key, self.remote_key, self.many)


def explicit(cls: type) -> dict[str, RelationSpec]:
    """What `__relations__` says.

    Raises:
        TypeError: it is no mapping, or an entry has no model or key.
        ValueError: an unknown type, or a key that is no column.
    """
    declared = getattr(cls, "__relations__", None)
    if declared is None:
        return {}
    if not isinstance(declared, Mapping):
        raise InvalidType(f"{cls.__name__}.__relations__ must be a mapping of names to RelationSpec or dict.")
    return {name: _checked(cls, _spec(cls, name, said)) for name, said in declared.items()}


def _spec(cls: type, name: str, said: Any) -> RelationSpec:
    where = f"{cls.__name__}.__relations__[{name!r}]"
    if isinstance(said, RelationSpec):
        return said
    if not isinstance(said, Mapping):
        raise InvalidType(f"{where} must be a RelationSpec or a mapping, not {said!r}.")
    model = said.get("model")
    if not isinstance(model, type) or not is_model(model):
        raise InvalidType(f"{where}: 'model' must be a dataclass or another model class, not {model!r}.")
    local = said.get("local_key", said.get("foreign_key"))
    remote = said.get("remote_key", "id")
    for key, value in (("local_key", local), ("remote_key", remote)):
        if not isinstance(value, str) or not value:
            raise InvalidType(f"{where}: {key!r} must be the name of a column, not {value!r}.")
    kind = said.get("type", said.get("relation_type"))
    if kind is None:
        return RelationSpec(name, model, local, remote, many=bool(said.get("many", False)))
    try:
        return RelationSpec(name, model, local, remote, RelationType(kind))
    except ValueError:
        raise InvalidArgument(f"{where}: unsupported type {kind!r}. Supported: 'has_many', 'belongs_to'.") from None


def _checked(cls: type, spec: RelationSpec) -> RelationSpec:
    for model, key in ((cls, spec.local_key), (spec.model, spec.remote_key)):
        if key not in table_of(model).by_key:
            raise InvalidArgument(
                f"{cls.__name__}.__relations__[{spec.name!r}]: {key!r} is not a column of {model.__name__}."
            )
    return spec


def declared(cls: type) -> dict[str, RelationSpec]:
    """The `relationship()` attributes of a model, those without a junction and with one column on each side."""
    found = {}
    for name, relation in table_of(cls).relations.items():
        try:
            link = relation.link
        except ModelError:  # the class at the other end is not there yet; who asks for it is told so
            continue
        if link.junction is None and len(link.pairs) == 1:
            ((near, far),) = link.pairs
            kind = RelationType.HAS_MANY if link.many else RelationType.BELONGS_TO
            found[name] = RelationSpec(name, link.model, near.key, far.key, kind)
    return found


def model_relations(cls: type) -> dict[str, RelationSpec]:
    """All relations of a model by name: those of `__relations__`, those it declares as attributes, then those that the foreign keys
    of its own fields and of other models tell.

    Raises:
        TypeError, ValueError: what `__relations__` says cannot be.
        ValueError: two foreign keys tell relations of one name: `relation` and `related_name` give others.
    """
    from ferrow.repository.inferring import Relations

    return Relations(cls).all()
