"""From a sample to a report: of the whole city, or of one district."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone

from survey.document.content import chapters
from survey.document.content.asked import questions
from survey.document.content.context import Context
from survey.document.content.further.counting import counting
from survey.document.content.further.groups import groups
from survey.document.content.further.strengths import strengths
from survey.document.content.further.tasks import tasks
from survey.document.content.further.years import years
from survey.document.content.method import method
from survey.document.content.numbering import Numbering
from survey.document.errors import UnknownDistrict
from survey.document.model import Chapter, Cover, Document, Facts
from survey.language import format_date
from survey.language import say as speaking
from survey.report.detail.closely import family_of
from survey.report.results import Sample
from survey.report.saying import notes
from survey.report.saying.wording import sample_name
from survey.wave.model import District, Wave

_WEIHAI = timezone(timedelta(hours=8))


def compose(
    sample: Sample, district: int | None, language: str, earlier: Sequence[Sample] = (), invitations: int = 0
) -> Document:
    """The report of `district` (its code; None: of the whole city) in `language`.

    `earlier` are the samples of the waves before it that stand in one line with it, oldest first; `invitations` how
    many the wave has, 0 where none were kept.

    Raises
    ------
    UnknownDistrict
        The wave has no district of this code; the message names those it has.
    """
    if district is not None:
        find_district(sample.results.wave, str(district))
    say = speaking(language)
    context = Context(
        sample=sample,
        district=district,
        language=language,
        say=say,
        numbering=Numbering(language, say),
        family=family_of(sample, leading=True),
        others=family_of(sample, leading=False),
        earlier=tuple(earlier),
        invitations=invitations,
    )
    wave = sample.results.wave
    return Document(
        language=language,
        cover=_cover(context),
        band=notes.simulated(say) if wave.simulated else "",
        contents=say("Contents"),
        chapters=_chapters(context),
    )


def find_district(wave: Wave, wanted: str) -> District:
    """The district with this code or name, in whichever language; `UnknownDistrict` names those there are."""
    for district in wave.districts:
        names = (district.name.zh, district.name.en, district.name.ko, str(district.code))
        if wanted.strip().casefold() in (name.casefold() for name in names):
            return district
    known = ", ".join(f"{district.code} {district.name.zh} ({district.name.en})" for district in wave.districts)
    raise UnknownDistrict(f'Wave "{wave.id}" has no district "{wanted}". It has: {known}.')


def _chapters(context: Context) -> tuple[Chapter, ...]:
    return tuple(chapter for chapter in _all_chapters(context) if chapter is not None)


def _all_chapters(context: Context) -> Iterator[Chapter | None]:
    """In the order of numbering; None for what there is nothing to say of."""
    city = context.district is None
    yield from chapters.key_findings(context)
    yield chapters.overall(context)
    if city:
        yield counting(context)
        yield chapters.ranked(context)
    yield from chapters.indices(context)
    if city:
        yield strengths(context)
    yield from chapters.items(context)
    yield tasks(context)
    yield years(context)
    if city:
        yield chapters.districts(context)
        yield groups(context)
    yield from method(context)
    yield questions(context)


def _cover(context: Context) -> Cover:
    say, language, results = context.say, context.language, context.results
    wave, marks = results.wave, results.wave.marks
    opened, closes = format_date(wave.opens, language), format_date(wave.closes, language)
    return Cover(
        title=wave.title[language],
        kind=say("Report of results"),
        place=context.place(),
        facts=Facts(
            rows=(
                (say("Asked by"), wave.asked_by[language]),
                (say("Fieldwork"), f"{opened} – {closes}"),
                (say("Sample"), sample_name(results.channel, say)),
                (say("Wave"), wave.id),
                (say("Frozen plan"), results.analysis_hash[:12]),
            )
        ),
        marks=Facts(
            rows=(
                (say("Form number"), marks.form_number),
                (say("Made by"), marks.made_by),
                (say("Approval number"), marks.approval_number),
                (say("Valid until"), marks.valid_until),
            )
        ),
        date=format_date(results.computed.astimezone(_WEIHAI).date(), language),
    )
