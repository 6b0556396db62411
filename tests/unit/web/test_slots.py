"""A page with slots is the same however it is sent, and any browser can unpack it."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st

from survey.web.respond.page.slots import SlottedPage

SLOTS = ("slot-of-one", "slot-of-another")
PARTS = st.lists(st.text(max_size=200) | st.sampled_from(SLOTS), max_size=12)


@given(PARTS, st.text(max_size=300), st.text(max_size=300))
def test_the_compressed_page_is_the_plain_one_with_its_values(parts, one, another):
    values = dict(zip(SLOTS, (one, another), strict=True))
    made = SlottedPage("".join(parts), SLOTS)
    expected = "".join(values.get(part, part) for part in parts).encode()
    assert made.plain(values) == expected
    assert gzip.decompress(made.gzipped(values)) == expected
