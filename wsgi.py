"""The WSGI entry: any WSGI server serves `wsgi:app` with the configuration of its environment."""

from survey.app import create_app

app = create_app()
