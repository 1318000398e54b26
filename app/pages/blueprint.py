"""The blueprint of the pages that read what every feature has."""

from flask import Blueprint

bp = Blueprint("pages", __name__)
