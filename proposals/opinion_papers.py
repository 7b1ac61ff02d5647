"""The papers of public-opinion reports as the office prints them: the numbered bulletin, the sheet that goes round."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office.deadlines import long_date
from cppcc_portal.office.documents import Paper
from proposals.models import Bulletin, OpinionReport
from proposals.models.bulletins import reports_of
from proposals.papers import committee_name


def _text(paper: Paper, text: Any) -> None:
    for label, part in ((_("情况"), text.situation), (_("建议"), text.advice)):
        if part.strip():
            paper.heading(label)
            paper.text(part)


def bulletin_paper(bulletin: Bulletin, *, sent_to: bool) -> Paper:
    """《社情民意》第×期: the signed text, every author credited; `sent_to`: where it went, for the office."""
    paper = Paper(str(bulletin))
    number = _("%(year)s年第%(number)s期") % {"year": bulletin.year, "number": bulletin.number}
    paper.head(_("社情民意"), number)
    paper.title(bulletin.title)
    _text(paper, bulletin.text)
    authors = "、".join(report.author_names for report in reports_of(bulletin))
    paper.note(_("（反映人：%s）") % authors)
    paper.signature(committee_name(), bulletin.issued_on)
    sent = bulletin.dispatches.select_related("unit", "leader") if sent_to else ()
    if names := "、".join(dispatch.receiver for dispatch in sent):
        paper.note(_("报送：%s") % names)
    paper.note(_("签发：%s") % bulletin.signer)
    return paper


def report_sheet(report: OpinionReport) -> Paper:
    """稿签: who reported, who edited, checked and signed, the issue; both texts one after the other."""
    paper = Paper(str(report))
    paper.title(_("社情民意信息稿签"))
    handed_in = timezone.localdate(report.submitted_at) if report.submitted_at else None
    text = report.author_text
    assert text is not None  # asked by the page
    paper.facts(
        [
            (_("登记号"), report.label),
            (_("标题"), report.edited_text.title if report.edited_text else text.title),
            (_("作者"), report.author_names),
            (_("提交日期"), long_date(handed_in) if handed_in else ""),
            (_("编辑"), report.edited_by or ""),
            (_("核稿"), report.checked_by or ""),
            (_("签发"), report.signer or ""),
            (_("期号"), report.bulletin or ""),
        ]
    )
    if report.edited_text is not None:
        paper.heading(_("编辑稿"))
        _text(paper, report.edited_text)
    paper.heading(_("作者原文：%s") % text.title)
    _text(paper, text)
    return paper
