"""The `survey` command."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Any

import click

from survey import __version__
from survey.cli.failure import Commands
from survey.config import Config

# Name on the command line → where it lives. Loaded when called: an estimate needs no web framework to start.
COMMANDS = {
    "prepare": "survey.cli.serve:prepare",
    "migrate": "survey.cli.serve:migrate",
    "serve": "survey.cli.serve:serve",
    "questionnaire": "survey.cli.questionnaire:questionnaire",
    "wave": "survey.cli.wave.plan:wave",
    "waves": "survey.cli.wave.plan:waves",
    "simulate": "survey.cli.simulate:simulate",
    "import": "survey.cli.intake:import_",
    "results": "survey.cli.files.results:results",
    "export": "survey.cli.files.export:export",
    "texts": "survey.cli.files.texts:texts",
    "report": "survey.cli.files.report:report",
    "estimate": "survey.cli.files.estimate:estimate",
}


class Lazy(Commands):
    """Imports a command only when it is called or asked for help."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Lazy)
@click.version_option(__version__, prog_name="survey")
@click.pass_context
def survey(context: click.Context) -> None:
    """Resident satisfaction survey: questionnaires in Chinese, English and Korean, weighted results by district."""
    context.obj = Config.from_environment(os.environ)


def main(*arguments: Any, **options: Any) -> None:
    """Entry point of the `survey` command.

    Our matrices are small: threads of the linear algebra library would wait for each other longer than they work.
    It reads this when it is loaded, so before any command is.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _end)
    survey(*arguments, **options)


def _end(number: int, _: object) -> None:
    """Ended from outside as by Ctrl-C: what was begun is undone, so that no half file stays behind."""
    sys.exit(128 + number)
