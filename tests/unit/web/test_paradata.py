"""What the page's script tells of an interview is bounded and coarse before it is kept, and never an obstacle."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.read import shipped
from survey.wave.response import SECONDS_STEP, Device, Paradata
from survey.web.respond.paradata import LONGEST, MOST_BREAKS, MOST_SECONDS, places, read_paradata


def told(**changes):
    return json.dumps({"width": 390, "seconds": {"safety": 34.4, "opening": 4.9}, "breaks": 1} | changes)


def test_times_are_rounded_and_the_screen_is_one_of_three_classes():
    kept = read_paradata(told(), shipped())
    assert kept == Paradata(device=Device.NARROW, seconds={"safety": 30, "opening": 0}, breaks=1)
    widths = {599: Device.NARROW, 600: Device.MEDIUM, 1023: Device.MEDIUM, 1024: Device.WIDE}
    assert {width: read_paradata(told(width=width), shipped()).device for width in widths} == widths


def test_what_is_too_much_is_cut_and_what_is_unknown_is_left_out():
    kept = read_paradata(told(seconds={"safety": 1e9, "a section of mine": 5}, breaks=1e6), shipped())
    assert (kept.seconds, kept.breaks) == ({"safety": MOST_SECONDS}, MOST_BREAKS)


@pytest.mark.parametrize(
    "text",
    ["", "no JSON", "[]", "null", "1", "[" * LONGEST, told(width="wide"), told(width=-1), told(width=None), told()[:-1],
     told(width=float("nan")), told(width=True), told(more="x" * LONGEST)],
)  # fmt: skip
def test_nonsense_is_no_paradata(text):
    assert read_paradata(text, shipped()) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@given(
    width=ANYTHING, seconds=st.dictionaries(st.sampled_from(places(shipped())), ANYTHING) | ANYTHING, breaks=ANYTHING
)
def test_whatever_is_sent_what_is_kept_is_within_bounds(width, seconds, breaks):
    kept = read_paradata(json.dumps({"width": width, "seconds": seconds, "breaks": breaks}), shipped())
    if kept is not None:
        assert 0 <= kept.breaks <= MOST_BREAKS
        assert set(kept.seconds) <= set(places(shipped()))
        assert all(0 <= value <= MOST_SECONDS and value % SECONDS_STEP == 0 for value in kept.seconds.values())
