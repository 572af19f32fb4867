from tests.shared.test_session import *  # noqa
