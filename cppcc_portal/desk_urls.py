"""The desk: where a unit's clerk who comes twice a year answers, whatever app it belongs to."""

from django.urls import path

from cppcc_portal import desk
from cppcc_portal.office.steps import pages
from feedback.steps import UNIT_STEPS
from feedback.views import adoptions
from proposals import bulletin_views, paper_views, request_views
from proposals import desk as proposals
from proposals.opinion_steps import DISPATCH_STEPS
from proposals.steps import HANDLING_STEPS, REQUEST_STEPS

app_name = "desk"
urlpatterns = [
    path("", desk.index, name="index"),
    path("<int:pk>/", proposals.detail, name="detail"),
    path("<int:pk>/sheet/", paper_views.sheet, name="sheet"),
    path("<int:pk>/opinion/", paper_views.opinion, name="opinion"),
    path("<int:pk>/acknowledge/", proposals.acknowledge, name="acknowledge"),
    path("<int:pk>/contact/", proposals.contact, name="contact"),
    path("<int:pk>/give_opinion/", proposals.give_opinion, name="give_opinion"),
    path("<int:pk>/save_reply/", proposals.save_reply, name="save_reply"),
    path("<int:pk>/reply/", proposals.reply, name="reply"),
    *pages(HANDLING_STEPS, proposals.get_handling, "<int:pk>/", "handling"),
    path("requests/", request_views.requests, name="requests"),
    path("requests/<int:pk>/", request_views.request, name="request"),
    *pages(REQUEST_STEPS, request_views.get_request, "requests/<int:pk>/", "request"),
    path("opinions/<int:pk>/", bulletin_views.dispatch, name="opinion"),
    *pages(DISPATCH_STEPS, bulletin_views.get_dispatch, "opinions/<int:pk>/", "opinion"),
    path("advice/<int:pk>/", adoptions.advice, name="advice"),
    *pages(UNIT_STEPS, adoptions.get_adoption, "advice/<int:pk>/", "advice"),
]
