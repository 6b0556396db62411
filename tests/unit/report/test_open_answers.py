"""What respondents wrote reaches the bureau as texts alone."""

from survey.questionnaire.read import shipped
from survey.report.writing.open_answers import open_answers, open_answers_csv
from survey.wave.model import Channel, Mode
from survey.wave.response import Response


def response(number: int, **answers: object) -> Response:
    return Response(
        submission_id=f"id-{number}",
        wave="w",
        questionnaire="q",
        language="zh",
        channel=Channel.OPEN,
        mode=Mode.PHONE,
        answers=answers,  # type: ignore[arg-type]
    )


def test_texts_and_write_ins_are_listed_by_question_and_alphabet_with_nothing_beside_them():
    sent = [
        response(1, improve_first="修路", age_group=2, district=1),
        response(2, improve_first="公交", proud_places=(96,), proud_places_other="我家门口"),
        response(3, improve_first=-4),
    ]
    table = open_answers(sent, shipped(), "zh")
    assert [row[1] for row in table.rows] == ["我家门口", "修路", "公交"]
    assert open_answers(sent[::-1], shipped(), "zh") == table
    assert {len(row) for row in table.rows} == {2}


def test_a_text_that_begins_like_a_formula_is_neutralised():
    table = open_answers([response(1, improve_first="=1+1")], shipped(), "en")
    assert b"'=1+1" in open_answers_csv(table)
