from tests.shared.test_query import *  # noqa
