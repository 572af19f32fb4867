"""No text becomes SQL, in what queries are built of: annotations, groups, joins, relations, load options, pages, locks."""

from __future__ import annotations

import pytest

from ferrow import Q, aliased, from_dict, func, joinedload, lazyload, noload, raiseload, select, selectinload, to_dict
from tests.support.stage import Letter, Person, Place, Plain, Stage

PLACES: dict[str, Place] = {
    "annotate": lambda s, text: s.people.annotate(**{text: func.count()}).group_by("name").values(),
    "annotate, filtered": lambda s, text: s.people.annotate(**{text: Person.age + 1}).filter(**{text: 3}).values(),
    "annotate, a column": lambda s, text: s.people.annotate(x=text).values(),
    "annotate, sorted": lambda s, text: s.people.annotate(**{text: Person.age + 1}).order_by(f"-{text}").values(),
    "having": lambda s, text: s.people.group_by("name").having(**{text: 1}).values(),
    "having, an operator": lambda s, text: s.people.group_by("name").having(**{f"count__{text}": 1}).values(),
    "having, an annotation": lambda s, text: (
        s.people.group_by("name").annotate(**{text: func.count()}).having(**{f"{text}__gt": 0}).values()
    ),
    "having, a value": lambda s, text: s.people.group_by("name").having(count=text).values(),
    "group_by": lambda s, text: s.people.group_by(text).values(),
    "group_by, a path": lambda s, text: s.people.group_by(f"meta__{text}").values(f"meta__{text}", n=func.count()),
    "distinct": lambda s, text: s.people.distinct(text).all(),
    "values, named": lambda s, text: s.people.values(**{text: func.max(Person.name)}),
    "values, a column under a name": lambda s, text: s.people.values(x=text),
    "values_list, named": lambda s, text: s.people.values_list(**{text: func.max(Person.name)}),
    "values, a path": lambda s, text: s.people.values(f"meta__{text}"),
    "exclude": lambda s, text: s.people.exclude(**{text: 1}).all(),
    "exclude, a value": lambda s, text: s.people.exclude(name=text).all(),
    "get_or_none": lambda s, text: s.people.get_or_none(**{text: 1}),
    "in_bulk": lambda s, text: s.people.in_bulk([text]),
    "in_bulk, by name": lambda s, text: s.people.in_bulk([{text: 1}]),
    "join": lambda s, text: s.people.join(text).all(),
    "left_join": lambda s, text: s.people.left_join(text).all(),
    "join, an alias": lambda s, text: s.people.join(aliased(Letter, text), Person.id > 0).all(),
    "alias, queried": lambda s, text: s.session.query(aliased(Person, text)).filter(name="x").order_by("-id").all(),
    "alias, an attribute": lambda s, text: getattr(aliased(Person, "a"), text),
    "relation": lambda s, text: s.people.filter(**{f"letters__{text}": 1}).all(),
    "relation, an operator": lambda s, text: s.people.filter(**{f"letters__text__{text}": "x"}).all(),
    "relation, a value": lambda s, text: s.people.filter(letters__text=text).all(),
    "relation, sorted": lambda s, text: s.session.query(Letter).order_by(f"person__{text}").all(),
    "relation, chosen": lambda s, text: s.session.query(Letter).values(f"person__{text}"),
    "relation, grouped": lambda s, text: s.session.query(Letter).group_by(f"person__{text}").values(),
    "relation, in Q": lambda s, text: s.people.filter(~Q(Q(**{f"letters__{text}": 1}) | Q(**{text: 1}))).all(),
    "any": lambda s, text: s.people.filter(Person.letters.any(**{text: 1})).all(),
    "has": lambda s, text: s.session.query(Letter).filter(Letter.person.has(**{text: 1})).all(),
    "selectinload": lambda s, text: s.people.options(selectinload(text)).all(),
    "selectinload, nested": lambda s, text: s.people.options(selectinload(f"letters.{text}")).all(),
    "selectinload, chained": lambda s, text: s.people.options(selectinload("letters").selectinload(text)).all(),
    "joinedload": lambda s, text: s.people.options(joinedload(text)).all(),
    "noload": lambda s, text: s.people.options(noload(text)).all(),
    "raiseload": lambda s, text: s.people.options(raiseload(text)).all(),
    "lazyload": lambda s, text: s.people.options(lazyload(text)).all(),
    "statement, options": lambda s, text: s.run(select(Person).options(selectinload(text))),
    "for_update": lambda s, text: s.people.for_update(of=[text]).all(),
    "for_update, one text": lambda s, text: s.people.for_update(of=text).all(),
    "for_update, an option": lambda s, text: s.people.for_update(nowait=text).all(),
    "page": lambda s, text: s.people.page(text).items,
    "page, its size": lambda s, text: s.people.page(size=text).items,
    "cursor": lambda s, text: s.people.order_by("name").after(text).items,
    "cursor, signed": lambda s, text: s.people.order_by("name").after(text, secret="key").items,
    "cursor, changed": lambda s, text: s.people.after((_cursor(s) or "") + text, size=1).items,
    "cursor, its size": lambda s, text: s.people.after(size=text).items,
    "stream": lambda s, text: list(s.people.filter(**{text: 1}).stream()),
    "stream, its size": lambda s, text: list(s.people.stream(text)),
    "explain": lambda s, text: s.people.filter(name=text).explain(),
    "explain, an option": lambda s, text: s.people.explain(**{text: True}),
    "aggregate of a path": lambda s, text: s.people.max(f"meta__{text}"),
    "update, a value": lambda s, text: s.people.filter(id=-1).update(name=text),
    "delete": lambda s, text: s.people.filter(id=-1, name=text).delete(),
    "from_dict": lambda s, text: from_dict(Person, {text: 1, "name": "x", "meta": {}}),
    "from_dict of a dataclass": lambda s, text: from_dict(Plain, {text: 1, "name": text}),
    "to_dict": lambda s, text: to_dict(Person(name=text, meta={text: text})),
    "constructor": lambda s, text: Person(**{text: 1}),
}


def _cursor(stage: Stage) -> str | None:
    first: str | None = stage.session.query(Person).after(size=1).next
    return first


@pytest.mark.parametrize("place", PLACES)
def test_no_text_becomes_sql(stage: Stage, place: str) -> None:
    stage.try_all(PLACES[place])
