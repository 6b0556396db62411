"""The running application as a browser meets it: behind a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from flask import Flask
from open_survey import house_of
from werkzeug.serving import make_server


@dataclass(frozen=True)
class Served:
    """The running application and where it is reached."""

    app: Flask
    address: str


@contextmanager
def serving(app: Flask) -> Iterator[Served]:
    """An application behind a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Served(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    house_of(app).engine.dispose()
