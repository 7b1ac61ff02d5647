"""The steps of public-opinion reports and bulletins as pages: what each asks, does and tells."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.instructions import Instruction
from cppcc_portal.office.steps import RemarkForm, Step
from proposals import opinion_forms as forms
from proposals.actions import bulletins
from proposals.actions import opinion_editing as editing
from proposals.actions import opinions as writing
from proposals.actions.opinion_removing import take_out_report
from proposals.models import Bulletin, OpinionReport
from proposals.models.opinions import is_signer


def may_handle(bulletin: Bulletin, user: Any) -> bool:
    return not bulletin.is_emptied and bool(user.has_perm("proposals.handle_opinionreport"))


def may_instruct(bulletin: Bulletin, user: Any) -> bool:
    return not bulletin.is_emptied and bool(user.has_perm("office.add_instruction"))


def may_release(bulletin: Bulletin, user: Any) -> bool:
    if not may_instruct(bulletin, user):
        return False
    return Instruction.objects.about(bulletin).filter(release=None).exists()


def named(report: OpinionReport) -> str:
    """The report as the office speaks of it."""
    return f"{report.label} {report}" if report.label else str(report)


def unanswered(report: OpinionReport) -> list[str]:
    """With the registration the authors are settled: who is asked and has not answered is not named."""
    waiting = report.invitations.filter(status="waiting").with_names()
    names = "、".join(str(one) for one in waiting)
    told = gettext("%s还没有答复是否共同署名；现在登记就不再署名。")
    return [told % names] if names else []


def bulletin_page(_report: OpinionReport, bulletin: Bulletin) -> str:
    return bulletin.get_absolute_url()


REPORT_STEPS = (
    Step(
        "register",
        editing.register,
        _("已登记，作者会收到登记号。"),
        question=_("登记后编入本年登记号；作者和文字确定，不能再撤回。"),
        subject=named,
        warnings=unanswered,
    ),
    Step(
        "select",
        editing.select,
        _("已选用，请编辑。"),
        question=_("选用后进入编辑；作者会收到消息。"),
        subject=named,
    ),
    Step(
        "check", editing.check, _("核稿通过，已送领导签发。"), form=forms.CheckForm, subject=named
    ),
    Step(
        "sign",
        editing.sign,
        _("已签发，请印发。"),
        form=RemarkForm,
        acts=is_signer,
        subject=named,
    ),
    Step(
        "issue",
        bulletins.issue,
        _("已印发，作者都已收到消息；请登记报送。"),
        question=_("印发后编入本年下一个期号，不再修改；每位作者都会署名并收到消息。"),
        subject=named,
        to=bulletin_page,
    ),
    Step(
        "archive",
        bulletins.archive,
        _("已归档。"),
        form=RemarkForm,
        question=_("归档后仍可在刊物页登记采用和批示。"),
        subject=named,
    ),
    Step(
        "combine",
        editing.combine,
        _("已编入综合稿。"),
        form=forms.CombineForm,
        subject=named,
        side=True,
    ),
    Step(
        "split",
        editing.split,
        _("已移出综合稿，可以单独编辑。"),
        question=_("移出后回到待编辑，综合稿的文字请自行修改。"),
        subject=named,
        danger=True,
    ),
    Step(
        "send_back",
        editing.send_back,
        _("已退回编辑。"),
        form=forms.SendBackForm,
        subject=named,
        danger=True,
    ),
    Step(
        "keep",
        editing.keep,
        _("已留存，作者会看到理由。"),
        form=forms.ReasonForm,
        question=_("留存的来稿仍在登记册里，以后可以再选用。"),
        subject=named,
        danger=True,
    ),
    Step(
        "return_",
        editing.return_,
        _("已退回，作者会看到说明。"),
        form=forms.ReasonForm,
        subject=named,
        danger=True,
    ),
    Step(
        "recall",
        writing.recall,
        _("已撤回，可以继续修改。"),
        question=_("撤回后可以修改，再重新提交。"),
    ),
    Step(
        "take_out",
        take_out_report,
        _("已移出。"),
        form=forms.TakeOutReportForm,
        question=_("移出后原文、编辑稿、刊物文字、附件、答复和通知全部销毁，不能恢复。"),
        subject=named,
        shows_missing=True,
        danger=True,
    ),
)
BULLETIN_STEPS = (
    Step(
        "send",
        bulletins.send,
        _("已登记报送，收到的单位和作者都会收到消息。"),
        label=_("登记报送"),
        form=forms.SendForm,
        may=may_handle,
    ),
    Step(
        "record_adoption",
        bulletins.record_adoption,
        _("采用情况已登记，作者会收到消息。"),
        label=_("登记采用"),
        form=forms.AdoptionForm,
        may=may_handle,
        side=True,
    ),
    Step(
        "record_instruction",
        bulletins.record_instruction,
        _("批示已登记，作者会收到“收到批示”的消息。"),
        label=_("登记批示"),
        form=forms.InstructionForm,
        may=may_instruct,
        side=True,
    ),
    Step(
        "release_instruction",
        bulletins.release_instruction,
        _("作者现在可以看到这条批示的内容。"),
        label=_("告知作者批示内容"),
        form=forms.ReleaseForm,
        may=may_release,
        side=True,
    ),
)
