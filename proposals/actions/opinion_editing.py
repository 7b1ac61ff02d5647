"""What the office does with a report: register, select or keep, edit, combine, check, sign."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Person, User
from proposals.actions.opinion_credits import lapse_all
from proposals.actions.opinion_duty import settle_report
from proposals.actions.opinions import freeze_text, locked_report, tell_authors
from proposals.models import OpinionReport, OpinionText, OpinionYear
from proposals.models.opinion_texts import opinion_digest
from proposals.models.opinions import is_signer


def counters_of(year: int) -> OpinionYear:
    """The counters of a year, held until the end of the transaction: whoever comes next waits here."""
    OpinionYear.objects.get_or_create(year=year)
    return OpinionYear.objects.select_for_update().get(year=year)


@transaction.atomic
def register(report: OpinionReport, *, by: User, at: datetime | None = None) -> None:
    """Enter it in the register of the year; what comes back after a return keeps its number.

    With that the authors are settled, as their text is: who has not answered by now is not named.
    """
    at = at or timezone.now()
    held = locked_report(report)
    held.require("register", by=by)
    fields: dict[str, Any] = {}
    if held.serial is None:
        year = timezone.localdate(at).year
        counters = counters_of(year)
        OpinionYear.objects.filter(pk=counters.pk).update(last_serial=F("last_serial") + 1)
        fields = {"year": year, "serial": counters.last_serial + 1}
    held.move_to("register", by=by, at=at, **fields)
    lapse_all(held, by=by, at=at)
    settle_report(held, by=by)
    round = held.changes.filter(verb="register").count()
    tell_authors("opinion_registered", held, at=at, round=round, words={"number": held.label})
    report.refresh_from_db()


def _with_reason(report: OpinionReport, verb: str, note: str) -> str:
    if not note.strip():
        raise NotReady(report, verb, [_("请写明理由，作者会看到。")])
    return note.strip()


@transaction.atomic
def return_(report: OpinionReport, *, by: User, note: str, at: datetime | None = None) -> None:
    """Give it back for revision, saying what is to be changed."""
    at = at or timezone.now()
    held = locked_report(report)
    held.move_to("return_", by=by, at=at, note=_with_reason(held, "return_", note))
    round = held.changes.filter(verb="return_").count()
    tell_authors("opinion_returned", held, at=at, round=round)
    report.refresh_from_db()


@transaction.atomic
def select(report: OpinionReport, *, by: User, at: datetime | None = None) -> None:
    """Take the report up; it is edited next."""
    at = at or timezone.now()
    held = locked_report(report)
    held.move_to("select", by=by, at=at)
    round = held.changes.filter(verb="select").count()
    tell_authors("opinion_selected", held, at=at, round=round, words={"number": held.label})
    report.refresh_from_db()


@transaction.atomic
def keep(report: OpinionReport, *, by: User, note: str, at: datetime | None = None) -> None:
    """Do not use it now; it stays on record and may be selected later."""
    at = at or timezone.now()
    held = locked_report(report)
    held.move_to("keep", by=by, at=at, note=_with_reason(held, "keep", note))
    round = held.changes.filter(verb="keep").count()
    tell_authors("opinion_kept", held, at=at, round=round, words={"number": held.label})
    report.refresh_from_db()


@transaction.atomic
def combine(
    report: OpinionReport, *, by: User, into: OpinionReport, at: datetime | None = None
) -> None:
    """Let the edited text of another report hold this one as well; both authors are credited."""
    # Both are held, in the order of their keys: of two that combine crosswise one waits.
    for pk in sorted({report.pk, into.pk}):
        OpinionReport.objects.select_for_update(of=("self",)).get(pk=pk)
    held, main = locked_report(report), locked_report(into)
    # Into which one stays on record, also after it is split off again.
    held.move_to("combine", by=by, at=at, note=main.label, combined_into=main)
    report.refresh_from_db()


@transaction.atomic
def split(report: OpinionReport, *, by: User, at: datetime | None = None) -> None:
    """Take it out of the combined text again, before that goes to the checker."""
    held = locked_report(report)
    if held.combined_into is not None:
        held.combined_into = locked_report(held.combined_into)
    held.move_to("split", by=by, at=at)
    OpinionReport.objects.filter(pk=held.pk).update(combined_into=None)
    report.refresh_from_db()


def latest_edit(report: OpinionReport) -> OpinionText | None:
    """The edited text as it was last saved; what was taken out has no words."""
    edits = report.texts.filter(kind=OpinionText.Kind.EDITED)
    return edits.exclude(digest="").last()


def _edited(
    report: OpinionReport, base: int, parts: dict[str, str], *, by: User, at: datetime
) -> OpinionText:
    """The next edited version; refused when somebody else saved one since `base`, whose words stay too."""
    last = latest_edit(report)
    if last is not None and last.number != base and last.digest != opinion_digest(parts):
        words = {"who": last.made_by, "number": last.number}
        told = _("您编辑的时候，%(who)s保存了第 %(number)s 稿。请对照后再保存一次。") % words
        raise NotReady(report, "edit", [told])
    if lacks := [name for name, part in parts.items() if not part.strip()]:
        labels = {"title": _("标题"), "situation": _("情况"), "advice": _("建议")}
        raise NotReady(report, "edit", [_("「%s」不能为空。") % labels[name] for name in lacks])
    return freeze_text(report, OpinionText.Kind.EDITED, parts, by=by, at=at)


@transaction.atomic
def save_edit(
    report: OpinionReport,
    *,
    by: User,
    base: int,
    title: str,
    situation: str,
    advice: str,
    at: datetime | None = None,
) -> OpinionText:
    """Keep the edited text as a version of its own; the author's words stay as they are."""
    at = at or timezone.now()
    held = locked_report(report)
    if held.status != OpinionReport.Status.SELECTED:
        raise IllegalMove(held, "save_edit", _("编辑"))
    if not by.is_active or not by.has_perm("proposals.edit_opinionreport"):
        raise NotAllowed(held, "save_edit")
    parts = {"title": title, "situation": situation, "advice": advice}
    text = _edited(held, base, parts, by=by, at=at)
    audit.record("opinionreport.save_edit", held, by=by, fields={"number": (None, text.number)})
    return text


@transaction.atomic
def edit(
    report: OpinionReport,
    *,
    by: User,
    base: int,
    title: str,
    situation: str,
    advice: str,
    at: datetime | None = None,
) -> None:
    """The edited text is finished and goes to somebody else, who checks it."""
    at = at or timezone.now()
    held = locked_report(report)
    held.require("edit", by=by)
    parts = {"title": title, "situation": situation, "advice": advice}
    text = _edited(held, base, parts, by=by, at=at)
    held.move_to(
        "edit", by=by, at=at, edited_text=text, edited_by=text.made_by, checked_by=None, signer=None
    )
    report.refresh_from_db()


@transaction.atomic
def check(
    report: OpinionReport,
    *,
    by: User,
    signer: Person | None,
    note: str = "",
    at: datetime | None = None,
) -> None:
    """核稿: the text is right; it goes to the leader who is to sign."""
    at = at or timezone.now()
    held = locked_report(report)
    held.require("check", by=by)
    if signer is not None and not can_sign(signer):
        told = _("%s没有签发权限，请另选签发领导。") % signer
        raise NotReady(held, "check", [told])
    held.move_to("check", by=by, at=at, note=note, checked_by=by, signer=signer)
    assert signer is not None  # asked by the guard
    notices.tell(
        "opinion_to_sign",
        held,
        people=[signer],
        round=held.changes.filter(verb="check").count(),
        at=at,
        words={"number": held.label},
        url=held.get_absolute_url(),
    )
    report.refresh_from_db()


def can_sign(person: Person) -> bool:
    """Whether this person has an account that may sign."""
    user = person.user
    return user is not None and user.is_active and user.has_perm("proposals.sign_opinionreport")


@transaction.atomic
def sign(
    report: OpinionReport,
    *,
    by: User,
    note: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """签发 by the designated leader; staff only on the leader's signed paper."""
    held = locked_report(report)
    held.require("sign", by=by)
    paper: dict[str, Any] = {}
    if not is_signer(held, by):
        if scan is None:
            told = _("代%s签发须附签字材料的扫描件。") % held.signer
            raise NotReady(held, "sign", [told])
        paper = {"behalf": str(held.signer), "scan": scan}
    held.move_to("sign", by=by, at=at, note=note, **paper)
    report.refresh_from_db()


@transaction.atomic
def send_back(report: OpinionReport, *, by: User, note: str, at: datetime | None = None) -> None:
    """Who checks or signs asks for other words; the editor goes on."""
    held = locked_report(report)
    if not note.strip():
        raise NotReady(held, "send_back", [_("请写明要改什么，编辑会看到。")])
    held.move_to("send_back", by=by, at=at, note=note.strip(), checked_by=None, signer=None)
    report.refresh_from_db()
