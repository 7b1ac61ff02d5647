"""The desk: where a unit's clerk who comes twice a year answers, whatever app it belongs to."""

from django.urls import path

from cppcc_portal import desk
from cppcc_portal.office.steps import pages
from feedback.steps import UNIT_STEPS
from feedback.views import adoptions
from proposals import (
    bulletin_views,
    countersign_views,
    desk_lists,
    hand_over_views,
    meeting_views,
    paper_views,
    rating_views,
    request_views,
)
from proposals import desk as proposals
from proposals.follow_steps import PROMISE_STEPS, STEPS_OF_SHARE, get_promise
from proposals.hand_over_steps import CONSULTATION_STEPS
from proposals.meeting_steps import REPORT_STEPS
from proposals.opinion_desk_steps import DISPATCH_STEPS
from proposals.steps import COUNTERSIGN_STEPS, REQUEST_STEPS

app_name = "desk"
urlpatterns = [
    path("", desk.index, name="index"),
    path("columns/", desk.columns, name="columns"),
    path("filters/", desk.filters, name="filters"),
    path("export/", desk.export, name="export"),
    path("acknowledge_many/", desk_lists.acknowledge_many, name="acknowledge_many"),
    path("<int:pk>/", proposals.detail, name="detail"),
    path("<int:pk>/sheet/", paper_views.sheet, name="sheet"),
    path("<int:pk>/opinion/", paper_views.opinion, name="opinion"),
    path("<int:pk>/acknowledge/", proposals.acknowledge, name="acknowledge"),
    path("<int:pk>/contact/", proposals.contact, name="contact"),
    path("<int:pk>/give_opinion/", proposals.give_opinion, name="give_opinion"),
    path("<int:pk>/save_reply/", proposals.save_reply, name="save_reply"),
    path("<int:pk>/reply/", proposals.reply, name="reply"),
    *pages(STEPS_OF_SHARE, proposals.get_handling, "<int:pk>/", "handling"),
    path("countersigns/<int:pk>/", countersign_views.countersign, name="countersign"),
    *pages(
        COUNTERSIGN_STEPS,
        countersign_views.get_countersign,
        "countersigns/<int:pk>/",
        "countersign",
    ),
    path("ratings/", rating_views.ratings, name="ratings"),
    path("list/", paper_views.hand_over_list, name="hand_over_list"),
    *pages(PROMISE_STEPS, get_promise, "promises/<int:pk>/", "promise"),
    path("promises/", paper_views.promise_register, name="promise_register"),
    path("checks/", countersign_views.checks, name="checks"),
    path("requests/", request_views.requests, name="requests"),
    path("requests/<int:pk>/", request_views.request, name="request"),
    *pages(REQUEST_STEPS, request_views.get_request, "requests/<int:pk>/", "request"),
    path("consultations/", hand_over_views.consultations, name="consultations"),
    path("consultations/<int:pk>/", hand_over_views.consultation, name="consultation"),
    *pages(
        CONSULTATION_STEPS,
        hand_over_views.get_consultation,
        "consultations/<int:pk>/",
        "consultation",
    ),
    path("hand_overs/", hand_over_views.hand_overs, name="hand_overs"),
    path("reports/<int:pk>/", meeting_views.report, name="report"),
    *pages(REPORT_STEPS, meeting_views.get_report, "reports/<int:pk>/", "report"),
    path("opinions/<int:pk>/", bulletin_views.dispatch, name="dispatch"),
    *pages(DISPATCH_STEPS, bulletin_views.get_dispatch, "opinions/<int:pk>/", "dispatch"),
    path("advice/<int:pk>/", adoptions.advice, name="advice"),
    *pages(UNIT_STEPS, adoptions.get_adoption, "advice/<int:pk>/", "advice"),
]
