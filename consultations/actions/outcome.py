"""What comes out of a session: one document with numbered recommendations, sent with its number."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.meeting import locked as locked_session
from consultations.actions.topics import locked as locked_topic
from consultations.models import Finding, OutcomeDocument, Recommendation, Session, Topic
from consultations.models.rights import runs
from cppcc_portal.office import audit, files
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Membership, Unit, User


@transaction.atomic
def draft_document(
    session: Session, *, by: User, kind: str, title: str, text: str = ""
) -> OutcomeDocument:
    """Begin a document on a session that was held."""
    held = locked_session(session)
    if not by.is_active or not runs(held.topic, by):
        raise NotAllowed(held, "draft_document")
    if held.status not in Session.HELD_ON:
        raise NotReady(held, "draft_document", [_("协商召开后才能起草成果。")])
    if not title.strip():
        raise NotReady(held, "draft_document", [_("请填写成果标题。")])
    document = OutcomeDocument.objects.create(
        session=held, kind=kind, title=title.strip(), text=text.strip()
    )
    audit.record("outcomedocument.draft", document, by=by)
    return document


@transaction.atomic
def save_document(
    document: OutcomeDocument,
    *,
    by: User,
    kind: str,
    title: str,
    text: str = "",
    version: int | None = None,
) -> None:
    """Change a document that has not been sent; IllegalMove when somebody else saved in between."""
    held = _drafting(document, by, "save_document", _("修改成果"))
    if not title.strip():
        raise NotReady(held, "save_document", [_("请填写成果标题。")])
    if version not in (None, held.version):
        raise IllegalMove(held, "save_document", _("修改成果"))
    OutcomeDocument.objects.filter(pk=held.pk).update(
        kind=kind, title=title.strip(), text=text.strip(), version=F("version") + 1
    )
    audit.record("outcomedocument.save", held, by=by)
    document.refresh_from_db()


def _drafting(document: OutcomeDocument, by: User, verb: str, label: Any) -> OutcomeDocument:
    """The document held, if it is still a draft and this person runs its topic."""
    held = _locked(document)
    if not by.is_active or not runs(held.session.topic, by):
        raise NotAllowed(held, verb)
    if held.status != OutcomeDocument.Status.DRAFT:
        raise IllegalMove(held, verb, label)
    return held


def _against(
    held: OutcomeDocument, text: str, lead: Unit | None, finding: Finding | None, minute: str
) -> list[str]:
    """What a sentence of advice lacks."""
    reasons = []
    if not text.strip():
        reasons.append(_("请写明意见建议。"))
    if lead is None:
        reasons.append(_("请选择主办单位。"))
    if finding is None and not minute.strip():
        reasons.append(_("不调研不建言：请选择依据的调研发现，或写明依据的纪要内容。"))
    if finding is not None and finding.research.topic_id != held.session.topic_id:
        reasons.append(_("请选择本议题的调研发现。"))
    return reasons


@transaction.atomic
def revise(
    recommendation: Recommendation,
    *,
    by: User,
    text: str,
    lead: Unit | None,
    finding: Finding | None = None,
    minute: str = "",
    assist: Iterable[Unit] = (),
    voiced_by: Membership | None = None,
    version: int | None = None,
) -> None:
    """Correct a sentence of advice in a document that has not been sent; its number stays."""
    held = _drafting(recommendation.document, by, "revise", _("修改意见建议"))
    if reasons := _against(held, text, lead, finding, minute):
        raise NotReady(held, "revise", reasons)
    now = Recommendation.objects.get(pk=recommendation.pk)
    if version not in (None, now.version):
        raise IllegalMove(now, "revise", _("修改意见建议"))
    Recommendation.objects.filter(pk=recommendation.pk).update(
        text=text.strip(),
        finding=finding,
        minute=minute.strip(),
        lead=lead,
        voiced_by=voiced_by,
        version=F("version") + 1,
    )
    recommendation.assist.set([unit for unit in assist if unit != lead])
    audit.record("recommendation.revise", recommendation, by=by)
    recommendation.refresh_from_db()


@transaction.atomic
def extract(
    document: OutcomeDocument,
    *,
    by: User,
    text: str,
    lead: Unit | None,
    finding: Finding | None = None,
    minute: str = "",
    assist: Iterable[Unit] = (),
    voiced_by: Membership | None = None,
) -> Recommendation:
    """One sentence of advice with its unit; it points to a finding or to the minutes (不调研不建言)."""
    held = _drafting(document, by, "extract", _("增加意见建议"))
    if reasons := _against(held, text, lead, finding, minute):
        raise NotReady(held, "extract", reasons)
    assert lead is not None
    number = (held.recommendations.aggregate(last=Max("number"))["last"] or 0) + 1
    recommendation = Recommendation.objects.create(
        document=held,
        number=number,
        text=text.strip(),
        finding=finding,
        minute=minute.strip(),
        lead=lead,
        voiced_by=voiced_by,
    )
    recommendation.assist.set([unit for unit in assist if unit != lead])
    audit.record("recommendation.extract", recommendation, by=by)
    return recommendation


@transaction.atomic
def drop(recommendation: Recommendation, *, by: User) -> None:
    """Take a sentence out of a document that has not been sent."""
    _drafting(recommendation.document, by, "drop", _("删除意见建议"))
    audit.record("recommendation.drop", recommendation, by=by)
    recommendation.delete()


@transaction.atomic
def submit_document(
    document: OutcomeDocument,
    *,
    by: User,
    document_number: str,
    upload: Any = None,
    at: datetime | None = None,
) -> None:
    """Send the document to the Party committee and the government; its recommendations are out."""
    at = at or timezone.now()
    topic = locked_topic(document.session.topic)
    held = _locked(document)
    held.require("submit", by=by)
    file = files.accept(upload, subject=held.session, by=by) if upload is not None else held.file
    held.move_to(
        "submit",
        by=by,
        at=at,
        document_number=document_number.strip(),
        file=file,
        submitted_on=timezone.localdate(at),
    )
    for recommendation in held.recommendations.all():
        recommendation.move_to("submit", by=by, at=at)
    if topic.status == Topic.Status.CONSULTED:
        topic.move_to("send_outcome", by=by, at=at)
    document.refresh_from_db()


def _locked(document: OutcomeDocument) -> OutcomeDocument:
    return (
        OutcomeDocument.objects.select_for_update(of=("self",))
        .select_related("session__topic__committee", "session__form", "session__gathering")
        .get(pk=document.pk)
    )
