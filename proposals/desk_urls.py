"""The desk: where a unit's clerk who comes twice a year answers."""

from django.urls import path

from proposals import desk

app_name = "desk"
urlpatterns = [
    path("", desk.index, name="index"),
    path("<int:pk>/", desk.detail, name="detail"),
    path("<int:pk>/acknowledge/", desk.acknowledge, name="acknowledge"),
    path("<int:pk>/contact/", desk.contact, name="contact"),
    path("<int:pk>/give_opinion/", desk.give_opinion, name="give_opinion"),
    path("<int:pk>/save_reply/", desk.save_reply, name="save_reply"),
    path("<int:pk>/reply/", desk.reply, name="reply"),
]
