"""Identifiers of things that nobody names: a repeated request names the same thing again."""

import pytest

from tracker import naming


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (naming.source_id, ("Gazette", "2024-05")),
        (naming.check_id, ("2024-05-01",)),
        (naming.dispute_id, ("When was it?",)),
        (naming.coding_id, ("treaty",)),
    ],
)
def test_the_key_of_a_request_decides_the_name_and_without_one_every_name_is_new(name, told):
    assert name(*told, "one") == name(*told, "one")
    assert len({name(*told, "one"), name(*told, "two"), name(*told), name(*told)}) == 4
