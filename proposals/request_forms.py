"""What is typed when a unit asks for something, and when it is decided; field names are the actions' keywords."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import deadlines
from cppcc_portal.office.forms import DateInput, FileInput, text_area
from cppcc_portal.office.steps import StepForm
from members.models import Unit
from proposals.actions.asking import answer_kind, limit_of, office_finds_out
from proposals.models import Handling, ResultClass, UnitRequest


class ReturnRequestForm(StepForm):
    """Why the share is not this unit's business, whose it is, and the leader's signature."""

    reason = forms.CharField(
        label=_("申请退办的理由"),
        widget=text_area(),
        max_length=1000,
        help_text=_("写明为什么不属于本单位职责。"),
    )
    suggested_unit = forms.ModelChoiceField(
        label=_("建议承办单位"), queryset=Unit.objects.in_use(), required=False
    )
    office_decides = forms.BooleanField(
        required=False,
        help_text=_("不知道属于哪个单位职责时勾选；能指明单位的，请在上面选择。"),
    )
    upload = forms.FileField(
        label=_("单位负责人签字的申请"),
        widget=FileInput(),
        required=False,
        help_text=_("扫描件或照片，PDF 或图片。"),
    )

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        units: Any = self.fields["suggested_unit"]
        units.queryset = Unit.objects.in_use().exclude(pk=thing.unit_id)
        units.wanted = True  # or the box below it
        self.fields["office_decides"].label = office_finds_out(thing)
        upload: Any = self.fields["upload"]
        upload.wanted = True  # staff who enter the paper give its scan instead


class ExtensionRequestForm(StepForm):
    """Until when the unit wants to have time, and why."""

    wanted_on = forms.DateField(label=_("希望延至"), widget=DateInput)
    reason = forms.CharField(label=_("申请延期的理由"), widget=text_area(), max_length=1000)
    upload = forms.FileField(label=_("单位负责人签字的申请"), widget=FileInput(), required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        clock = deadlines.Deadline.objects.current(thing, answer_kind(thing))
        if clock is not None:
            self.fields["wanted_on"].help_text = _("现期限 %(due)s，最迟可以延到 %(latest)s。") % {
                "due": deadlines.long_date(clock.due_on),
                "latest": deadlines.long_date(deadlines.latest_extension(clock, limit_of(thing))),
            }


class GrantForm(StepForm):
    """To which unit the share goes, or until when the reply is due."""

    unit = forms.ModelChoiceField(label=_("改由哪个单位承办"), queryset=Unit.objects.none())
    until = forms.DateField(label=_("同意延至"), widget=DateInput)
    answer = forms.CharField(label=_("说明"), widget=text_area(3), max_length=1000, required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"unit": thing.suggested_unit_id, "until": thing.wanted_on}
        super().__init__(*args, thing=thing, **kwargs)
        if thing.kind == UnitRequest.Kind.EXTENSION:
            del self.fields["unit"]
            return
        del self.fields["until"]
        choose_unit(self.fields["unit"], thing.share)


class RefuseRequestForm(StepForm):
    """Why not; the unit reads it."""

    answer = forms.CharField(label=_("不同意的理由"), widget=text_area(), max_length=1000)


class RehandForm(StepForm):
    """Another unit for a share, decided without a request."""

    unit = forms.ModelChoiceField(label=_("改由哪个单位承办"), queryset=Unit.objects.none())
    note = forms.CharField(
        label=_("改办的理由"),
        widget=text_area(3),
        max_length=500,
        help_text=_("提案人和各单位会看到。"),
    )

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        choose_unit(self.fields["unit"], thing)


class CheckForm(StepForm):
    """The class as the checker finds it; another than the unit's needs a reason."""

    result_class = forms.ModelChoiceField(
        label=_("办理结果类别"), queryset=ResultClass.objects.filter(active=True), empty_label=None
    )
    reason = forms.CharField(
        label=_("更改类别的理由"),
        widget=text_area(3),
        max_length=500,
        required=False,
        help_text=_("类别与单位所报不同时填写，承办单位和提案人会看到。"),
    )
    note = forms.CharField(label=_("审核意见"), widget=text_area(3), max_length=500, required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"result_class": thing.current_reply.result_class_id}
        super().__init__(*args, thing=thing, **kwargs)
        reason: Any = self.fields["reason"]
        reason.wanted = True


class AgreeForm(StepForm):
    """A remark for the lead unit, if any."""

    remark = forms.CharField(label=_("附言"), widget=text_area(3), max_length=1000, required=False)


class DissentForm(StepForm):
    """Where the joint unit does not stand by the draft, and why."""

    remark = forms.CharField(
        label=_("不同意的地方和理由"),
        widget=text_area(),
        max_length=1000,
        help_text=_("主办单位据此修改或协调；修改后会再送会签。"),
    )


def choose_unit(field: Any, handling: Any) -> None:
    """Units in use but the one that has it; a joint share may also be dropped without another."""
    field.queryset = Unit.objects.in_use().exclude(pk=handling.unit_id)
    if isinstance(handling, Handling) and not handling.answers_proposers:
        field.required = False
        field.help_text = _("不选则不再会办。")
