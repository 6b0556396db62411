"""Reachability decided by reasoning agrees with trying every possible interview."""

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st
from small_questionnaire import words

from survey.questionnaire.checks.reach import reach
from survey.questionnaire.model import (
    Condition,
    Missing,
    MultipleChoice,
    Notices,
    Option,
    Questionnaire,
    Section,
    SectionKind,
    SingleChoice,
)
from survey.questionnaire.routing import codes, offered, path

TEXT = words("x")
NOTICES = Notices(**dict.fromkeys(("introduction", "privacy", "consent", "sensitive"), TEXT), **dict.fromkeys(
    ("open_text", "screened_out", "thanks"), TEXT
))  # fmt: skip


@st.composite
def questionnaires(draw):
    """Four or five questions whose conditions, filters and ends are drawn at random but refer to what exists."""
    asked = []
    for number in range(draw(st.integers(3, 5))):
        asked.append(draw(_multiple(number, asked) if draw(st.integers(0, 3)) == 0 else _single(number, asked)))
    cut = draw(st.integers(1, len(asked) - 1))
    section_needs = draw(_conditions(asked[:cut]))
    return Questionnaire(
        id="q",
        version="1",
        title=TEXT,
        notices=NOTICES,
        missing_labels={},
        sections=(
            Section(id="a", kind=SectionKind.SURVEY, title=TEXT, questions=tuple(asked[:cut])),
            Section(id="b", kind=SectionKind.SURVEY, title=TEXT, questions=tuple(asked[cut:]), ask_if=section_needs),
        ),
    )


def _conditions(earlier):
    one = st.sampled_from(earlier).flatmap(
        lambda q: st.builds(
            Condition,
            question=st.just(q.id),
            any_of=st.sets(st.sampled_from(_staying(q)), min_size=1, max_size=2).map(sorted).map(tuple),
        )
    )
    return st.lists(one, max_size=2).map(tuple) if earlier else st.just(())


def _staying(question):
    return [code for code in (*codes(question), *map(int, question.missing)) if code not in question.ends_if]


def _common(number, earlier):
    return {
        "id": st.just(f"q{number}"),
        "text": st.just(TEXT),
        "label": st.just(TEXT),
        "missing": st.sampled_from([(), (Missing.DONT_KNOW,)]),
        "ask_if": _conditions(earlier),
        "ends_if": st.sampled_from([(), (), (3,)]),
    }


@st.composite
def _single(draw, number, earlier):
    deciding = [question for question in earlier if isinstance(question, SingleChoice)]
    by = draw(st.sampled_from([None, *deciding]))
    whens = [()] * 3
    if by is not None:
        staying = [code for code in codes(by) if code not in by.ends_if]
        some = st.sets(st.sampled_from(staying), min_size=1, max_size=2).map(sorted).map(tuple)
        whens = draw(st.lists(st.just(()) | some | some, min_size=3, max_size=3))
    options = tuple(Option(code=code, label=TEXT, when=when) for code, when in zip((1, 2, 3), whens, strict=True))
    return draw(
        st.builds(
            SingleChoice, **_common(number, earlier), options=st.just(options), filter_by=st.just(by.id if by else None)
        )
    )


def _multiple(number, earlier):
    options = tuple(Option(code=code, label=TEXT, exclusive=code == 3) for code in (1, 2, 3))
    return st.builds(
        MultipleChoice, **_common(number, earlier), options=st.just(options), most=st.sampled_from([None, 1])
    )


def _answers(question):
    """Everything a respondent may do with a question, leaving it blank included."""
    alone = [None, *map(int, question.missing)]
    if isinstance(question, SingleChoice):
        return [*alone, *codes(question)]
    together = [] if question.most == 1 else [pair for pair in combinations((1, 2, 3), 2) if 3 not in pair]
    return [*alone, (1,), (2,), (3,), *together]


def _possible(questionnaire):
    """Which questions are asked of somebody, and which options offered, over all possible interviews."""
    questions = list(questionnaire.questions())
    asked, shown = set(), set()
    for chosen in product(*map(_answers, questions)):
        answers = {q.id: answer for q, answer in zip(questions, chosen, strict=True) if answer is not None}
        on_path = path(questionnaire, answers).asked
        given = {name: answers[name] for name in on_path if name in answers}
        options = {q.id: [option.code for option in offered(q, given)] for q in questions if q.id in on_path}
        if any(
            isinstance(q, SingleChoice) and given.get(q.id, -1) > 0 and given[q.id] not in options[q.id]
            for q in questions
            if q.id in on_path
        ):
            continue  # refused: the option was not offered
        asked |= set(on_path)
        shown |= {(name, code) for name, every in options.items() for code in every}
    return asked, shown


@settings(max_examples=80, deadline=None)
@given(questionnaires())
def test_what_is_refused_can_never_be_asked_and_what_passes_can_be(questionnaire):
    asked, shown = _possible(questionnaire)
    never_asked = {question.id for question in questionnaire.questions()} - asked
    never_shown = {
        (question.id, option.code)
        for question in questionnaire.questions()
        if isinstance(question, SingleChoice) and question.id in asked
        for option in question.options
        if (question.id, option.code) not in shown
    }
    assert bool(list(reach(questionnaire))) == bool(never_asked or never_shown)
