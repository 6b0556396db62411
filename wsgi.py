"""The WSGI entry: any WSGI server serves `wsgi:app` with the configuration of its environment."""

import os

# Before anything loads the linear algebra library: with threads of its own it is slower on matrices as small as ours.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from survey.app import create_app

app = create_app()
