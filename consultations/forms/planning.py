"""Topics and the year's plan as they are typed; field names are the keywords of the actions."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.forms.choices import DecisionChoice
from consultations.models import AnnualPlan, DeclineReason, SessionForm, Topic
from cppcc_portal.office import parameters
from cppcc_portal.office.forms import CountedInput, CountedTextarea, text_area
from cppcc_portal.office.steps import StepForm
from members.models import Committee, Person
from members.posted import leaders


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
