"""The chain: one topic from the idea to the result, on one page that prints."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from consultations.models import OutcomeDocument, Recommendation, Session, Topic
from cppcc_portal.office import steps
from cppcc_portal.office.keys import key_of
from feedback.models import Adoption, AdoptionChange, LookBackFinding
from feedback.steps import TOPIC_STEPS
from members.models import Commitment, Invitation
from members.requests import MemberRequest

# What the committee said of an answer or a result; the latest is shown.
CHAIRS_WORD = ("verify", "refuse_done", "accept_answer", "challenge")


def get_topic(request: Any, pk: int) -> Topic:
    """The topic, for who sees it; its page of steps is this chain."""
    rows = Topic.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows.select_related("approval__body", "research__report"), pk=pk)


def chain(request: MemberRequest, pk: int) -> HttpResponse:
    """Topic, decision, research, session, document, each recommendation to its result."""
    topic = get_topic(request, pk)
    research = getattr(topic, "research", None)
    sessions: list[Any] = list(
        topic.sessions.filter(status__in=Session.HELD_ON)
        .select_related("form", "gathering", "research_waiver__leader", "research_waiver__paper")
        .prefetch_related("gathering__invitations", "category_waivers", _documents())
    )
    recommendations = [
        recommendation
        for session in sessions
        for document in session.documents.all()
        for recommendation in document.recommendations.all()
    ]
    _with_commitments(recommendations)
    for session in sessions:
        session.categories = _categories(session)
    unassigned = [row for row in recommendations if not hasattr(row, "adoption")]
    user = request.user
    context = {
        "topic": topic,
        "research": research,
        "visits": research.visits.select_related("gathering") if research else [],
        "findings": research.findings.all() if research else [],
        "sessions": sessions,
        "look_backs": topic.look_backs.filter(chosen_by__isnull=False).select_related("year"),
        "to_assign": unassigned[0].document_id
        if unassigned and user.has_perm("feedback.assign_recommendation")
        else None,
        "missing": topic.missing("close") if topic.can("close", user) else [],
        "buttons": steps.buttons(TOPIC_STEPS, topic, user, f"/feedback/chain/{topic.pk}/"),
    }
    return render(request, "feedback/chain.html", context)


def _documents() -> Prefetch:
    looked = LookBackFinding.objects.exclude(result="").select_related("look_back__year")
    rows = Recommendation.objects.select_related(
        "lead",
        "finding",
        "voiced_by__person",
        "adoption__evidence",
        "adoption__verified_by__person",
    ).prefetch_related(
        Prefetch("look_back_findings", looked),
        "adoption__reports",
        Prefetch("adoption__changes", AdoptionChange.objects.filter(verb__in=CHAIRS_WORD)),
    )
    sent = OutcomeDocument.objects.filter(status=OutcomeDocument.Status.SUBMITTED)
    return Prefetch(
        "documents",
        sent.select_related("file").prefetch_related(Prefetch("recommendations", rows)),
    )


def _with_commitments(recommendations: list[Any]) -> None:
    """What each unit promised, in one query for all."""
    adoptions: dict[str, Adoption] = {
        key_of(row.adoption): row.adoption for row in recommendations if hasattr(row, "adoption")
    }
    for adoption in adoptions.values():
        adoption.promised = []  # type: ignore[attr-defined]
        words = sorted(adoption.changes.all(), key=lambda change: change.pk)
        adoption.word = words[-1] if words else None  # type: ignore[attr-defined]
    for commitment in Commitment.objects.filter(subject__in=adoptions):
        adoptions[commitment.subject].promised.append(commitment)  # type: ignore[attr-defined]


def _categories(session: Any) -> list[tuple[str, int]]:
    """How many came of each of the five categories."""
    came = [one for one in session.gathering.invitations.all() if one.status in Invitation.CAME]
    return [
        (str(label), sum(one.category == value for one in came))
        for value, label in Invitation.Category.choices
    ]
