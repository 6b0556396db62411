"""What is computed is held for one state of the data: made once, whoever asks, and within a bound."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from time import sleep

import numpy as np

from survey.web.computed import State, States, held_bytes


@dataclass(frozen=True, slots=True)
class Pair:
    """Something that is made of arrays."""

    first: np.ndarray
    second: dict[str, tuple[np.ndarray, ...]]
    name: str


def test_who_asks_at_the_same_time_is_given_what_one_of_them_made() -> None:
    states, made, start = States[str](), [], Barrier(4)

    def make() -> object:
        sleep(0.05)
        made.append(object())
        return made[-1]

    def ask() -> object:
        start.wait()
        return states.at("wave", 1).once("sample", make)

    with ThreadPoolExecutor(4) as threads:
        given = [one.result() for one in [threads.submit(ask) for _ in range(4)]]
    assert len(made) == 1
    assert all(one is made[0] for one in given)


def test_what_is_there_is_given_while_another_thing_is_being_made() -> None:
    state, start, end = State(1), Barrier(2), Barrier(2)
    state.once("known", lambda: "at once")
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(state.once, "slow", lambda: (start.wait(5), end.wait(5)))
        start.wait(5)
        assert state.once("known", lambda: "made again") == "at once"
        end.wait(5)
        waiting.result(5)


def test_a_new_state_of_the_data_forgets_the_old_one() -> None:
    states = States[str]()
    assert states.at("wave", 1).once("sample", lambda: "old") == "old"
    assert states.at("wave", 2).once("sample", lambda: "new") == "new"
    assert states.at("wave", 1).once("sample", lambda: "again") == "again"


def test_what_failed_is_tried_again() -> None:
    state = State(1)
    with ThreadPoolExecutor(1) as threads:
        assert isinstance(threads.submit(state.once, "sample", lambda: 1 / 0).exception(), ZeroDivisionError)
    assert state.once("sample", lambda: "made") == "made"


def test_over_the_bound_what_was_asked_for_longest_ago_is_forgotten_and_the_last_never() -> None:
    states = States[str]()
    for name in ("first", "second", "third"):
        states.at(name, 1).size = 40
    states.at("first", 1)
    states.forget(bytes_over=100)
    assert [name for name in ("first", "second", "third") if states.held(name)] == ["first", "third"]
    states.forget(bytes_over=1)
    assert [name for name in ("first", "second", "third") if states.held(name)] == ["first"]


def test_lines_are_counted() -> None:
    states = States[int]()
    for number in range(5):
        states.at(number, 1)
        states.forget(count_over=2)
    assert [number for number in range(5) if states.held(number)] == [3, 4]


def test_bytes_are_those_of_every_array_once() -> None:
    column = np.zeros(100, dtype=np.int8)
    shared = Pair(column, {"a": (column, column[10:]), "b": (np.zeros(5),)}, "name")
    assert held_bytes(shared) == 100 + 40
