"""What the tests of insights share."""

import pytest

from tests.support.queries import count_queries as counting


@pytest.fixture
def count_queries():
    """``with count_queries() as asked``: what reaches the database inside the block."""
    return counting
