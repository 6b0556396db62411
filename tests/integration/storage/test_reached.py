"""How far respondents come is counted while the wave is open, and is a number of nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from small import small_wave

from survey.storage.answers.reached import OPENED, SENDING, count_reached, reached
from survey.storage.waves import close_wave, create_wave


def test_every_arrival_counts_once_however_many_come_together(opened):
    def arrive(number):
        with opened.begin() as session:
            count_reached(session, "2026", [OPENED, SENDING][:: 1 if number % 2 else -1])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(arrive, range(24)))
    with opened.begin() as session:
        count_reached(session, "2026", {SENDING})
        assert reached(session, "2026") == {OPENED: 24, SENDING: 25}


def test_only_an_open_wave_counts(opened):
    with opened.begin() as session:
        create_wave(session, small_wave("planned"))
        count_reached(session, "2026", {OPENED})
        close_wave(session, "2026")
        for wave_id in ("2026", "planned", "unknown"):
            count_reached(session, wave_id, {OPENED})
        assert [dict(reached(session, wave_id)) for wave_id in ("2026", "planned", "unknown")] == [{OPENED: 1}, {}, {}]
