"""Sessions: planned, notified only after research, checked in, minuted, archived with duty records."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.people import chair_of, chair_paper, committee_people
from consultations.actions.topics import locked as locked_topic
from consultations.models import (
    CategoryWaiver,
    Research,
    ResearchWaiver,
    Session,
    SessionForm,
    Topic,
)
from consultations.models.rights import runs
from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import duty, gatherings
from members.models import Gathering, Invitation, Person, User

LEAST_REASON = 5  # characters; “无” is no reason that the yearly report could print


def locked(session: Session) -> Session:
    """The row as it now is, held until the transaction ends."""
    return (
        Session.objects.select_for_update(of=("self",))
        .select_related("topic__committee", "topic__leader", "topic__plan", "form", "gathering")
        .get(pk=session.pk)
    )


def _preparing(session: Session, by: User, verb: str, *states: str) -> Session:
    """The row held, if it may be prepared now by this person; else IllegalMove or NotAllowed."""
    held = locked(session)
    if not by.is_active or not runs(held.topic, by):
        raise NotAllowed(held, verb)
    if held.status not in (states or (Session.Status.PLANNED,)):
        raise IllegalMove(held, verb, _("修改活动安排"))
    return held


@transaction.atomic
def plan_session(
    topic: Topic,
    *,
    by: User,
    title: str,
    starts_at: datetime,
    place: str = "",
    form: SessionForm | None = None,
    ends_at: datetime | None = None,
) -> Session:
    """Begin to prepare a session on an approved topic; notices go out only later, after research."""
    held = locked_topic(topic)
    if not by.is_active or not runs(held, by):
        raise NotAllowed(held, "plan_session")
    if held.status not in Topic.RUNNING:
        raise NotReady(held, "plan_session", [_("议题批准后才能安排协商活动。")])
    form = form or held.form
    if form is None or not title.strip():
        raise NotReady(held, "plan_session", [_("请填写活动名称和协商形式。")])
    assert held.committee is not None
    gathering = Gathering.objects.create(
        kind=Gathering.Kind.SESSION,
        title=title.strip(),
        place=place.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        organiser=held.committee,
        recorded_by=by,
    )
    session = Session.objects.create(topic=held, form=form, gathering=gathering)
    audit.record("session.plan", session, by=by)
    return session


@transaction.atomic
def reschedule(
    session: Session,
    *,
    by: User,
    starts_at: datetime,
    place: str,
    ends_at: datetime | None = None,
) -> None:
    """Another time or place while the session is being prepared."""
    held = _preparing(session, by, "reschedule")
    Gathering.objects.filter(pk=held.gathering_id).update(
        starts_at=starts_at, ends_at=ends_at, place=place.strip()
    )
    audit.record("session.reschedule", held, by=by)
    session.gathering.refresh_from_db()


@transaction.atomic
def invite(session: Session, people: Iterable[Mapping[str, Any]], *, by: User) -> list[Invitation]:
    """Put people on the list: each with a category and either a person or a guest's name."""
    held = _preparing(session, by, "invite", Session.Status.PLANNED, Session.Status.NOTIFIED)
    invited = gatherings.invite(held.gathering, people, by=by)
    if held.status == Session.Status.NOTIFIED:
        _tell_invited(held, invited, at=timezone.now())
    return invited


@transaction.atomic
def strike(invitation: Invitation, *, by: User) -> None:
    """Take somebody off the list before it has gone out."""
    _preparing(invitation.gathering.session, by, "strike")
    gatherings.strike(invitation, by=by)


@transaction.atomic
def waive_category(session: Session, *, by: User, category: str, reason: str) -> CategoryWaiver:
    """Say why nobody of one of the five categories is asked."""
    held = _preparing(session, by, "waive_category")
    if len(reason.strip()) < LEAST_REASON:
        raise NotReady(held, "waive_category", [_("请写明不邀请这类人员的理由，至少五个字。")])
    waiver, _created = CategoryWaiver.objects.update_or_create(
        session=held, category=category, defaults={"reason": reason.strip()}
    )
    audit.record("session.waive_category", held, by=by, fields={"category": ["", category]})
    return waiver


@transaction.atomic
def waive_research(
    session: Session, *, by: User, leader: Person, reason: str, paper: Any
) -> ResearchWaiver:
    """A named leader lets the session go ahead without research: reason and signed paper, always shown.

    `paper` is an upload or a file that is kept already.
    """
    held = _preparing(session, by, "waive_research")
    if not by.has_perm("consultations.enter_for_others"):
        raise NotAllowed(held, "waive_research")
    if ResearchWaiver.objects.filter(session=held).exists():
        raise NotReady(held, "waive_research", [_("已经登记过免除调研的签批。")])
    if not reason.strip() or paper is None:
        raise NotReady(held, "waive_research", [_("请写明理由，并附领导签批的文件。")])
    if not isinstance(paper, Attachment):
        paper = files.accept(paper, subject=held, by=by, kind=Attachment.Kind.SCAN)
    waiver = ResearchWaiver.objects.create(
        session=held, leader=leader, reason=reason.strip(), paper=paper, recorded_by=by
    )
    audit.record("session.waive_research", held, by=by)
    return waiver


def proofs_of(session: Session) -> dict[str, Any]:
    """On what the notice rests: an approved report, else a waiver, else an exempted form."""
    research = Research.objects.filter(topic=session.topic).first()
    waiver = ResearchWaiver.objects.filter(session=session).first()
    exemption = None if session.form.research_required else session.form.exempted_by
    if research is not None and research.status == Research.Status.APPROVED:
        waiver = None
    elif waiver or exemption:
        research = None
    # Without any proof the research as it stands goes in: the guard says how far it has come.
    return {"research": research, "waiver": waiver, "exemption": exemption}


@transaction.atomic
def notify(session: Session, *, by: User, at: datetime | None = None) -> int:
    """Send the invitations; refused without an approved research report. Return how many are told."""
    at = at or timezone.now()
    held = locked(session)
    held.move_to("notify", by=by, at=at, **proofs_of(held))
    session.refresh_from_db()
    return _tell_invited(held, held.gathering.invitations.select_related("person"), at=at)


def _tell_invited(session: Session, invited: Iterable[Invitation], *, at: datetime) -> int:
    people = [one.person for one in invited if one.person is not None]
    return notices.tell(
        "session_notified",
        session,
        people=people,
        round=session.changes.filter(verb="notify").count(),
        due=session.gathering.on,
        at=at,
        words={**words_of(session), "place": session.gathering.place},
    )


def words_of(session: Session) -> dict[str, str]:
    """Form and time of a session, as notices name it."""
    starts = timezone.localtime(session.gathering.starts_at)
    when = _("%(month)d月%(day)d日 %(time)s") % {
        "month": starts.month,
        "day": starts.day,
        "time": starts.strftime("%H:%M"),
    }
    return {"form": str(session.form), "when": when}


@transaction.atomic
def postpone(session: Session, *, by: User, note: str, at: datetime | None = None) -> None:
    """Back to preparation with a reason; everybody invited is told not to come."""
    held = locked(session)
    if not note.strip():
        raise NotReady(held, "postpone", [_("请写明改期的原因。")])
    held.move_to("postpone", by=by, note=note, at=at)
    _tell_off(held, "session_moved", at)
    session.refresh_from_db()


@transaction.atomic
def cancel(
    session: Session,
    *,
    by: User,
    note: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """Call the session off with a reason; everybody invited is told."""
    held = locked(session)
    if not note.strip():
        raise NotReady(held, "cancel", [_("请写明取消的原因。")])
    paper = chair_paper(held, held.topic, "cancel", by, scan)
    told = held.status == Session.Status.NOTIFIED
    held.move_to("cancel", by=by, note=note, at=at, **paper)
    if told:
        _tell_off(held, "session_cancelled", at)
    session.refresh_from_db()


def _tell_off(session: Session, kind: str, at: datetime | None) -> None:
    invited = session.gathering.invitations.select_related("person")
    notices.tell(
        kind,
        session,
        people=[one.person for one in invited if one.person is not None],
        round=session.changes.count(),
        at=at,
        words=words_of(session),
    )


def attend(invitation: Invitation, *, by: User, at: datetime | None = None) -> None:
    """The invited person will come."""
    _still_ahead(invitation, "attend")
    gatherings.attend(invitation, by=by, at=at)


@transaction.atomic
def ask_leave(invitation: Invitation, *, by: User, reason: str, at: datetime | None = None) -> None:
    """The invited person cannot come; the committee decides."""
    at = at or timezone.now()
    session = _still_ahead(invitation, "ask_leave")
    gatherings.ask_leave(invitation, by=by, reason=reason, at=at)
    notices.tell(
        "leave_asked",
        invitation,
        people=committee_people(session.topic, timezone.localdate(at)),
        round=invitation.changes.filter(verb="ask_leave").count(),
        at=at,
        words={"who": invitation.name, **words_of(session)},
        url=session.get_absolute_url(),
    )


@transaction.atomic
def answer_leave(
    invitation: Invitation, *, by: User, grant: bool, note: str = "", at: datetime | None = None
) -> None:
    """The organiser grants the leave, or not and says why."""
    session = invitation.gathering.session
    if grant:
        gatherings.grant_leave(invitation, by=by, at=at)
    else:
        gatherings.refuse_leave(invitation, by=by, note=note, at=at)
    if invitation.person is not None:
        notices.tell(
            "leave_answered",
            invitation,
            people=[invitation.person],
            round=invitation.changes.count(),
            at=at,
            words={
                "answer": str(_("已批准") if grant else _("没有批准")),
                **words_of(session),
            },
            url=session.get_absolute_url(),
        )


def _still_ahead(invitation: Invitation, verb: str) -> Session:
    """The session, if its invitations have gone out and it has not begun."""
    session: Session = invitation.gathering.session
    if session.status not in (Session.Status.NOTIFIED, Session.Status.OPEN):
        raise IllegalMove(session, verb, _("答复邀请"))
    return session


@transaction.atomic
def open_check_in(session: Session, *, by: User, at: datetime | None = None) -> None:
    """On the day: the code at the door counts from shortly before the beginning."""
    held = locked(session)
    held.move_to("open", by=by, at=at)
    gatherings.open_check_in(held.gathering)
    session.refresh_from_db()


def check_in(session: Session, *, by: User, at: datetime | None = None) -> bool:
    """The invited person scanned the code; whether they were late."""
    invitation = session.gathering.invitations.filter(person__user=by).first()
    if invitation is None:
        raise NotAllowed(session, "check_in")
    if session.status != Session.Status.OPEN:
        raise NotReady(session, "check_in", [_("签到没有开放，请现场工作人员为您登记。")])
    return gatherings.check_in(invitation, by=by, at=at)


@transaction.atomic
def note_attendance(
    invitation: Invitation, *, by: User, came: bool, note: str = "", at: datetime | None = None
) -> None:
    """Staff say who was there; after archiving this is a correction, and the duty record follows."""
    session = locked(invitation.gathering.session)
    if session.status not in (Session.Status.OPEN, *Session.HELD_ON):
        raise IllegalMove(session, "note_attendance", _("登记出席"))
    archived = session.status == Session.Status.ARCHIVED
    if archived and not note.strip():
        raise NotReady(session, "note_attendance", [_("归档后更正出席情况，请写明依据。")])
    if came:
        gatherings.note_present(invitation, by=by, at=at)
    else:
        gatherings.note_absent(invitation, by=by, note=note, at=at)
    if archived:
        _record_duty(session, by=by)


@transaction.atomic
def close_check_in(session: Session, *, by: User, at: datetime | None = None) -> None:
    """The session has been held: who was expected and did not come is absent; minutes are due."""
    at = at or timezone.now()
    topic = locked_topic(session.topic)
    held = locked(session)
    held.move_to("close_check_in", by=by, at=at, held_at=held.gathering.starts_at)
    gatherings.close_check_in(held.gathering, by=by, at=at)
    deadlines.start(held, "minutes", on=held.gathering.on, by=by)
    if topic.status == Topic.Status.RESEARCH_DONE:
        topic.move_to("hold", by=by, at=at)
    session.refresh_from_db()


@transaction.atomic
def save_minutes(session: Session, *, by: User, version: int, minutes: str) -> Session:
    """Keep the minutes as typed; IllegalMove when somebody else saved in between."""
    held = _preparing(session, by, "save_minutes", Session.Status.HELD)
    if held.minutes == minutes:
        return held
    rows = Session.objects.filter(pk=held.pk, version=version)
    if not rows.update(minutes=minutes, version=version + 1):
        raise IllegalMove(held, "save_minutes", _("保存纪要"))
    held.refresh_from_db()
    return held


@transaction.atomic
def submit_minutes(session: Session, *, by: User, at: datetime | None = None) -> None:
    """Hand the minutes to the chair."""
    at = at or timezone.now()
    held = locked(session)
    held.move_to("submit_minutes", by=by, at=at)
    clock = deadlines.Deadline.objects.current(held, "minutes")
    notices.tell(
        "minutes_to_sign",
        held,
        people=chair_of(held.topic, timezone.localdate(at)),
        round=held.changes.filter(verb="submit_minutes").count(),
        at=at,
        words={**words_of(held), "until": clock.due_on.isoformat() if clock else ""},
    )
    session.refresh_from_db()


@transaction.atomic
def sign_minutes(
    session: Session, *, by: User, scan: Attachment | None = None, at: datetime | None = None
) -> None:
    """The chair signs the minutes; the clock stops."""
    at = at or timezone.now()
    held = locked(session)
    paper = chair_paper(held, held.topic, "sign_minutes", by, scan)
    held.move_to("sign_minutes", by=by, at=at, **paper)
    deadlines.meet_current(held, "minutes", at=at, by=by)
    session.refresh_from_db()


@transaction.atomic
def return_minutes(
    session: Session,
    *,
    by: User,
    note: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The chair wants the minutes revised, and says what."""
    held = locked(session)
    if not note.strip():
        raise NotReady(held, "return_minutes", [_("请写明需要修改的地方。")])
    paper = chair_paper(held, held.topic, "return_minutes", by, scan)
    held.move_to("return_minutes", by=by, note=note, at=at, **paper)
    session.refresh_from_db()


@transaction.atomic
def archive(session: Session, *, by: User, at: datetime | None = None) -> int:
    """Attendance is final: one duty record for every member who was there. Return how many."""
    held = locked(session)
    held.move_to("archive", by=by, at=at)
    session.refresh_from_db()
    return _record_duty(held, by=by)


def _record_duty(session: Session, *, by: User) -> int:
    return duty.record_attendance(
        session.gathering,
        session,
        category="consultation",
        title=_("%(form)s：%(title)s") % {"form": session.form, "title": session},
        by=by,
        url=session.get_absolute_url(),
    )
