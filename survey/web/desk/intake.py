"""Answers from a file, taken in by the bureau: all of them or none, each bad row told."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, g, request, send_file
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import SelectField

from survey.intake.errors import BadRows, UnusableFile
from survey.intake.example import example_mapping
from survey.intake.files.tables import READERS, known_ending
from survey.intake.mapping import read as read_mapping
from survey.intake.read import Intake, read_file
from survey.intake.wording import definition_text, file_text, problem_text
from survey.questionnaire.errors import DefinitionError
from survey.questionnaire.notation.table import decoded
from survey.storage.answers.imported import keep_imported, require_unused
from survey.storage.errors import AlreadyExists
from survey.storage.questionnaires import all_published, published
from survey.storage.waves import create_wave
from survey.wave.model import Wave
from survey.wave.read import read as read_wave
from survey.web.desk.door import members_only
from survey.web.desk.page import page
from survey.web.house import house

blueprint = Blueprint("intake", __name__)
LARGEST = 64 * 1024 * 1024
"""Largest upload in bytes: about half a million rows."""
MOST_SHOWN = 500


class ImportForm(FlaskForm):  # type: ignore[misc]
    """Which questionnaire was asked, and three files."""

    questionnaire = SelectField()
    definition = FileField(validators=[FileRequired()])
    mapping = FileField(validators=[FileRequired()])
    answers = FileField(validators=[FileRequired()])


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was taken in: what file it is about, and every problem."""

    part: str
    problems: tuple[str, ...]
    more: int = 0
    file: str = ""
    """As the person chose it."""


@blueprint.get("/<language>/import")
@members_only
def start(language: str) -> ResponseReturnValue:
    """The form, with what the files must say."""
    return page("intake/form.html", form=_form(), endings=", ".join(READERS), refused=None)


@blueprint.get("/<language>/import/mapping/<questionnaire>.toml")
@members_only
def mapping(language: str, questionnaire: str) -> ResponseReturnValue:
    """A mapping to begin with, for a published questionnaire."""
    with house().sessions() as session:
        asked = all_published(session).get(questionnaire)
    if asked is None:
        abort(404)
    text = example_mapping(asked, language, house().say(language))
    return _toml(text, f"mapping-{asked.id}-{asked.version}-{language}.toml")


@blueprint.get("/<language>/import/wave.toml")
@members_only
def definition(language: str) -> ResponseReturnValue:
    """A definition of a wave to begin with."""
    return _toml((files("survey.wave") / "definitions" / "example.toml").read_text(encoding="utf-8"), "wave.toml")


@blueprint.post("/<language>/import")
@members_only
def take(language: str) -> ResponseReturnValue:
    """Read the files and keep everything, or say what is wrong and keep nothing."""
    request.max_content_length = LARGEST
    try:
        form = _form()
        complete = form.validate_on_submit()
    except RequestEntityTooLarge:
        return _refused(_form(sent=False), Refused("large", ()), 413)
    if not complete:
        return _refused(form, Refused("form", ()))
    done = _taken(form)
    if isinstance(done, Refused):
        return _refused(form, done)
    wave, taken = done
    return page("intake/done.html", wave=wave, taken=taken)


def _taken(form: ImportForm) -> tuple[Wave, Intake] | Refused:
    part, say, wave = "definition", house().say(g.language), None
    try:
        with house().sessions() as session:
            questionnaire = published(session, form.questionnaire.data)
            wave = read_wave(decoded(form.definition.data.read()), questionnaire)
            require_unused(session, wave.id)
        part = "mapping"
        mapping = read_mapping(decoded(form.mapping.data.read()), questionnaire)
        part = "answers"
        with tempfile.TemporaryDirectory() as folder:
            taken = read_file(_saved(form.answers.data, Path(folder)), mapping, wave, questionnaire)
        part = "definition"
        with house().sessions.begin() as session:  # Only now: while it lasts nobody else can write to SQLite.
            create_wave(session, wave)
            keep_imported(session, wave.id, taken.responses)
    except DefinitionError as error:
        return Refused(part, tuple(definition_text(problem, say) for problem in error.problems), file=_name(form, part))
    except BadRows as error:
        shown = tuple(problem_text(problem, say) for problem in error.problems[:MOST_SHOWN])
        return Refused("rows", shown, len(error.problems) - len(shown), _name(form, "answers"))
    except UnusableFile as error:
        if error.__cause__ is not None:  # The library's own words may hold what stands in the file.
            current_app.logger.warning("a file of answers cannot be read: %s", type(error.__cause__).__name__)
        return Refused(part, tuple(file_text(problem, say) for problem in error.problems), file=_name(form, part))
    except AlreadyExists:
        taken_id = say("There is a wave “%(wave)s” already: give this one another id.") % {"wave": wave and wave.id}
        return Refused(part, (taken_id,), file=_name(form, part))
    return wave, taken


def _name(form: ImportForm, part: str) -> str:
    """What the person's own file of this part is called."""
    return str(form[part].data.filename or "")


def _saved(upload: FileStorage, folder: Path) -> Path:
    """The upload under a name of ours with the ending it came with; `UnusableFile` when nothing reads that."""
    path = folder / f"file{known_ending(upload.filename or '')}"
    upload.save(path)
    return path


def _toml(text: str, name: str) -> Response:
    """A file to keep and to edit; with a byte order mark, by which editors of Windows know UTF-8."""
    file = io.BytesIO(text.encode("utf-8-sig"))
    return send_file(file, "application/toml", as_attachment=True, download_name=name, etag=False)


def _form(*, sent: bool = True) -> ImportForm:
    form = ImportForm() if sent else ImportForm(formdata=None)
    with house().sessions() as session:
        form.questionnaire.choices = [
            (digest, f"{one.title[g.language]} ({one.id} {one.version})")
            for digest, one in all_published(session).items()
        ]
    return form


def _refused(form: ImportForm, refused: Refused, status: int = 422) -> ResponseReturnValue:
    most = LARGEST // 2**20
    return page("intake/form.html", form=form, endings=", ".join(READERS), refused=refused, most=most), status
