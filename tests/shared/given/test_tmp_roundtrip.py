from tests.shared.test_roundtrip import *  # noqa
