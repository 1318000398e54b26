"""What granian and ``flask --app wsgi`` load."""

import gc
import os

from app.core.plain_words import in_one_sentence
from app.factory import create_app
from app.operations import scheduler

with in_one_sentence():
    app = create_app()

# Served, not loaded by a command. That click runs says nothing: granian's own process is a click command too.
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    gc.freeze()  # what was loaded at the start stays: to look through it again and again took a sixth of each page
    scheduler.start(app)
