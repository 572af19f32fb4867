"""The relations that repositories tell from foreign keys, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field, make_dataclass
from typing import Any

import pytest

from ferrow.repository import model_relations
from ferrow.repository.inferring import Relations
from tests.support.repository_models import AUTO


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("City", "cities"),
        ("Day", "days"),
        ("Box", "boxes"),
        ("Dish", "dishes"),
        ("Church", "churches"),
        ("Bus", "buses"),
        ("Quiz", "quizes"),
    ],
)
def test_collections_have_the_plural(name: str, plural: str) -> None:
    @dataclass
    class Owner:
        id: int | None = field(default=None, metadata=AUTO)

    made = dataclass(
        type(
            name,
            (),
            {
                "__annotations__": {"id": int, "owner": int},
                "id": field(metadata=AUTO),
                "owner": field(metadata={"fk": {"model": Owner}}),
            },
        )
    )  # type: ignore[call-overload]
    assert list(model_relations(Owner)) == [plural]
    assert list(model_relations(made)) == ["owner"]


def test_trouble_stays_with_those_who_have_it() -> None:
    @dataclass
    class Hub:
        id: int | None = field(default=None, metadata=AUTO)
        up_id: int | None = None

    @dataclass
    class Spoke:
        id: int | None = field(default=None, metadata=AUTO)
        hub_id: int | None = field(default=None, metadata={"fk": (Hub, "id")})

    @dataclass
    class Broken:  # a malformed key of somebody else
        id: int | None = field(default=None, metadata=AUTO)
        hub_id: int | None = field(default=None, metadata={"fk": 7})

    @dataclass
    class Misnamed:
        id: int | None = field(default=None, metadata=AUTO)
        hub_id: int | None = field(default=None, metadata={"fk": (Hub, "id"), "related_name": 7})

    assert list(model_relations(Hub)) == ["spokes"]
    assert Broken is not None
    with pytest.raises(TypeError, match=r"Misnamed.hub_id: metadata 'related_name'"):
        model_relations(Misnamed)


def declared(module: str, name: str, *keys: tuple[str, type]) -> type:
    """A dataclass of a module with foreign keys."""
    columns: list[tuple[str, Any, Any]] = [("id", int | None, field(default=None, metadata=AUTO))]
    columns += [(key, int | None, field(default=None, metadata={"fk": (target, "id")})) for key, target in keys]
    made = make_dataclass(name, columns)
    made.__module__ = module
    made.__qualname__ = f"made.<locals>.{name}"
    return made


def test_classes_of_one_name_in_several_modules() -> None:
    owner = declared("tests.shop", "Owner")
    mine = declared("tests.shop", "Thing", ("owner_id", owner))
    theirs = declared("tests.billing", "Thing", ("owner_id", owner))
    assert {name: spec.model for name, spec in model_relations(owner).items()} == {"things": mine}
    relations = Relations(owner)
    assert relations.link("things").model is mine
    assert relations.link("things", theirs).model is theirs
    again = declared("tests.shop", "Thing", ("holder_id", owner), ("keeper_id", owner))
    with pytest.raises(ValueError, match=r"Owner: Thing.holder_id and Thing.keeper_id both tell a relation 'things'\."):
        model_relations(owner)
    assert again is not None


def test_two_classes_elsewhere_that_tell_one_name() -> None:
    owner = declared("tests.shop", "Owner")
    spoke = declared("tests.shop", "Spoke", ("owner_id", owner))
    others = [declared(f"tests.{name}", "Thing", ("owner_id", owner)) for name in ("billing", "stock")]
    twice = declared("tests.billing", "Twice", ("a", owner), ("b", owner))
    assert list(model_relations(owner)) == ["spokes"]
    relations = Relations(owner)
    with pytest.raises(
        ValueError,
        match=r"Owner: tests.billing.made.<locals>.Thing.owner_id and tests.stock.made.<locals>.Thing.owner_id both tell a relation 'things'",
    ):
        relations.link("things")
    with pytest.raises(ValueError, match=r"Owner: Twice.a and Twice.b both tell a relation 'twices'"):
        relations.link("twices")
    assert [relations.link("things", one).model for one in others] == others
    assert (spoke, twice) is not None


def test_what_relations_cannot_be() -> None:
    @dataclass
    class One:
        id: int | None = field(default=None, metadata=AUTO)

    for declared, error, message in (
        (["x"], TypeError, "must be a mapping"),
        ({"x": 7}, TypeError, "must be a RelationSpec or a mapping"),
        ({"x": {"model": int, "local_key": "id"}}, TypeError, "'model' must be a dataclass"),
        ({"x": {"model": One}}, TypeError, "'local_key' must be the name of a column"),
        ({"x": {"model": One, "foreign_key": "id", "type": "has_some"}}, ValueError, "unsupported type 'has_some'"),
        ({"x": {"model": One, "foreign_key": "nope"}}, ValueError, "'nope' is not a column of One"),
        ({"x": {"model": One, "local_key": "id", "remote_key": "nope"}}, ValueError, "'nope' is not a column of One"),
    ):
        One.__relations__ = declared  # type: ignore[attr-defined]
        with pytest.raises(error, match=message):
            model_relations(One)

    @dataclass
    class Bad:
        id: int | None = field(default=None, metadata=AUTO)
        one_id: int | None = field(default=None, metadata={"fk": (One, "id"), "relation": ""})

    with pytest.raises(TypeError, match=r"Bad.one_id: metadata 'relation' must be a non-empty string"):
        model_relations(Bad)


def test_a_model_that_refers_to_itself() -> None:
    @dataclass
    class Node:
        id: int | None = field(default=None, metadata=AUTO)
        parent_id: int | None = None

    Node.__dataclass_fields__["parent_id"].metadata = {"fk": (Node, "id"), "related_name": "children"}  # type: ignore[assignment]
    found: dict[str, Any] = model_relations(Node)
    assert {name: spec.many for name, spec in found.items()} == {"parent": False, "children": True}


def test_pydantic_models_that_nobody_has_used_yet_are_found() -> None:
    from typing import Annotated

    from pydantic import BaseModel

    from ferrow import ForeignKey

    class Team(BaseModel):
        id: int | None = None

    key = ForeignKey((Team, "id"))
    player = type(
        "Player",
        (BaseModel,),
        {
            "__annotations__": {"id": "int", "team_id": Annotated[int | None, key]},
            "__module__": __name__,
            "team_id": None,
        },
    )
    assert [(name, spec.model, spec.many) for name, spec in model_relations(Team).items()] == [
        ("players", player, True)
    ]
    assert list(model_relations(player)) == ["team"]


def test_a_child_in_a_module_that_does_not_know_its_parents_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Defect 43: what a parent had depended on what its own module had imported."""
    import sys
    from types import ModuleType

    def module(name: str, text: str, **names: Any) -> ModuleType:
        made = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, made)
        vars(made).update(names, dataclass=dataclass, field=field)
        exec(text, vars(made))
        return made

    key = "    id: int | None = field(default=None, metadata={'pk': True})\n"
    owners = module("far_owners", f"@dataclass\nclass Owner:\n{key}")
    text = f"@dataclass\nclass Boat:\n{key}    owner_id: int = field(default=0, metadata={{'fk': (Referred, 'id')}})\n"
    boats = module("far_boats", text, Referred=owners.Owner)
    found: dict[str, Any] = model_relations(owners.Owner)
    assert {name: (spec.model, spec.many) for name, spec in found.items()} == {"boats": (boats.Boat, True)}


def test_a_child_that_is_defined_anew_takes_the_place_of_the_former_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from types import ModuleType

    from ferrow.repository.inferring import Relations

    module = ModuleType("notebook")
    monkeypatch.setitem(sys.modules, "notebook", module)
    text = """
@dataclass
class Cell:
    id: int | None = field(default=None, metadata={"pk": True})
    author_id: int | None = field(default=None, metadata={"fk": (Owner, "id")})
"""
    names = {"dataclass": dataclass, "field": field}
    exec(
        "@dataclass\nclass Owner:\n    id: int | None = field(default=None, metadata={'pk': True})",
        vars(module) | names,
        owner := {"__name__": "notebook"},
    )
    vars(module).update(names, **owner)
    seen = []
    for _ in range(2):
        exec(text, vars(module))
        seen += [Relations(module.Owner).link("cells").model, Relations(module.Owner).link("cells").model]
    assert seen[0] is seen[1] is not seen[2] is seen[3] is module.Cell
