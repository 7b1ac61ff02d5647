"""Whose turn it is on a public-opinion report; what waits for the office, as queues."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.turns import Turn, dated
from proposals.models import OpinionReport
from proposals.models.opinions import is_signer, may_check

_STATUS = OpinionReport.Status
UNSENT = "unsent"

OPINION_QUEUES: dict[str, Any] = {
    _STATUS.SUBMITTED.value: _("待登记"),
    _STATUS.REGISTERED.value: _("待选用"),
    _STATUS.SELECTED.value: _("待编辑"),
    _STATUS.EDITED.value: _("待核稿"),
    _STATUS.CHECKED.value: _("待签发"),
    _STATUS.SIGNED.value: _("待印发"),
    UNSENT: _("待报送"),
}


def opinion_waits_in(queue: str) -> Q:
    """Which reports stand in this queue; of an issue the main report stands for all."""
    if queue == UNSENT:
        return Q(status=_STATUS.ISSUED, combined_into=None, bulletin__dispatches__isnull=True)
    return Q(status=queue)


def turn_of_opinion(report: OpinionReport, user: Any, today: date) -> Turn | None:
    """Needs the report with its authors and signer."""
    office = str(_now("秘书处办公室"))
    works_here = user.has_perm("proposals.handle_opinionreport")
    match report.status:
        case _STATUS.DRAFT | _STATUS.RETURNED:
            first = report.first_author
            mine = first is not None and first.is_user(user)
            what = _now("写完后提交。")
            if report.status == _STATUS.RETURNED:
                what = _now("按办公室的说明修改后再提交。")
            return dated(report.author_names, what, None, today, mine=mine)
        case _STATUS.SUBMITTED:
            return dated(office, _now("登记。"), None, today, mine=works_here)
        case _STATUS.REGISTERED:
            what = _now("研究是否选用：选用、留存或退回修改。")
            return dated(office, what, None, today, mine=works_here)
        case _STATUS.SELECTED:
            what = _now("编辑，送核稿。")
            return dated(office, what, None, today, mine=works_here)
        case _STATUS.EDITED:
            who = _now("核稿人")
            what = _now("核稿：编辑以外的人看编辑稿，通过或退回。")
            return dated(who, what, None, today, mine=may_check(report, user))
        case _STATUS.CHECKED:
            who = str(report.signer or _now("签发领导"))
            return dated(who, _now("签发或退回编辑。"), None, today, mine=is_signer(report, user))
        case _STATUS.SIGNED:
            return dated(office, _now("印发，编入期号。"), None, today, mine=works_here)
    return None
