"""Addresses of proposals for members, chairs and the office: one verb per address."""

from django.urls import path

from cppcc_portal.office.steps import pages
from proposals import (
    attendance_views,
    award_views,
    beginning_views,
    collective_views,
    further_views,
    meeting_views,
    paper_views,
    publication_views,
    seconding_views,
    views,
)
from proposals.cosign_steps import COSIGNER_STEPS
from proposals.hand_over_steps import HAND_OVER_STEPS
from proposals.key_steps import AWARD_STEPS, PROPOSAL_STEPS
from proposals.meeting_steps import MEETING_STEPS
from proposals.paper_steps import PAPER_STEPS
from proposals.publication_steps import PUBLICATION_STEPS
from proposals.review_steps import REVIEW_STEPS

MEETING, PERSON = "meetings/<int:pk>/", "meetings/<int:pk>/people/<int:invitation>/"

app_name = "proposals"
urlpatterns = [
    path("", views.index, name="index"),
    path("columns/", views.columns, name="columns"),
    path("filters/", views.filters, name="filters"),
    path("export/", views.export, name="export"),
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
    *pages(COSIGNER_STEPS, views.get_proposal, "<int:pk>/", "proposal"),
    *pages(PROPOSAL_STEPS, views.get_proposal, "<int:pk>/", "proposal"),
    *pages(PAPER_STEPS, views.get_proposal, "<int:pk>/", "proposal"),
    *pages(further_views.BODY_STEPS, views.get_proposal, "<int:pk>/", "proposal"),
    *pages(further_views.SIDE_STEPS, further_views.get_side, "bodies/<int:pk>/", "body"),
    path("seconding/", seconding_views.seconding, name="seconding"),
    *seconding_views.PAGES,
    path("awards/", award_views.awards, name="awards"),
    path("awards/<int:pk>/", award_views.award, name="award"),
    *pages(AWARD_STEPS, award_views.get_award, "awards/<int:pk>/", "award"),
    path("meetings/", meeting_views.meetings, name="meetings"),
    path("meetings/open/", meeting_views.open_meeting, name="open_meeting"),
    path(MEETING, meeting_views.meeting, name="meeting"),
    path(f"{MEETING}paper/", meeting_views.paper, name="meeting_paper"),
    *pages(MEETING_STEPS, meeting_views.get_meeting, MEETING, "meeting"),
    path(f"{MEETING}attend/", attendance_views.attend, name="meeting_attend"),
    path(f"{MEETING}ask_leave/", attendance_views.ask_leave, name="meeting_ask_leave"),
    path(f"{MEETING}code/", attendance_views.code, name="meeting_code"),
    path(f"{MEETING}code.svg", attendance_views.code_image, name="meeting_code_image"),
    path(f"{PERSON}grant_leave/", attendance_views.grant_leave, name="meeting_grant_leave"),
    path(f"{PERSON}refuse_leave/", attendance_views.refuse_leave, name="meeting_refuse_leave"),
    path(
        f"{PERSON}note_attendance/",
        attendance_views.note_attendance,
        name="meeting_note_attendance",
    ),
    path(f"{PERSON}strike/", meeting_views.strike, name="meeting_strike"),
    path("meetings/check_in/<uuid:uid>/", attendance_views.check_in, name="meeting_check_in"),
    path("<int:pk>/open_publication/", publication_views.open_publication, name="open_publication"),
    path("publications/<int:pk>/", publication_views.publication, name="publication"),
    path("publications/<int:pk>/prepare/", publication_views.prepare, name="prepare"),
    path("publications/<int:pk>/publish/", publication_views.publish, name="publish"),
    path(
        "publications/<int:pk>/versions/<int:number>/",
        publication_views.version,
        name="public_version",
    ),
    *pages(
        PUBLICATION_STEPS,
        publication_views.get_publication,
        "publications/<int:pk>/",
        "publication",
    ),
    *pages(REVIEW_STEPS, views.get_proposal, "<int:pk>/", "review"),
    *pages(HAND_OVER_STEPS, views.get_proposal, "<int:pk>/", "step"),
    path("code/<uuid:uid>/", paper_views.by_code, name="by_code"),
    path("<int:pk>/form/", paper_views.form, name="form"),
    path("replies/<int:pk>/letter/", paper_views.reply, name="letter"),
    path("evaluations/<int:pk>/form/", paper_views.rating, name="rating_form"),
    path("evaluations/<int:pk>/evaluate/", views.evaluate, name="evaluate"),
]
