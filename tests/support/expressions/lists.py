"""Lists, and comparisons with any or all of what is in them, in each row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ferrow import all_, any_
from ferrow.sql import Expr
from tests.support.expressions.things import T, ids

LISTS: list[tuple[Expr[Any], list[Any]]] = [
    (T.tags.length(), [2, None, 0]),
    (T.tags[0], ["a", None, None]),
    (T.tags[-1], ["b", None, None]),
    (T.nums[9], [None, None, None]),
    (T.nums[-9], [None, None, None]),
    (T.tags.contains_all(["a"]), [True, None, False]),
    (T.tags.contains_all([]), [True, None, True]),
    (T.tags.contains_all([None]), [False, None, False]),
    (T.tags.contained_by(["a", "b", "c"]), [True, None, True]),
    (T.nums.overlaps([3, 9]), [True, False, False]),
    (T.nums.overlaps(T.nums), [True, False, True]),
    (T.sums.contains_all([Decimal("1.5")]), [True, False, False]),
    ("a" == any_(T.tags), [True, None, False]),
    ("a" != all_(T.tags), [False, None, True]),
    (2 < any_(T.nums), [True, False, True]),
    (2 < all_(T.nums), [False, True, True]),
    (Decimal("1.5") == any_(T.sums), [True, False, False]),
    (T.price > all_(T.sums), [False, True, True]),
    (T.id == any_([1, 3]), [True, False, True]),
    (T.id != all_([1]), [False, True, True]),
    (T.n > any_([1, None]), [True, None, None]),
    (T.n < all_([5, None]), [None, None, None]),
    (T.id <= any_([2]), [True, True, False]),
    (T.id == any_(ids), [True, True, True]),
    (T.id > any_(ids), [False, True, True]),
    (T.id <= all_(ids), [True, False, False]),
    (T.nums == [1, 2, 3], [True, False, False]),
]
