"""The peer's addresses, and those of the admin."""

from django.contrib import admin
from django.urls import path

from tests.bench.peer.urls import urlpatterns as others

urlpatterns = [*others, path("admin/", admin.site.urls)]
