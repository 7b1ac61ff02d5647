"""Sessions as they are typed: time and place, who is asked, minutes, what comes out."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.forms.choices import MemberChoice, MemberPicks, in_office
from consultations.models import Finding, OutcomeDocument, SessionForm
from cppcc_portal.office.forms import DateTimeInput, FileInput, Picks, text_area
from cppcc_portal.office.steps import SharedTextForm, StepForm
from members.models import Invitation, Person, Unit
from members.posted import leaders


class PlanSessionForm(StepForm):
    """A session to be prepared."""

    title = forms.CharField(label=_("活动名称"), max_length=120)
    form = forms.ModelChoiceField(
        label=_("协商形式"), queryset=SessionForm.objects.filter(active=True)
    )
    starts_at = forms.DateTimeField(label=_("开始时间"), widget=DateTimeInput)
    ends_at = forms.DateTimeField(label=_("结束时间"), widget=DateTimeInput, required=False)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form": thing.form, "title": thing.title}
        super().__init__(*args, thing=thing, **kwargs)

    def clean(self) -> dict[str, Any]:
        return check_times(self, super().clean() or {})


def check_times(form: forms.Form, cleaned: dict[str, Any]) -> dict[str, Any]:
    """A session lies ahead, and ends after it begins."""
    starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
    if starts and starts <= timezone.now():
        form.add_error("starts_at", _("开始时间已经过去，请填写今后的时间。"))
    if starts and ends and ends < starts:
        form.add_error("ends_at", _("结束时间不能早于开始时间。"))
    return cleaned


class RescheduleForm(StepForm):
    """Another time or place."""

    starts_at = forms.DateTimeField(label=_("开始时间"), widget=DateTimeInput)
    ends_at = forms.DateTimeField(label=_("结束时间"), widget=DateTimeInput, required=False)
    place = forms.CharField(label=_("地点"), max_length=120)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        gathering = thing.gathering
        names = ("starts_at", "ends_at", "place")
        kwargs["initial"] = {name: getattr(gathering, name) for name in names}
        super().__init__(*args, thing=thing, **kwargs)

    def clean(self) -> dict[str, Any]:
        return check_times(self, super().clean() or {})


GUESTS = ("expert", "department", "grass_roots", "public")


class InviteForm(StepForm):
    """Whom to ask: members to tick, guests one a line in their category."""

    members = MemberPicks(label=_("委员"), required=False)
    expert = forms.CharField(
        label=_("专业人士"),
        widget=text_area(2),
        required=False,
        help_text=_("以下各类每行一人：姓名，单位职务。例如：张三，区农科所研究员。"),
    )
    department = forms.CharField(label=_("部门负责人"), widget=text_area(2), required=False)
    grass_roots = forms.CharField(label=_("基层负责人"), widget=text_area(2), required=False)
    public = forms.CharField(label=_("群众代表"), widget=text_area(2), required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        asked = thing.gathering.invitations.exclude(person=None).values("person")
        field: Any = self.fields["members"]
        field.queryset = in_office().exclude(person__in=asked)

    def clean(self) -> dict[str, Any]:
        """Guests of each category as rows; somebody must be named."""
        cleaned = super().clean() or {}
        named = bool(cleaned.get("members"))
        for category in GUESTS:
            cleaned[category] = guests_in(cleaned.get(category, ""))
            named = named or bool(cleaned[category])
        if not self.errors and not named:
            self.add_error(None, _("请勾选委员，或填写其他参加人员。"))
        return cleaned


def guests_in(text: str) -> list[dict[str, str]]:
    """One guest a line: name, then unit and post after a comma."""
    found = []
    for line in text.splitlines():
        name, _comma, post = line.replace(",", "，").partition("，")
        if name.strip():
            found.append({"guest": name.strip()[:60], "organisation": post.strip()[:120]})
    return found


class CategoryWaiverForm(StepForm):
    """Why nobody of one category is asked."""

    category = forms.ChoiceField(label=_("类别"), choices=Invitation.Category)
    reason = forms.CharField(label=_("不邀请的理由"), max_length=200)


class ResearchWaiverForm(StepForm):
    """A leader lets the session go ahead without research."""

    leader = forms.ModelChoiceField(label=_("签批领导"), queryset=Person.objects.none())
    reason = forms.CharField(label=_("理由"), widget=text_area(3), max_length=300)
    paper = forms.FileField(label=_("领导签批的文件"), widget=FileInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["leader"]
        field.queryset = leaders()


class LeaveForm(StepForm):
    """Why one cannot come."""

    reason = forms.CharField(label=_("请假事由"), widget=text_area(2), max_length=200)


class MinutesForm(SharedTextForm):
    """The minutes, which several people may be writing."""

    shared = "minutes"

    minutes = forms.CharField(label=_("纪要"), widget=text_area(14), max_length=20000)


class DocumentForm(StepForm):
    """A document on a session."""

    kind = forms.ChoiceField(label=_("种类"), choices=OutcomeDocument.Kind)
    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(label=_("内容"), widget=text_area(6), max_length=20000, required=False)


class EditDocumentForm(SharedTextForm, DocumentForm):
    """A draft that is edited, perhaps by two."""

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": thing.kind, "title": thing.title}
        super().__init__(*args, thing=thing, **kwargs)


class RecommendationForm(StepForm):
    """One sentence of advice with its unit; it points to a finding or to the minutes."""

    text = forms.CharField(label=_("意见建议"), widget=text_area(3), max_length=1000)
    finding = forms.ModelChoiceField(
        label=_("依据的调研发现"), queryset=Finding.objects.none(), required=False
    )
    minute = forms.CharField(label=_("或写明依据的纪要内容"), max_length=300, required=False)
    lead = forms.ModelChoiceField(label=_("主办单位"), queryset=Unit.objects.in_use())
    assist = forms.ModelMultipleChoiceField(
        label=_("协办单位"), queryset=Unit.objects.in_use(), required=False, widget=Picks
    )
    voiced_by = MemberChoice(label=_("提出的委员"), required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        session = self.document_of(thing).session
        finding: Any = self.fields["finding"]
        finding.queryset = Finding.objects.filter(research__topic=session.topic_id)
        finding.wanted = True
        voiced_by: Any = self.fields["voiced_by"]
        voiced_by.queryset = in_office().filter(person__invitations__gathering=session.gathering_id)
        minute: Any = self.fields["minute"]
        minute.wanted = True

    def document_of(self, thing: Any) -> Any:
        return thing


class ReviseForm(SharedTextForm, RecommendationForm):
    """One sentence of advice as it stands, to be corrected."""

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        names = ("finding", "minute", "lead", "voiced_by")
        kwargs["initial"] = {name: getattr(thing, name) for name in names}
        kwargs["initial"]["assist"] = thing.assist.all()
        super().__init__(*args, thing=thing, **kwargs)

    def document_of(self, thing: Any) -> Any:
        return thing.document


class SubmitDocumentForm(StepForm):
    """The number under which the document is sent, and its file."""

    document_number = forms.CharField(
        label=_("文号"), max_length=60, help_text=_("例如“海政协〔2026〕15号”。")
    )
    upload = forms.FileField(label=_("成果文件"), widget=FileInput(), required=False)
