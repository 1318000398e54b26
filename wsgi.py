"""What granian and ``flask --app wsgi`` load."""

import gc

import click

from app.core.plain_words import in_one_sentence
from app.factory import create_app
from app.operations import scheduler

with in_one_sentence():
    app = create_app()

if click.get_current_context(silent=True) is None:  # served, not loaded by a command
    gc.freeze()  # what was loaded at the start stays: to look through it again and again took a sixth of each page
    scheduler.start(app)
