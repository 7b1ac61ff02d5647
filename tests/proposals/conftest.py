"""States of a proposal, each reached by the actions that lead there."""

from types import SimpleNamespace

import pytest

from tests import district as made


@pytest.fixture
def district(db: None) -> SimpleNamespace:
    """A district with an office, three members, a lead and a joint unit."""
    return made.district()
