"""The peer's addresses, as on the site."""

from django.urls import path

from tests.bench.peer import exporting, register, sending, views

urlpatterns = [
    path("halo", views.hello),
    path("koperasi", register.Register.as_view()),
    path("koperasi/<slug:slug>", views.hello, name="cooperative"),
    path("laporan/<slug:slug>/<int:year>", views.Fill.as_view()),
    path("ukm/peta.json", views.points),
    path("dinas/ekspor/<int:year>.csv", exporting.export),
    path("laporan/<slug:slug>/<int:year>/kirim", sending.Submit.as_view()),
]
