"""Addresses of proposals for members, chairs and the office: one verb per address."""

from django.urls import path

from proposals import beginning_views, collective_views, paper_views, views

app_name = "proposals"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("start_collective/", collective_views.start_collective, name="start_collective"),
    path("topics/", beginning_views.topics, name="topics"),
    path("topics/<int:pk>/start/", beginning_views.start_from_topic, name="start_from_topic"),
    path(
        "<int:pk>/fill_from_document/",
        beginning_views.fill_from_document,
        name="fill_from_document",
    ),
    path("<int:pk>/collective/", collective_views.collective, name="collective"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/save_draft/", views.save_draft, name="save_draft"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/invite/", views.invite, name="invite"),
    path("<int:pk>/agree/", views.agree, name="agree"),
    path("<int:pk>/decline/", views.decline, name="decline"),
    path("<int:pk>/cancel/<int:proposer_pk>/", views.cancel, name="cancel"),
    path("<int:pk>/recall/", views.recall, name="recall"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("code/<uuid:uid>/", paper_views.by_code, name="by_code"),
    path("<int:pk>/form/", paper_views.form, name="form"),
    path("replies/<int:pk>/letter/", paper_views.reply, name="letter"),
    path("evaluations/<int:pk>/form/", paper_views.rating, name="rating_form"),
    path("evaluations/<int:pk>/evaluate/", views.evaluate, name="evaluate"),
]
