"""Fixtures of the tests in tests/ and areas/."""

pytest_plugins = ["tests.fixtures"]
