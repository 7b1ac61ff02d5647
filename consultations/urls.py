"""Addresses of topics, research and sessions: one verb per address."""

from django.urls import path

from consultations.steps import (
    DOCUMENT_STEPS,
    PLAN_STEPS,
    RECOMMENDATION_STEPS,
    RESEARCH_STEPS,
    SESSION_STEPS,
    TOPIC_STEPS,
)
from consultations.views import research, sessions, topics
from cppcc_portal.office.steps import pages

SESSION, PERSON = "sessions/<int:pk>/", "sessions/<int:pk>/people/<int:invitation>/"

app_name = "consultations"
urlpatterns = [
    path("", topics.index, name="index"),
    path("plans/open/", topics.open_year, name="open_year"),
    path("plans/<int:year>/", topics.plan, name="plan"),
    *pages(PLAN_STEPS, topics.get_plan, "plans/<int:pk>/", "plan"),
    path("topics/new/", topics.new, name="new"),
    path("topics/<int:pk>/", topics.topic, name="topic"),
    path("topics/<int:pk>/edit/", topics.edit, name="edit"),
    path("topics/<int:pk>/save_draft/", topics.save_draft, name="save_draft"),
    path("topics/<int:pk>/submit/", topics.submit, name="submit"),
    *pages(TOPIC_STEPS, topics.get_topic, "topics/<int:pk>/", "topic"),
    path("topics/<int:pk>/research/", research.research, name="research"),
    path(
        "topics/<int:pk>/research/team/<int:member>/drop/",
        research.drop_from_team,
        name="drop_from_team",
    ),
    *pages(RESEARCH_STEPS, research.get_research, "topics/<int:pk>/research/", "research"),
    path(SESSION, sessions.session, name="session"),
    path(f"{SESSION}attend/", sessions.attend, name="attend"),
    path(f"{SESSION}ask_leave/", sessions.ask_leave, name="ask_leave"),
    path(f"{SESSION}code/", sessions.code, name="code"),
    path(f"{SESSION}code.svg", sessions.code_image, name="code_image"),
    path(f"{PERSON}grant_leave/", sessions.grant_leave, name="grant_leave"),
    path(f"{PERSON}refuse_leave/", sessions.refuse_leave, name="refuse_leave"),
    path(f"{PERSON}note_attendance/", sessions.note_attendance, name="note_attendance"),
    path(f"{PERSON}strike/", sessions.strike, name="strike"),
    path("check_in/<uuid:uid>/", sessions.check_in, name="check_in"),
    *pages(SESSION_STEPS, sessions.get_session, SESSION, "session"),
    path("recommendations/<int:pk>/drop/", sessions.drop, name="drop"),
    *pages(
        RECOMMENDATION_STEPS,
        sessions.get_recommendation,
        "recommendations/<int:pk>/",
        "recommendation",
    ),
    *pages(
        DOCUMENT_STEPS,
        sessions.get_document,
        "documents/<int:pk>/",
        "document",
    ),
]
