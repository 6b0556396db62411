"""Codes: a receipt keeps its own, a mistyped letter is noticed, and no hash gives one away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey.codes import LETTERS, drawn_code, invitation_hash, read_code
from survey.web.respond.receipts import receipt_code, receipt_hash

CODE = receipt_code("secret", "4f7c", "answers")


def test_a_resend_gets_the_same_code_and_other_answers_another():
    assert receipt_code("secret", "4f7c", "answers") == CODE
    assert receipt_code("secret", "4f7c", "others") != CODE
    assert receipt_code("another secret", "4f7c", "answers") != CODE


@given(st.text(), st.text())
def test_every_code_reads_back_without_hyphens_and_in_small_letters(submission, answers):
    code = receipt_code("secret", submission, answers)
    assert read_code(code.replace("-", " ").lower()) == code
    assert not set(code) & set("01OILUVQNBGSZ")


@given(st.integers(0, 11), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_noticed(place, letter):
    letters = CODE.replace("-", "")
    wrong = letters[:place] + letter + letters[place + 1 :]
    assert (read_code(wrong) == CODE) == (wrong == letters)


@given(st.integers(0, 10))
def test_two_neighbours_exchanged_are_noticed(place):
    letters = CODE.replace("-", "")
    wrong = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    assert (read_code(wrong) is None) == (wrong != letters)


def test_letters_that_look_like_digits_are_read_as_them():
    for number in range(50):
        code = receipt_code("secret", str(number), "answers")
        assert read_code(code.translate(str.maketrans("8652", "bGsZ"))) == code


def test_a_code_may_be_typed_with_a_chinese_keyboard():
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter != "-" else "　－ " for letter in CODE.lower())
    assert read_code(wide) == CODE


def test_drawn_codes_read_back_and_differ():
    drawn = [drawn_code() for _ in range(500)]
    assert len(set(drawn)) == 500
    assert [read_code(code) for code in drawn] == drawn


def test_a_receipt_is_no_invitation():
    assert invitation_hash("secret", CODE) != receipt_hash("secret", CODE)


def test_the_hash_needs_the_servers_key():
    assert receipt_hash("secret", CODE) != receipt_hash("another secret", CODE)
    assert CODE not in receipt_hash("secret", CODE)
