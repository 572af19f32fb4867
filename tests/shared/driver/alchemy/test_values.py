"""Values that SQLAlchemy's own suite sends, where its drivers agree and this one has to be told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

pytestmark = pytest.mark.postgresql

Make = Callable[..., sa.Engine]


class Wrapped(sa.TypeDecorator[Any]):
    impl = pg.JSONB
    cache_ok = True


@pytest.mark.parametrize("kind", [sa.JSON, pg.JSON, pg.JSONB, Wrapped], ids=lambda kind: kind.__name__)
def test_lists_of_documents(engine: sa.Engine, kind: type[Any]) -> None:
    table = sa.Table("listed", sa.MetaData(), sa.Column("documents", pg.ARRAY(kind)))
    documents = [1, "one", {"a": [None, 1.5]}, ["b"], True]
    with engine.begin() as conn:
        table.create(conn)
        conn.execute(table.insert(), [{"documents": documents}, {"documents": None}, {"documents": []}])
        assert conn.scalars(sa.select(table.c.documents)).all() == [documents, None, []]
        conn.execute(
            sa.update(table).values({table.c.documents[2]: {"c": "two"}}).where(table.c.documents[3].is_not(None))
        )
        changed = sa.select(table.c.documents[2:3]).where(table.c.documents[3].is_not(None))
        assert conn.scalars(changed).all() == [[{"c": "two"}, {"a": [None, 1.5]}]]


def test_numbers_in_lists_are_what_their_type_says(engine: sa.Engine) -> None:
    table = sa.Table(
        "numbers",
        sa.MetaData(),
        sa.Column("exact", pg.ARRAY(sa.Numeric(10, 2))),
        sa.Column("as_float", pg.ARRAY(sa.Numeric(10, 2, asdecimal=False))),
        sa.Column("float", pg.ARRAY(sa.Float)),
        sa.Column("as_decimal", pg.ARRAY(sa.Double(asdecimal=True))),
    )
    row = {"exact": [Decimal("1.50")], "as_float": [1.5, None], "float": [0.25], "as_decimal": [Decimal("0.1")]}
    with engine.begin() as conn:
        table.create(conn)
        conn.execute(table.insert(), row)
        found = conn.execute(sa.select(table)).mappings().one()
    assert dict(found) == row
    assert [type(values[0]) for values in found.values()] == [Decimal, float, float, Decimal]


def test_the_date_of_a_datetime(engine: sa.Engine) -> None:
    days = sa.Table("days", sa.MetaData(), sa.Column("day", sa.Date))
    with engine.begin() as conn:
        days.create(conn)
        conn.execute(days.insert(), {"day": datetime(2024, 2, 29, 12)})
        assert conn.scalar(sa.select(days.c.day)) == date(2024, 2, 29)


def test_decoders_of_json(engine: sa.Engine, make: Make) -> None:
    decoded: list[str] = []

    def decode(text: str) -> Any:
        decoded.append(text)
        return json.loads(text, parse_float=Decimal)

    exact = make(engine.url, json_deserializer=decode)
    with exact.connect() as conn:
        asked = "SELECT '{\"a\": 1.10}'::json, '[1.20]'::jsonb, ARRAY['1.30']::jsonb[], NULL::json"
        assert conn.execute(sa.text(asked)).one() == (
            {"a": Decimal("1.10")},
            [Decimal("1.20")],
            [Decimal("1.30")],
            None,
        )
        assert decoded == ['{"a": 1.10}', "[1.20]", "1.30"]
        assert conn.scalar(sa.select(sa.literal({"b": [1.5]}, pg.JSONB))) == {"b": [Decimal("1.5")]}
    with engine.connect() as conn:
        assert conn.scalar(sa.text("SELECT '1.5'::json")) == 1.5


@pytest.mark.parametrize("native", [True, False, None])
def test_addresses(engine: sa.Engine, make: Make, native: bool | None) -> None:
    hosts = sa.Table("hosts", sa.MetaData(), *(sa.Column(kind, getattr(pg, kind.upper())) for kind in ("inet", "cidr")))
    texts = ["10.0.0.1", "10.0.0.1/8", "::1", "10.0.0.0/8"]
    objects = [ip_address(texts[0]), ip_interface(texts[1]), ip_address(texts[2]), ip_network(texts[3])]
    with make(engine.url, native_inet_types=native).begin() as conn:
        hosts.create(conn)
        for values in (texts, objects):
            conn.execute(hosts.insert(), [{"inet": value, "cidr": values[3]} for value in values[:3]])
            found = conn.execute(sa.select(hosts).where(hosts.c.cidr == values[3])).all()
            assert [*found] == [
                (value, (objects if native else texts)[3]) for value in (objects if native else texts)[:3]
            ]
            assert conn.scalar(sa.text("SELECT ARRAY['::1'::inet]")) == [(objects if native else texts)[2]]
            conn.execute(hosts.delete().where(hosts.c.inet.in_(values[:3])))
            assert not conn.execute(sa.select(hosts)).all()


class TestCitext:
    @pytest.fixture
    def needed(self) -> str:
        return "citext"

    def test_case_does_not_matter(self, engine: sa.Engine) -> None:
        names = sa.Table("names", sa.MetaData(), sa.Column("name", pg.CITEXT))
        with engine.begin() as conn:
            if not conn.scalar(sa.text("SELECT count(*) FROM pg_available_extensions WHERE name = 'citext'")):
                pytest.skip("the server at hand has no extension citext")
            conn.execute(sa.text("CREATE EXTENSION citext"))
            names.create(conn)
            conn.execute(names.insert(), [{"name": "Ada"}, {"name": "Brian"}])
            assert conn.scalar(sa.select(names.c.name).where(names.c.name == "aDA")) == "Ada"
            assert conn.scalar(sa.select(names.c.name).where(names.c.name.in_(["ADA"]))) == "Ada"
