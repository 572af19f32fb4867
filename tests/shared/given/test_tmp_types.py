from tests.shared.test_types import *  # noqa
