"""The peer with Django's own admin, as an office would switch it on; served beside, so that the other pages stay lean."""

from tests.bench.peer.settings import *  # noqa: F403 - that is how Django's settings are extended
from tests.bench.peer.settings import INSTALLED_APPS, MIDDLEWARE, TEMPLATES

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "django.contrib.admin",
    "django.contrib.messages",
    "tests.bench.peer.office_admin",
]
MIDDLEWARE = [*MIDDLEWARE, "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES[0]["OPTIONS"]["context_processors"].append("django.contrib.messages.context_processors.messages")
ROOT_URLCONF = "tests.bench.peer.office_admin.urls"
STATIC_URL = "/static/"
