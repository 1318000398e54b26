"""What granian serves: the peer with the admin."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.peer.admin_settings"
app = get_wsgi_application()
