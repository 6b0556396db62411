"""`survey prepare` and `survey serve`: from an empty folder to a running survey."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from survey.app import create_app
from survey.cli.database import opened
from survey.cli.discreet import DiscreetLogger
from survey.cli.simulate import simulate
from survey.config import Config, ConfigurationError, is_loopback, with_local_keys
from survey.language import LANGUAGES, NAMES
from survey.questionnaire.read import shipped
from survey.storage.database import connect, sessions, upgrade
from survey.storage.questionnaires import publish

SHORTEST_SECRET = 32
"""Characters: a shorter one could be found by trying."""

THREADS = 4
"""Per process: answers wait on the database, not on the processor."""


@click.command()
@click.pass_obj
def migrate(config: Config) -> None:
    """Create the database, or bring its tables up to this version."""
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    click.echo("Database …")
    engine = connect(config.database)
    upgrade(engine)
    engine.dispose()


@click.command()
@click.pass_context
def prepare(context: click.Context) -> None:
    """Migrate the database, publish the shipped questionnaire and load the simulated wave: a first look."""
    context.invoke(migrate)
    click.echo("Questionnaire …")
    engine = connect(context.obj.database)
    with sessions(engine).begin() as session:
        publish(session, shipped())
    engine.dispose()
    context.invoke(simulate)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.pass_obj
def serve(config: Config, host: str, port: int, workers: int) -> None:
    """Serve the survey with a production WSGI server."""
    if is_loopback(host):
        config = with_local_keys(config)
    elif not config.secret:
        raise ConfigurationError(
            f"SURVEY_SECRET is not set, and {host} can be reached from other machines: refusing to start. "
            "Set SURVEY_SECRET (and SURVEY_DESK_TOKEN for the results), or listen on 127.0.0.1."
        )
    elif len(config.secret) < SHORTEST_SECRET:
        raise ConfigurationError(
            f"SURVEY_SECRET has {len(config.secret)} characters, and {host} can be reached from other machines: "
            f"refusing to start. Use at least {SHORTEST_SECRET} random ones."
        )
    if config.pseudo and not is_loopback(host):
        raise ConfigurationError("SURVEY_PSEUDO is for development: with it only a loopback address is served.")
    with opened(config):
        pass  # Tells what is wrong with the database before anything is promised.
    _require_free(host, port)
    _say_where(config, f"http://{f'[{host}]' if ':' in host else host}:{port}")
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    settings = {"bind": bind, "workers": workers, "threads": THREADS, "worker_class": "gthread"}
    _Server(config, settings | {"control_socket_disable": True, "logger_class": DiscreetLogger}).run()


def _require_free(host: str, port: int) -> None:
    """Say at once that nothing can listen there: gunicorn would try again and again, below addresses that lie."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
    except OSError as error:
        raise ConfigurationError(
            f"{host} port {port} cannot be listened on: {error.strerror or error}. "
            "Another `survey serve` may be running; stop it, or choose another with --port (make run PORT=…)."
        ) from error


def _say_where(config: Config, address: str) -> None:
    click.echo("\nThe questionnaire:")
    for language in LANGUAGES:
        click.echo(f"  {NAMES[language]:<8} {address}/{language}")
    click.echo("The results (this link signs you in; keep it to yourself):")
    if config.desk_token:
        click.echo(f"  {address}/sign-in?token={config.desk_token}")
    else:
        click.echo("  SURVEY_DESK_TOKEN is not set: nobody can sign in.")
    click.echo(f"\nData in {_short(config.folder)}. Stop with Ctrl+C.\n")


def _short(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)


class _Server(BaseApplication):
    """Gunicorn with settings from here instead of a file; each process opens the database itself.

    Nothing about a visitor is logged: gunicorn's access log stays off, and its error log is discreet.
    """

    def __init__(self, config: Config, settings: dict[str, Any]) -> None:
        self.survey_config = config
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self.survey_config)
