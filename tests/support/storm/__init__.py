"""Work of every shape, left by its callers at random moments, and what must be true of the pool and the server afterwards."""

from tests.support.loops import LOOPS
from tests.support.storm.after import check
from tests.support.storm.blow import blow
from tests.support.storm.ledger import Ledger
from tests.support.storm.loops import watched

__all__ = ["LOOPS", "Ledger", "blow", "check", "watched"]
