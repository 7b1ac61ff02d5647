"""What people type about topics, research and sessions; field names are the keywords of the actions."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import (
    AnnualPlan,
    DeclineReason,
    Finding,
    OutcomeDocument,
    SessionForm,
    TeamMember,
    Topic,
    Visit,
)
from cppcc_portal.office import parameters
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.forms import (
    CountedInput,
    CountedTextarea,
    DateInput,
    DateTimeInput,
    FileInput,
    Picks,
)
from cppcc_portal.office.steps import SharedTextForm, StepForm
from members.models import Committee, Invitation, Membership, Person, Unit
from members.roles import Role

MOST_DECISIONS = 100  # newest first in a list to choose from


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MemberPicks(forms.ModelMultipleChoiceField):
    """Members in office to tick, found by name or pinyin initials."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picks)
        super().__init__(queryset=Membership.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


def named(seat: Membership) -> str:
    """Name and sector: people of the same name are told apart."""
    sector = f"（{seat.sector}）" if seat.sector else ""
    return f"{seat.person.name}{sector}"


def in_office() -> Any:
    """Members in office of the current term, as lists to tick show them."""
    seats = Membership.objects.active().of_current_term()
    return seats.select_related("person", "sector").order_by("person__initials", "pk")


class TopicForm(forms.ModelForm):
    """A topic while it is being written; what is missing is told at submission, not while typing."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Topic
        fields = ("source", "proposed_for", "title", "background", "suggestion", "no_secret")
        widgets = {
            "title": CountedInput(limit=100),
            "background": CountedTextarea(rows=6),
            "suggestion": CountedTextarea(rows=6),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.proposer_id:  # a member's own: whose it is need not be asked
            del self.fields["source"], self.fields["proposed_for"]
        limit = parameters.get("consultations.topic_limit")
        self.fields["background"].help_text = _("与下面的建议合计不超过 %d 字。") % limit
        for name in ("title", "background", "no_secret"):
            field: Any = self.fields[name]
            field.wanted = True

    def kept(self) -> dict[str, Any]:
        """The keywords of `save_topic`."""
        return dict(self.cleaned_data)


class ScreenForm(StepForm):
    """The three criteria in a line each, and the committee."""

    needed = forms.CharField(label=_("党政所需"), max_length=200, help_text=_("一句话回答。"))
    hoped_for = forms.CharField(label=_("群众所盼"), max_length=200, help_text=_("一句话回答。"))
    feasible = forms.CharField(label=_("政协所能"), max_length=200, help_text=_("一句话回答。"))
    committee = forms.ModelChoiceField(
        label=_("承办专委会"),
        queryset=Committee.objects.filter(term__is_current=True, active=True),
    )


class NotTakeForm(StepForm):
    """Why the topic is not taken."""

    decline_reason = forms.ModelChoiceField(
        label=_("理由"), queryset=DeclineReason.objects.filter(active=True)
    )
    note = forms.CharField(label=_("告诉提出人的话"), widget=text_area(3), max_length=500)


class PlanRowForm(StepForm):
    """A row of the plan."""

    plan = forms.ModelChoiceField(
        label=_("年度计划"),
        queryset=AnnualPlan.objects.filter(
            status__in=[AnnualPlan.Status.COLLECTING, AnnualPlan.Status.DRAFTING]
        ),
    )
    form = forms.ModelChoiceField(
        label=_("协商形式"), queryset=SessionForm.objects.filter(active=True)
    )
    committee = forms.ModelChoiceField(
        label=_("承办专委会"),
        queryset=Committee.objects.filter(term__is_current=True, active=True),
    )
    leader = forms.ModelChoiceField(label=_("牵头领导"), queryset=Person.objects.none())
    month = forms.TypedChoiceField(
        label=_("计划月份"), choices=[(n, _("%d月") % n) for n in range(1, 13)], coerce=int
    )
    is_key = forms.BooleanField(label=_("重点议题（次年可列入回头看）"), required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"committee": thing.committee}
        super().__init__(*args, thing=thing, **kwargs)
        plan: Any = self.fields["plan"]
        if not plan.queryset.exists():
            plan.help_text = _("没有可选的，请先在“协商”页面开始新一年的计划。")
        leader: Any = self.fields["leader"]
        leader.queryset = leaders()


def leaders() -> Any:
    """Who leads topics and signs: chair and vice-chairs, and the secretary-general."""
    roles = [Role.LEADER, Role.SECRETARY_GENERAL]
    found = Person.objects.filter(user__groups__name__in=roles, user__is_active=True)
    return found.distinct()


class DecisionChoice(forms.ModelChoiceField):
    """Passed decisions on record, newest first."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("没有列出的，请先在工作台“会议决定”中登记。"))
        super().__init__(queryset=Decision.objects.none(), **kwargs)

    def offer(self, *bodies: int, unused: bool = False) -> None:
        """Those of these bodies (primary keys), or of all; `unused`: of the last year, in no plan yet."""
        passed = Decision.objects.current().passed()
        if unused:
            since = timezone.localdate() - timedelta(days=366)
            passed = passed.filter(plan_step=None, held_on__gte=since)
        if bodies:
            passed = passed.filter(body__in=bodies)
        newest = list(passed.values_list("pk", flat=True)[:MOST_DECISIONS])
        self.queryset = Decision.objects.filter(pk__in=newest).select_related("body")


class CancelTopicForm(StepForm):
    """The decision by which an approved topic is struck, and why."""

    decision = DecisionChoice(label=_("取消的会议决定"))
    note = forms.CharField(label=_("原因"), widget=text_area(3), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["decision"]
        field.offer()


class RecordStepForm(StepForm):
    """The decision that closes the next step of the route."""

    decision = DecisionChoice(label=_("会议决定"))

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        step = next_step(thing)
        field: Any = self.fields["decision"]
        if step is not None:
            field.label = _("%s的决定") % step.body
            field.offer(step.body_id, unused=True)


def next_step(plan: AnnualPlan) -> Any:
    """The first step of the route without a decision that holds: none yet, or one corrected since."""
    open_steps = plan.steps.filter(Q(decision=None) | Q(decision__replaced_by__isnull=False))
    return open_steps.select_related("body", "plan").first()


class IssueForm(StepForm):
    """The number under which the plan is issued."""

    document_number = forms.CharField(label=_("印发文号"), max_length=60)
    route_decision = DecisionChoice(
        label=_("改变报批程序的决定"),
        required=False,
        help_text=_("最后一步不是区委常委会时才需要。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["route_decision"]
        field.offer()


class SchemeForm(StepForm):
    """What the research is for, and from when to when."""

    outline = forms.CharField(label=_("目的和提纲"), widget=text_area(6), max_length=3000)
    starts_on = forms.DateField(label=_("开始日期"), widget=DateInput)
    ends_on = forms.DateField(label=_("结束日期"), widget=DateInput)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        research = thing
        kwargs["initial"] = {
            "outline": research.outline,
            "starts_on": research.starts_on,
            "ends_on": research.ends_on,
        }
        super().__init__(*args, thing=thing, **kwargs)


class MemberChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Membership.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


class TeamForm(StepForm):
    """Somebody for the research team: a member, or an expert or staff by name."""

    role = forms.ChoiceField(label=_("职责"), choices=TeamMember.Role)
    membership = MemberChoice(label=_("委员"), required=False)
    guest = forms.CharField(
        label=_("或填写姓名单位"), max_length=120, required=False, help_text=_("不是委员时填写。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["membership"]
        field.queryset = in_office()


class VisitForm(StepForm):
    """One visit with who was there."""

    starts_at = forms.DateTimeField(label=_("时间"), widget=DateTimeInput)
    place = forms.CharField(label=_("地点"), max_length=120)
    method = forms.ChoiceField(label=_("方式"), choices=Visit.Method)
    met = forms.CharField(label=_("走访单位和人员"), max_length=300)
    seen = forms.CharField(label=_("了解到的情况"), widget=text_area(6), max_length=5000)
    present = MemberPicks(label=_("参加的委员"))
    guests = forms.CharField(
        label=_("其他参加人员"),
        widget=text_area(2),
        required=False,
        help_text=_("每行一人，写姓名和单位。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["present"]
        field.queryset = in_office()

    def clean_guests(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["guests"].splitlines()]
        return [line[:60] for line in lines if line]


class FindingForm(StepForm):
    """One finding."""

    kind = forms.ChoiceField(label=_("种类"), choices=Finding.Kind)
    text = forms.CharField(label=_("调研发现"), widget=text_area(), max_length=2000)


class SuggestionForm(StepForm):
    """One suggestion: resting on a finding, with an addressee."""

    finding = forms.ModelChoiceField(label=_("依据的发现"), queryset=Finding.objects.none())
    text = forms.CharField(label=_("建议"), widget=text_area(), max_length=2000)
    addressee = forms.ModelChoiceField(label=_("建议对象单位"), queryset=Unit.objects.in_use())

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        field: Any = self.fields["finding"]
        field.queryset = thing.findings.all()


class ReportForm(StepForm):
    """The report and its file."""

    summary = forms.CharField(
        label=_("报告摘要"), widget=text_area(5), max_length=3000, required=False
    )
    upload = forms.FileField(label=_("调研报告文件"), widget=FileInput())

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"summary": thing.summary}
        super().__init__(*args, thing=thing, **kwargs)
        if thing.report_id:
            self.fields["upload"].required = False
            self.fields["upload"].help_text = _("不选则沿用上次的文件。")


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


GUESTS = ("expert", "department", "grass_roots", "public")


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
    """A document on a session; `thing` is the session, or the draft that is edited."""

    kind = forms.ChoiceField(label=_("种类"), choices=OutcomeDocument.Kind)
    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(label=_("内容"), widget=text_area(6), max_length=20000, required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        if isinstance(thing, OutcomeDocument):
            names = ("kind", "title", "text")
            kwargs["initial"] = {name: getattr(thing, name) for name in names}
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
        finding: Any = self.fields["finding"]
        finding.queryset = Finding.objects.filter(research__topic=thing.session.topic_id)
        finding.wanted = True
        voiced_by: Any = self.fields["voiced_by"]
        voiced_by.queryset = in_office().filter(
            person__invitations__gathering=thing.session.gathering_id
        )
        minute: Any = self.fields["minute"]
        minute.wanted = True


class ReviseForm(RecommendationForm):
    """One sentence of advice as it stands, to be corrected."""

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        names = ("text", "finding", "minute", "lead", "voiced_by")
        kwargs["initial"] = {name: getattr(thing, name) for name in names}
        kwargs["initial"]["assist"] = thing.assist.all()
        super().__init__(*args, thing=thing.document, **kwargs)


class SubmitDocumentForm(StepForm):
    """The number under which the document is sent, and its file."""

    document_number = forms.CharField(
        label=_("文号"), max_length=60, help_text=_("例如“海政协〔2026〕15号”。")
    )
    upload = forms.FileField(label=_("成果文件"), widget=FileInput(), required=False)
