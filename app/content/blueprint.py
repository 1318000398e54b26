"""The blueprint of the office's pages, on which its modules of views hang their addresses."""

from flask import Blueprint

bp = Blueprint("content", __name__)
