"""The blueprint of the groups."""

from flask import Blueprint

bp = Blueprint("clusters", __name__)
