"""What the tests of the import share."""

import pytest

from app.core.access import Role


@pytest.fixture
def desk(client_as, make_user):
    """An operator's browser."""
    return client_as(make_user(Role.OPERATOR))
