"""Suspected secret in a public-opinion report: the words leave the system, a tombstone stays (rule 16)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.instructions import Instruction
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.workflow import NotReady
from members.models import User
from proposals.actions.opinion_credits import lapse_all
from proposals.actions.opinion_duty import settle_bulletin, settle_report
from proposals.actions.opinion_handling import end_all
from proposals.actions.opinions import locked_report
from proposals.models import (
    AdoptionRecord,
    Bulletin,
    OpinionContact,
    OpinionDispatch,
    OpinionDispatchChange,
    OpinionInvitation,
    OpinionInvitationChange,
    OpinionReport,
    OpinionReportChange,
    OpinionText,
    UnitRequest,
    UnitRequestChange,
)

NOT_EDITED: dict[str, Any] = {
    "edited_text": None,
    "edited_by": None,
    "checked_by": None,
    "signer": None,
}


@transaction.atomic
def take_out_report(
    report: OpinionReport, *, by: User, note: str, at: datetime | None = None
) -> None:
    """Take a report suspected of secrets out: texts, edited texts that hold it, issue, files, notices.

    `note` must not repeat what the text said; it names where the matter goes on. Reports combined
    with it keep their own words, and are edited anew where they are not issued yet.
    """
    at = at or timezone.now()
    held = locked_report(report)
    held.require("take_out", by=by)
    if not note.strip():
        told = _("请写明转到哪里处理（不要写涉密内容），例如：转区委保密办。")
        raise NotReady(held, "take_out", [told])
    main = locked_report(held.combined_into) if held.combined_into else held
    why = str(_("涉密嫌疑，移出"))
    files.purge(held, by=by, note=why)
    notices.withdraw(held, at=at)
    lapse_all(held, by=by, at=at, silent=True)
    invited = OpinionInvitation.objects.filter(report=held)
    for invitation in invited:
        notices.withdraw(invitation, at=at)
    shared = _edited_with(held)
    hosts = [text.report for text in shared]
    for issue in {held.bulletin, *(host.bulletin for host in hosts if host.edited_text in shared)}:
        if issue is not None:
            _empty_issue(issue, by=by, at=at, why=why)
    nothing = {"title": "", "situation": "", "advice": "", "digest": ""}
    with audit.open_gate("take_out", by=by):
        texts = OpinionText._base_manager
        texts.filter(report=held).update(**nothing)
        texts.filter(report=main, kind=OpinionText.Kind.EDITED).update(**nothing)
        texts.filter(pk__in=[text.pk for text in shared]).update(**nothing)
        changes = OpinionReportChange.objects.filter(subject__in=[held, main, *hosts])
        changes.exclude(verb="combine").update(note="")  # that names a number only
        OpinionInvitationChange.objects.filter(subject__in=invited).update(note="")
    held.move_to("take_out", by=by, at=at, note=note.strip(), title="", situation="", advice="")
    settle_report(held, by=by)
    if held.bulletin is not None:
        settle_bulletin(held.bulletin, by=by)
    if held.bulletin is None:
        _edit_anew(held, main, by=by, at=at)
    for pk in {host.pk for host in hosts} - {held.pk, main.pk}:
        host = OpinionReport.objects.select_for_update(of=("self",)).get(pk=pk)
        if host.bulletin_id is None and host.edited_text in shared:
            host.move_to("edit_anew", by=by, at=at, **NOT_EDITED)
    report.refresh_from_db()


def _edited_with(held: OpinionReport) -> list[OpinionText]:
    """The edited texts of reports that held this one for a while, made before it was split off again."""
    found: list[OpinionText] = []
    combined: Any = None
    for change in held.changes.filter(verb__in=["combine", "split"]).order_by("pk"):
        if change.verb == "combine":
            combined = change
        elif combined is not None:
            year, _dash, serial = combined.note.partition("-")
            if year.isdigit() and serial.isdigit():
                rows = OpinionText.objects.filter(
                    kind=OpinionText.Kind.EDITED,
                    made_at__range=(combined.at, change.at),
                    report__year=int(year),
                    report__serial=int(serial),
                )
                found += rows.select_related("report__edited_text", "report__bulletin__text")
    return found


def _edit_anew(held: OpinionReport, main: OpinionReport, *, by: User, at: datetime) -> None:
    """Whatever shared the edited text goes back to the editor, each with its own words."""
    fields = NOT_EDITED
    if main.pk != held.pk:
        main.move_to("edit_anew", by=by, at=at, **fields)
        return
    for other in main.combined.filter(status=OpinionReport.Status.COMBINED):
        other.move_to("edit_anew", by=by, at=at, combined_into=None, **fields)


def _empty_issue(bulletin: Bulletin, *, by: User, at: datetime, why: str) -> None:
    """What was said to an issue may repeat its words: answers, instructions, remarks, their files."""
    gone = str(_("（已移出）"))
    asked = end_all(bulletin, by=by, at=at)
    contacts = OpinionContact.objects.filter(dispatch__bulletin=bulletin)
    sent = list(bulletin.dispatches.all())
    written = list(Instruction.objects.filter(subject=key_of(bulletin)))
    for thing in (*sent, *asked, *written):
        files.purge(thing, by=by, note=why)
        notices.withdraw(thing, at=at)
    deadlines.cancel_all(sent, by=by, at=at)
    rows = OpinionDispatch.objects.filter(bulletin=bulletin)
    rows.exclude(answer="").update(answer=gone)
    contacts.update(summary=gone)
    requests = UnitRequest.objects.filter(pk__in=[request.pk for request in asked])
    requests.update(reason=gone)
    requests.exclude(answer="").update(answer=gone)
    rows.filter(status=OpinionDispatch.Status.SENT).update(due_on=None)  # nobody is asked any more
    with audit.open_gate("take_out", by=by):
        Instruction._base_manager.filter(subject=key_of(bulletin)).update(text=gone)
        AdoptionRecord._base_manager.filter(bulletin=bulletin).exclude(note="").update(note=gone)
        OpinionDispatchChange.objects.filter(subject__in=sent).update(note="")
        UnitRequestChange.objects.filter(subject__in=asked).update(note="")
