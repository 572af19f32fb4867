"""Loading relations together with the objects that have them."""

from __future__ import annotations

from ferrow.orm.loading.load import load as load
from ferrow.orm.loading.read import read as read
from ferrow.orm.loading.tree import Loading as Loading
from ferrow.orm.loading.tree import loading_of as loading_of

__all__ = ["Loading", "load", "loading_of", "read"]
