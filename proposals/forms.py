"""What people type about proposals; field names are the keywords of the actions."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import files, parameters
from cppcc_portal.office.files import Attachment, MultipleFileField
from cppcc_portal.office.forms import CountedInput, DateInput, FileInput, Picks, count_characters
from members.models import Membership, Unit
from proposals.models import (
    Award,
    Category,
    ContactEntry,
    Destination,
    Evaluation,
    Handling,
    Proposal,
    Proposer,
    RatingGrade,
    RefusalReason,
    Reply,
    ResultClass,
)
from proposals.models.replies import PROMISE_PARTS, is_asked, must_be_principal

TITLE_MOST = 200  # what the column holds; the office's own limit is lower and only told
LONG_PARTS = ("situation", "analysis", "suggestions")


def wanted(form: forms.BaseForm, *names: str) -> None:
    """Mark fields that may stay empty while writing but not in the end: never labelled 可不填."""
    for name in names:
        field: Any = form.fields[name]
        field.wanted = True


class FilterForm(forms.Form):
    """Which proposals to show."""

    q = forms.CharField(
        label=_("查找"),
        required=False,
        max_length=60,
        help_text=_("案号、案由中的词、提案人姓名或拼音首字母"),
    )
    status = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(self, "q", "status")
        stages = [(code, label) for code, (label, _rows) in STAGES.items()]
        field: Any = self.fields["status"]
        field.choices = [
            ("", _("全部")),
            (_("阶段和标记"), stages),
            (_("状态"), list(Proposal.Status.choices)),
        ]


# Stages of several statuses, as leaders look at them; the same rows for a figure and its list.
STAGES: dict[str, tuple[Promise | str, Any]] = {
    "in_review": (
        _("审查阶段"),
        lambda today: Q(status__in=Proposal.UNDER_REVIEW),
    ),
    "to_hand_over": (
        _("待交办"),
        lambda today: Q(status__in=Proposal.NOT_HANDED_OVER),
    ),
    "in_handling": (_("承办阶段"), lambda today: Q(status__in=Proposal.WITH_UNITS)),
    "late": (
        _("逾期未答复"),
        # A reply that is being checked is not late: its clock stands still.
        lambda today: Q(
            status__in=Proposal.WITH_UNITS,
            due_on__lt=today,
            pk__in=Handling.objects.overdue(today)
            .exclude(role=Handling.Role.JOINT)
            .order_by()
            .values("proposal"),
        ),
    ),
    "key": (_("重点提案"), lambda today: Q(key_official__isnull=False)),
    "excellent": (
        _("优秀提案"),
        lambda today: Q(pk__in=Award.objects.standing().exclude(proposal=None).values("proposal")),
    ),
}


def in_stage(stage: str, today: date) -> Q:
    """The rows of one stage, or of one status."""
    return STAGES[stage][1](today) if stage in STAGES else Q(status=stage)


class MergeForm(forms.Form):
    """Which filed proposal it joins, why, and what its author said."""

    into = forms.ModelChoiceField(
        label=_("并入哪一件"),
        queryset=Proposal.objects.filter(status__in=Proposal.TAKES_OTHERS),
        help_text=_("按提案号、案由或提案人查找已立案、还没有答复的提案。"),
    )
    note = forms.CharField(
        label=_("理由和征求意见的情况"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("双方提案人会看到。例如：内容相同，已电话征得提案人同意。"),
    )


class DraftForm(forms.Form):
    """The text in its parts, and what the author chooses beside it; nothing is required while writing."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("案由"),
        required=False,
        widget=CountedInput,
        help_text=_("一事一案，例如：关于……的建议。"),
    )
    situation = forms.CharField(
        label=_("情况"),
        required=False,
        strip=False,
        widget=forms.Textarea,
        help_text=_("写清楚事实：在哪里、有多少、影响谁。"),
    )
    analysis = forms.CharField(
        label=_("分析"),
        required=False,
        strip=False,
        widget=forms.Textarea,
        help_text=_("为什么会这样，难在哪里。"),
    )
    suggestions = forms.CharField(
        label=_("建议"),
        required=False,
        strip=False,
        widget=forms.Textarea,
        help_text=_("逐条写，每条说明由谁做什么。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(self, "title", "situation", "suggestions")
        title: Any = self.fields["title"]
        title.widget.limit = parameters.get("proposals.title_limit")

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if (surplus := count_characters(title) - TITLE_MOST) > 0:
            raise forms.ValidationError(
                _("案由最多 %(most)s 个字，现在超出 %(surplus)s 个字，请缩短后再保存。"),
                params={"most": TITLE_MOST, "surplus": surplus},
            )
        return title

    def too_long(self) -> str:
        """A hint, never a wall: the office's own limit is exceeded."""
        written = sum(count_characters(self.cleaned_data.get(name, "")) for name in LONG_PARTS)
        limit = parameters.get("proposals.length_warn")
        if written <= limit:
            return ""
        return str(
            _(
                "正文共 %(written)s 字，超过建议的 %(limit)s 字；可以提交，较长的材料也可以放进附件。"
            )
            % {"written": written, "limit": limit}
        )


class FileChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ChoicesForm(forms.Form):
    """Consent to publish, secrecy, wished units, attachments."""

    may_publish = forms.TypedChoiceField(
        label=_("是否同意公开"),
        choices=[("True", _("同意公开")), ("False", _("不同意公开"))],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("公开的是提案全文和答复；由办公室最后审定。"),
    )
    unpublished_reason = forms.CharField(
        label=_("不同意公开的理由"),
        max_length=300,
        required=False,
        help_text=_("选择“不同意公开”时填写。"),
    )
    wished_units = forms.ModelMultipleChoiceField(
        label=_("建议主办单位"),
        queryset=Unit.objects.in_use(),
        required=False,
        widget=Picks,
        help_text=_("可不选；由它牵头答复您。最后由办公室决定。"),
    )
    wished_joint_units = forms.ModelMultipleChoiceField(
        label=_("建议会办单位"),
        queryset=Unit.objects.in_use(),
        required=False,
        widget=Picks,
        help_text=_("可不选；配合主办单位办理的单位。"),
    )
    files = MultipleFileField(  # type: ignore[assignment]  # no clash: Django keeps it in fields
        label=_("添加附件"), required=False
    )
    remove_files = FileChoice(
        label=_("要移除的附件"),
        queryset=Attachment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选后保存，附件即被移除。"),
    )
    secrecy_confirmed = forms.BooleanField(
        label=_("我确认内容不涉及国家秘密和工作秘密"), required=False
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(self, "may_publish", "unpublished_reason", "secrecy_confirmed", "remove_files")
        present: Any = self.fields["remove_files"]
        # The paper on which a text was entered for a member stays.
        present.queryset = files.for_subject(proposal).exclude(kind=Attachment.Kind.SCAN)

    def clean_wished_joint_units(self) -> Any:
        joint = self.cleaned_data["wished_joint_units"]
        both = [str(unit) for unit in joint if unit in self.cleaned_data.get("wished_units", ())]
        if both:
            told = _("%s 已选为建议主办单位，请只选一处。")
            raise forms.ValidationError(told % "、".join(both))
        return joint

    def chosen(self) -> dict[str, Any]:
        """What is kept beside the text, without files: the keywords of `save_choices`."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("files", "remove_files")
        }


class InviteForm(forms.Form):
    """Whom to ask to co-sign, and until when."""

    memberships = forms.ModelMultipleChoiceField(
        label=_("选择委员"),
        queryset=Membership.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    until = forms.DateField(
        label=_("请他们在哪一天前答复"),
        required=False,
        widget=DateInput,
        help_text=_("不填则按办公室规定的天数。"),
    )

    def __init__(self, *args: Any, members: Any, nobody_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["memberships"]
        field.queryset = members
        self.nobody_new = nobody_new  # asking those again who agreed to other words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "memberships" in cleaned and not cleaned["memberships"] and not self.nobody_new:
            self.add_error("memberships", _("请先勾选要邀请的委员。"))
        until = cleaned.get("until")
        if until and until < timezone.localdate():
            self.add_error("until", _("答复日期不能早于今天。"))
        return cleaned


class AnswerForm(forms.Form):
    """Agree or decline, with a remark if wished; `text` is the version that was on the page."""

    text = forms.IntegerField(required=False, widget=forms.HiddenInput)
    remark = forms.CharField(
        label=_("附言"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("第一提案人会看到。"),
    )


class NoteForm(forms.Form):
    """A step that may carry a remark."""

    note = forms.CharField(
        label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReturnForm(forms.Form):
    """What is to be changed; the author reads it."""

    note = forms.CharField(
        label=_("需要修改的地方"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("提案人会看到这段话。"),
    )
    text_stays = forms.BooleanField(
        label=_("只补材料，文字不用改"),
        required=False,
        help_text=_("例如补附件、盖章件或联系人。不勾选时，提案人须改动文字才能再次提交。"),
    )


class FileForm(forms.Form):
    """Category for filing."""

    category = forms.ModelChoiceField(
        label=_("类别"), queryset=Category.objects.filter(active=True)
    )
    note = forms.CharField(
        label=_("审查意见（内部）"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class RefuseForm(forms.Form):
    """Why not filed, and where the text goes; both are told to the proposers."""

    refusal_reason = forms.ModelChoiceField(
        label=_("不予立案理由"), queryset=RefusalReason.objects.filter(active=True)
    )
    destination = forms.ModelChoiceField(
        label=_("去向"), queryset=Destination.objects.filter(active=True)
    )
    note = forms.CharField(
        label=_("补充说明"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("提案人会看到。"),
    )


class HandOverForm(forms.Form):
    """To which units: one lead with joint units, or several separate ones."""

    lead = forms.ModelChoiceField(
        label=_("主办单位"), queryset=Unit.objects.in_use(), required=False
    )
    joint = forms.ModelMultipleChoiceField(
        label=_("会办单位"), queryset=Unit.objects.in_use(), required=False
    )
    separate = forms.ModelMultipleChoiceField(
        label=_("分办单位"),
        queryset=Unit.objects.in_use(),
        required=False,
        help_text=_("两个以上单位各自答复时选择，此时不选主办、会办。"),
    )
    due_on = forms.DateField(
        label=_("答复期限"),
        required=False,
        widget=DateInput,
        help_text=_("不填则按期限规则计算。"),
    )
    note = forms.CharField(
        label=_("交办说明"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lead, joint = cleaned.get("lead"), list(cleaned.get("joint") or [])
        separate = list(cleaned.get("separate") or [])
        units = [unit for unit in [lead, *joint, *separate] if unit]
        if len(set(units)) < len(units):
            raise forms.ValidationError(_("同一单位只能选一次，请检查主办、会办、分办单位。"))
        if separate and (lead or joint):
            raise forms.ValidationError(_("分办与主办、会办不能同时选，请只保留一种方式。"))
        if not lead and len(separate) < 2:
            raise forms.ValidationError(_("请选择一个主办单位，或者两个以上分办单位。"))
        due_on = cleaned.get("due_on")
        if due_on and due_on <= timezone.localdate():
            self.add_error("due_on", _("答复期限应晚于今天。"))
        return cleaned


def tick_units(form: forms.BaseForm) -> None:
    """The units of a hand-over as boxes to tick: nobody holds Ctrl to choose a second one."""
    lead: Any = form.fields["lead"]
    lead.empty_label, lead.wanted = _("请选择"), True  # empty only beside separate units
    for name in ("joint", "separate"):
        field: Any = form.fields[name]
        field.widget = Picks(choices=field.choices)
        field.widget.is_required = False


class ContactForm(forms.Form):
    """A contact with a proposer."""

    proposer = forms.ModelChoiceField(label=_("提案人"), queryset=Proposer.objects.none())
    way = forms.ChoiceField(label=_("方式"), choices=ContactEntry.Way, widget=forms.RadioSelect)
    stage = forms.ChoiceField(label=_("阶段"), choices=ContactEntry.Stage, widget=forms.RadioSelect)
    on = forms.DateField(label=_("日期"), widget=DateInput)
    consent = forms.CharField(
        label=_("提案人同意改用其他方式的情况"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
        help_text=_("这件提案须当面沟通；用电话等方式的，写明提案人何时、怎样同意。"),
    )
    summary = forms.CharField(
        label=_("沟通情况"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "谈了什么、提案人有什么要求；不必面商的，写明是怎样问、怎样答的。提案人能看到这段话。"
        ),
    )

    def __init__(self, *args: Any, handling: Handling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consent: Any = self.fields["consent"]
        consent.wanted = True  # only of another way than the one that is asked for
        if not is_asked("in_person", handling):
            del self.fields["consent"]
        field: Any = self.fields["proposer"]
        field.queryset = handling.proposal.proposers.confirmed().select_related(
            "membership__person", "body"
        )
        field.empty_label = None  # the first proposer stands on top

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("沟通日期不能晚于今天。"))
        return on


class OpinionForm(forms.Form):
    """The joint unit's opinion for the lead unit."""

    text = forms.CharField(
        label=_("会办意见"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("针对本单位职责范围内的建议逐条写。主办单位据此统一答复提案人。"),
    )
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    signer = forms.CharField(label=_("签发人"), max_length=30)
    signer_post = forms.CharField(label=_("签发人职务"), max_length=60)


class SignedField(forms.FileField):
    """The letter that was signed on paper, where leaders sign replies off."""

    def __init__(self) -> None:
        super().__init__(
            label=_("已在线下签发的答复函"),
            required=False,
            widget=FileInput(),
            help_text=_("附上签发后的答复函扫描件，就不用再送负责人在门户签发；须同时填写签发人。"),
        )


class ReplyDraftForm(forms.ModelForm):
    """The unit's reply; nothing is required while it is being written."""

    class Meta:
        model = Reply
        fields = [
            "text",
            "result_class",
            "document_number",
            "signer",
            "signer_post",
            "signer_rank",
            "contact_name",
            "contact_phone",
            "openness",
            "promised",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(
            self,
            "text",
            "result_class",
            "document_number",
            "signer",
            "signer_post",
            "signer_rank",
            "promised",
        )
        klass: Any = self.fields["result_class"]
        klass.queryset = ResultClass.objects.filter(active=True)
        klass.empty_label = _("请选择")
        self.fields["result_class"].help_text = _("B 类须在下面写明承诺事项。")
        self.fields["text"].widget.attrs["rows"] = 16
        self.fields["text"].help_text = _("逐条回答提案人的建议；抬头、落款由系统生成，不用写。")
        self.fields["document_number"].help_text = _("例如：某建提〔2026〕12号。")
        self.fields["promised"].label = _("答复中有承诺事项（写在下面）")
        rank: Any = self.fields["signer_rank"]
        if must_be_principal(self.instance.handling):
            rank.help_text = _("这件答复须由单位主要负责人签发。")
        if is_asked("sign_off", self.instance.handling):
            self.fields["signer"].help_text = _("送签发后由签发的负责人自动填入。")
            self.fields["signed"] = SignedField()


class ReplyForm(ReplyDraftForm):
    """The same when it goes on: class, number and text must be there, and the signer unless a leader signs it off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text", "result_class", "document_number"):
            self.fields[name].required = True
        for name in ("signer", "signer_post"):
            self.fields[name].required = not is_asked("sign_off", self.instance.handling)


class CommitmentForm(forms.Form):
    """One promise: what, who, by when."""

    what = forms.CharField(label=_("承诺事项"), max_length=500)
    who = forms.CharField(label=_("责任人"), max_length=60)
    due_on = forms.DateField(label=_("完成期限"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(self, "what", "who", "due_on")

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on <= timezone.localdate():
            raise forms.ValidationError(_("完成期限应晚于今天。"))
        return due_on


PROMISE_ROWS = 3
PROMISES_MOST = 20


class PromiseFormSet(forms.BaseFormSet):
    """The rows of promises: an emptied row is no promise, wherever its words came from."""

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()


CommitmentFormSet = forms.formset_factory(
    CommitmentForm, formset=PromiseFormSet, extra=PROMISE_ROWS, max_num=PROMISES_MOST
)


def promise_rows(planned: Iterable[Mapping[str, str]], *, more: int = 0) -> Any:
    """Rows to write promises in: those begun, and at least three in all; `more` empty ones."""
    begun = [dict(promise) for promise in planned]
    rows = CommitmentFormSet(initial=begun, prefix="promises")
    rows.extra = max(more, PROMISE_ROWS - len(begun), 0)
    return rows


def typed_promises(posted: Mapping[str, Any]) -> list[dict[str, str]]:
    """What stands in the rows of promises, complete or not; empty rows are left out."""
    total = str(posted.get("promises-TOTAL_FORMS", ""))
    count = min(int(total), PROMISES_MOST) if total.isdigit() else 0
    rows = [
        {part: str(posted.get(f"promises-{row}-{part}", ""))[:500] for part in PROMISE_PARTS}
        for row in range(count)
    ]
    return [row for row in rows if any(value.strip() for value in row.values())]


def grades_in_use() -> list[tuple[str, str]]:
    """The grades as the office words them today."""
    return list(RatingGrade.objects.filter(active=True).values_list("code", "name"))


class EvaluateForm(forms.Form):
    """A proposer's rating: attitude and result apart."""

    attitude = forms.ChoiceField(
        label=_("办理态度"), choices=grades_in_use, widget=forms.RadioSelect
    )
    result = forms.ChoiceField(label=_("办理结果"), choices=grades_in_use, widget=forms.RadioSelect)
    contacted = forms.ChoiceField(
        label=_("承办单位怎样与您沟通"), choices=Evaluation.Contacted, widget=forms.RadioSelect
    )
    to_the_point = forms.ChoiceField(
        label=_("答复是否对题"), choices=Evaluation.ToThePoint, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("意见"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "有一项选“不满意”时必须写明理由：启动重新办理后，您的姓名和这段理由会告诉承办单位。"
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [cleaned.get("attitude"), cleaned.get("result")]
        asking = RatingGrade.objects.filter(code__in=given, needs_reason=True).first()
        if asking and not (cleaned.get("text") or "").strip():
            told = gettext("选择“%s”时请写明理由，承办单位要据此重新办理。")
            self.add_error("text", told % asking.name)
        return cleaned


class RefuseRehandlingForm(forms.Form):
    """Why no second round; the proposer reads it."""

    reason = forms.CharField(
        label=_("不重新办理的理由"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("提案人会看到。"),
    )
