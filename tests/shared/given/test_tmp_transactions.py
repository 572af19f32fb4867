from tests.shared.test_transactions import *  # noqa
