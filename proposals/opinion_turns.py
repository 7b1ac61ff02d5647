"""Whose turn it is on a public-opinion report; what waits for the office, as queues."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.turns import Turn, dated
from proposals.models import OpinionDispatch, OpinionReport
from proposals.models.dispatches import acts_for_receiver, may_rehand
from proposals.models.opinions import is_signer, may_check

_STATUS = OpinionReport.Status
UNSENT = "unsent"

OPINION_QUEUES: dict[str, Any] = {
    _STATUS.SUBMITTED.value: gettext_lazy("待登记"),
    _STATUS.REGISTERED.value: gettext_lazy("待选用"),
    _STATUS.SELECTED.value: gettext_lazy("待编辑"),
    _STATUS.EDITED.value: gettext_lazy("待核稿"),
    _STATUS.CHECKED.value: gettext_lazy("待签发"),
    _STATUS.SIGNED.value: gettext_lazy("待印发"),
    UNSENT: gettext_lazy("待报送"),
}


def opinion_waits_in(queue: str) -> Q:
    """Which reports stand in this queue; of an issue the main report stands for all."""
    if queue == UNSENT:
        return Q(status=_STATUS.ISSUED, combined_into=None, bulletin__dispatches__isnull=True)
    return Q(status=queue)


def turn_of_opinion(report: OpinionReport, user: Any, today: date) -> Turn | None:
    """Needs the report with its authors and signer."""
    office = str(_("秘书处办公室"))
    works_here = user.has_perm("proposals.handle_opinionreport")
    match report.status:
        case _STATUS.DRAFT | _STATUS.RETURNED:
            first = report.first_author
            mine = first is not None and first.is_user(user)
            what = _("写完后提交。")
            if report.status == _STATUS.RETURNED:
                what = _("按办公室的说明修改后再提交。")
            return dated(report.author_names, what, None, today, mine=mine)
        case _STATUS.SUBMITTED:
            return dated(office, _("登记。"), None, today, mine=works_here)
        case _STATUS.REGISTERED:
            what = _("研究是否选用：选用、留存或退回修改。")
            return dated(office, what, None, today, mine=works_here)
        case _STATUS.SELECTED:
            what = _("编辑，送核稿。")
            return dated(office, what, None, today, mine=works_here)
        case _STATUS.EDITED:
            who = _("核稿人")
            what = _("核稿：编辑以外的人看编辑稿，通过或退回。")
            return dated(who, what, None, today, mine=may_check(report, user))
        case _STATUS.CHECKED:
            who = str(report.signer or _("签发领导"))
            return dated(who, _("签发或退回编辑。"), None, today, mine=is_signer(report, user))
        case _STATUS.SIGNED:
            return dated(office, _("印发，编入期号。"), None, today, mine=works_here)
    return None


def turn_of_dispatch(dispatch: OpinionDispatch, user: Any, today: date) -> Turn | None:
    """Whose turn it is on what was sent to a unit that is asked for something, with the day explained."""
    sent = OpinionDispatch.Status
    if dispatch.status not in dispatch.OPEN or dispatch.due_on is None:
        return None
    if dispatch.status == sent.RETURN_ASKED:
        request = dispatch.return_request
        what = _("决定%s的退办申请。") % dispatch.receiver
        mine = may_rehand(dispatch, user)
        return dated(
            str(_("政协办公室")), what, request.due_on if request else None, today, mine=mine
        )
    kind, what, due_on = "opinion_answer", _("研究并答复。"), dispatch.due_on
    if dispatch.status == sent.WAITING:
        assert dispatch.sign_in_due_on is not None  # set with the status (constraint)
        kind, what, due_on = "opinion_sign_in", _("签收。"), dispatch.sign_in_due_on
    elif dispatch.status == sent.ACKNOWLEDGED:
        what = _("办理并答复。")
    clock = Deadline.objects.current(dispatch, kind)
    why = clock.explain() if clock else ""
    mine = acts_for_receiver(dispatch, user)
    return dated(dispatch.receiver, what, due_on, today, why=why, mine=mine)
