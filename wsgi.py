"""What granian and ``flask --app wsgi`` load."""

from app.core.plain_words import in_one_sentence
from app.factory import create_app

with in_one_sentence():
    app = create_app()
