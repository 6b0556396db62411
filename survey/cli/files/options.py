"""What several commands that write files ask for in the same words."""

from __future__ import annotations

import click

from survey.wave.model import Channel

wave_argument = click.argument("wave_id", metavar="[WAVE]", required=False)
sample_option = click.option(
    "--sample",
    type=click.Choice([channel.value for channel in Channel]),
    default=Channel.INVITED.value,
    show_default=True,
    help="The invited probability sample, or the open-link one (weighted by a model); never both together.",
)
