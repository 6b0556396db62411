"""`survey wave invite`: a code for every address of the sample; the codes leave once, their hashes stay."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import click

from survey.cli.database import opened
from survey.cli.failure import Failure
from survey.codes import drawn_code, invitation_hash
from survey.config import Config, ConfigurationError, with_local_keys
from survey.questionnaire.notation.table import decoded
from survey.storage.database import sessions
from survey.storage.invitations import add_invitations
from survey.storage.records import Invitation
from survey.storage.waves import find_wave
from survey.wave.sample import SampledAddress, read_sample


@click.command()
@click.argument("wave_id", metavar="ID")
@click.argument("sample", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="CSV file for the printer; new."
)
@click.option(
    "--address",
    help="Where the survey is reached (https://…; otherwise SURVEY_ADDRESS): adds a column with each link.",
)
@click.pass_obj
def invite(config: Config, wave_id: str, sample: Path, out: Path, address: str | None) -> None:
    """Invite the addresses in the CSV file SAMPLE to the planned wave ID.

    SAMPLE has the columns stratum, psu, design_weight, district and community, one row for each address; others pass
    through. The file with the codes is written this once: only their hashes are kept, made with the server's secret.
    """
    secret = _secret(config)
    with opened(config) as engine, sessions(engine).begin() as session:
        addresses = read_sample(decoded(sample.read_bytes()), find_wave(session, wave_id).wave)
        codes = [drawn_code() for _ in addresses]
        add_invitations(session, wave_id, map(_invitation, addresses, (invitation_hash(secret, one) for one in codes)))
        _write(out, addresses, codes, address or config.address)
        try:
            session.commit()
        except BaseException:
            out.unlink()  # Codes that nobody knows the hashes of.
            raise
    click.echo(
        f"Invited: {len(codes)} addresses to wave {wave_id}. Their codes are in {out}, and nowhere else: print the "
        "letters, then keep the file away from the answers."
    )


def _secret(config: Config) -> str:
    """The secret of the server: with another one no code would work."""
    if not config.secret and not (config.folder / "secret").exists():
        raise ConfigurationError(
            f"SURVEY_SECRET is not set, and there is no {config.folder / 'secret'}: codes work only with the secret "
            "the server has. Set the same SURVEY_SECRET here, or start `survey serve` once in this folder."
        )
    return with_local_keys(config).secret or ""


def _invitation(address: SampledAddress, code_hash: str) -> Invitation:
    return Invitation(code_hash=code_hash, unit=address.unit, district=address.district, community=address.community)


def _write(out: Path, addresses: Sequence[SampledAddress], codes: Sequence[str], address: str | None) -> None:
    """A new file that its owner alone may read, whole on the disk or not there."""
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Failure(f"{out} is there already, and codes are not written over anything: name a new file.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            added = ["code", "link"] if address else ["code"]
            writer = csv.DictWriter(file, [*addresses[0].cells, *added])
            writer.writeheader()
            for one, code in zip(addresses, codes, strict=True):
                link = {"link": f"{address.rstrip('/')}/i/{code}"} if address else {}
                writer.writerow({**one.cells, "code": code, **link})
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        out.unlink()
        raise
