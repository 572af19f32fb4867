"""Every row of OrmKit's table of filter operators, on every database, with models of every style."""

from __future__ import annotations

from ferrow import Q
from tests.docs.tables import PEOPLE, rows
from tests.docs.test_ormkit import ALICE, BOB, EVE, NATALIE, Stage, emails, prepared, stage, style, url

__all__ = ["stage", "style", "url"]  # fixtures
OPERATORS: dict[str, list[tuple[str, list[str]]]] = {
    "(none)": [('name="Alice"', [ALICE]), ("age=None", [EVE])],
    "__gt": [("age__gt=18", [ALICE, NATALIE]), ("age__gt=36", [NATALIE])],
    "__gte": [("age__gte=18", [ALICE, NATALIE]), ("age__gte=36", [ALICE, NATALIE])],
    "__lt": [("age__lt=65", [ALICE, BOB]), ("age__lt=36", [BOB])],
    "__lte": [("age__lte=65", [ALICE, BOB]), ("age__lte=36", [ALICE, BOB])],
    "__ne": [('status__ne="deleted"', PEOPLE), ('status__ne="banned"', [ALICE, BOB, EVE])],
    "__in": [('role__in=["admin", "mod"]', [ALICE, EVE]), ("role__in=[]", []), ("age__in=[17, None]", [BOB, EVE])],
    "__notin": [('status__notin=["banned"]', [ALICE, BOB, EVE]), ("status__notin=[]", PEOPLE)],
    "__like": [('name__like="A%"', [ALICE]), ('name__like="a%"', [])],
    "__ilike": [('name__ilike="a%"', [ALICE])],
    "__contains": [('name__contains="ali"', [NATALIE]), ('name__contains="%"', [])],
    "__icontains": [('name__icontains="ali"', [ALICE, NATALIE]), ('name__icontains="_"', [])],
    "__startswith": [('name__startswith="A"', [ALICE]), ('name__startswith="a"', [])],
    "__endswith": [('name__endswith="e"', [ALICE, EVE, NATALIE]), ('name__endswith="E"', [])],
    "__isnull": [("deleted_at__isnull=True", PEOPLE), ("age__isnull=False", [ALICE, BOB, NATALIE])],
}


def test_every_operator_has_a_test() -> None:
    found = {operator.strip("`"): example.strip("`") for operator, _, example in rows("Filter Operators")}
    assert list(found) == list(OPERATORS)
    for operator, example in found.items():
        wanted = example.removesuffix("` (PostgreSQL)").removeprefix("filter(").removesuffix(")")
        assert OPERATORS[operator][0][0].startswith(wanted), example


async def test_operators(stage: Stage) -> None:
    session = await prepared(stage)
    people = session.query(stage["User"])
    for cases in OPERATORS.values():
        for text, wanted in cases:
            keywords = eval(f"dict({text})")
            assert emails(await people.filter(**keywords).all()) == wanted, text
            assert emails(await people.filter(Q(**keywords)).all()) == wanted, text
            others = [one for one in PEOPLE if one not in wanted]
            if "age" not in text or "None" in text or "isnull" in text:  # elsewhere NULL is neither
                assert emails(await people.filter(~Q(**keywords)).all()) == others, text
