"""What is typed about public-opinion reports; field names are the keywords of the actions."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import files, parameters
from cppcc_portal.office.files import Attachment, MultipleFileField
from cppcc_portal.office.forms import (
    CountedInput,
    DateInput,
    FileInput,
    count_characters,
    text_area,
)
from cppcc_portal.office.instructions import Instruction, Level
from cppcc_portal.office.steps import StepForm
from members.models import Person, Unit
from members.posted import leaders
from proposals.forms import TITLE_MOST, FileChoice, wanted
from proposals.models import AdoptionRecord, OpinionDispatch, OpinionReport, SuggestedTopic
from proposals.models.bulletins import attachments_of


class OpinionFilterForm(forms.Form):
    """Which reports to show."""

    q = forms.CharField(
        label=_("查找"),
        required=False,
        max_length=60,
        help_text=_("标题中的词、作者姓名或拼音首字母"),
    )
    status = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *OpinionReport.Status.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(self, "q", "status")


# A member is told of one state for all that goes on inside the office.
MINE: dict[str, Any] = {
    "writing": (_("草稿、待修改"), Q(status__in=OpinionReport.WRITING)),
    "waiting": (_("已提交"), Q(status__in=["submitted", "registered"])),
    "selected": (_("已选用"), Q(status__in=OpinionReport.INSIDE)),
    "kept": (_("留存"), Q(status=OpinionReport.Status.KEPT)),
    "issued": (_("已印发"), Q(bulletin__isnull=False)),
}


class OwnFilterForm(OpinionFilterForm):
    """Which of one's own reports to show, by what their author is told."""

    status = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), *((code, label) for code, (label, _rows) in MINE.items())],
    )


class OpinionTextForm(forms.Form):
    """A report while it is being written; what is missing is told at submission, not while typing."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(
        label=_("标题"),
        required=False,
        widget=CountedInput,
        help_text=_("一事一报，例如：关于……的情况和建议。"),
    )
    situation = forms.CharField(
        label=_("情况"),
        required=False,
        strip=False,
        widget=text_area(8),
        help_text=_("什么事、在哪里、有多少、影响谁，为什么会这样。"),
    )
    advice = forms.CharField(
        label=_("建议"),
        required=False,
        strip=False,
        widget=text_area(6),
        help_text=_("逐条写，每条说明由谁做什么。"),
    )
    secrecy_confirmed = forms.BooleanField(
        label=_("我确认内容不涉及国家秘密和工作秘密"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(self, "title", "situation", "advice", "secrecy_confirmed")
        title: Any = self.fields["title"]
        title.widget.limit = parameters.get("opinions.title_limit")

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if (surplus := count_characters(title) - TITLE_MOST) > 0:
            raise forms.ValidationError(
                _("标题最多 %(most)s 个字，现在超出 %(surplus)s 个字，请缩短后再保存。"),
                params={"most": TITLE_MOST, "surplus": surplus},
            )
        return title

    def too_long(self) -> str:
        """A hint, never a wall: the office's own limit is exceeded."""
        written = sum(count_characters(self.cleaned_data[name]) for name in ("situation", "advice"))
        limit = parameters.get("opinions.length_warn")
        if written <= limit:
            return ""
        told = _("正文共 %(written)s 字，超过建议的 %(limit)s 字；可以提交，请尽量精简。")
        return str(told % {"written": written, "limit": limit})


class OpinionFilesForm(forms.Form):
    """Files beside a report that is being written."""

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

    def __init__(self, *args: Any, report: OpinionReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(self, "remove_files")
        present: Any = self.fields["remove_files"]
        # The paper on which a text was entered for somebody stays.
        present.queryset = files.for_subject(report).exclude(kind=Attachment.Kind.SCAN)


class NewOpinionForm(forms.Form):
    """In whose name: oneself, or a body one acts for."""

    name = forms.ChoiceField(label=_("以谁的名义反映"), widget=forms.RadioSelect)
    theme = forms.ModelChoiceField(
        label=_("年度选题"),
        queryset=SuggestedTopic.objects.none(),
        required=False,
        empty_label=_("不限选题"),
        help_text=_("围绕办公室的年度选题反映的，请选择；也可以反映其他情况。"),
    )

    def __init__(self, *args: Any, names: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs["initial"] = {"name": names[0][0]}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["name"]
        field.choices = names
        themes: Any = self.fields["theme"]
        themes.queryset = SuggestedTopic.objects.on_offer_for_reports().select_related(None)
        if not themes.queryset.exists():
            del self.fields["theme"]


# The office ------------------------------------------------------------------------------------


class ReasonForm(StepForm):
    """Why; the author reads it."""

    note = forms.CharField(
        label=_("理由"), widget=text_area(3), max_length=500, help_text=_("作者会看到。")
    )


class SendBackForm(StepForm):
    """What is to be changed; the editor reads it."""

    note = forms.CharField(label=_("要改什么"), widget=text_area(3), max_length=500)


class TakeOutReportForm(StepForm):
    """Where the matter goes on; never what the text said."""

    note = forms.CharField(
        label=_("转到哪里处理"),
        widget=text_area(3),
        max_length=300,
        help_text=_("例如：转区委保密办。不要写涉密内容。"),
    )


class CombineForm(StepForm):
    """Which report's edited text takes this one in."""

    into = forms.ModelChoiceField(
        label=_("编入哪一篇"),
        queryset=OpinionReport.objects.none(),
        help_text=_("只列出正在编辑的来稿；综合稿以这一篇为主，作者全部署名。"),
    )

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        field: Any = self.fields["into"]
        editing = OpinionReport.objects.filter(status=OpinionReport.Status.SELECTED)
        field.queryset = editing.exclude(pk=thing.pk)


class EditForm(forms.Form):
    """The edited text; `base` is the version this window began with."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(label=_("标题"), max_length=200)
    situation = forms.CharField(label=_("情况"), strip=False, widget=text_area(14))
    advice = forms.CharField(label=_("建议"), strip=False, widget=text_area(10))


class CheckForm(StepForm):
    """Which leader is to sign, and a remark."""

    signer = forms.ModelChoiceField(label=_("送哪位领导签发"), queryset=Person.objects.none())
    note = forms.CharField(label=_("说明"), widget=text_area(3), max_length=500, required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        field: Any = self.fields["signer"]
        field.queryset = leaders()


class SendForm(StepForm):
    """Where the bulletin goes, and when it went."""

    target = forms.ChoiceField(
        label=_("报送给"), choices=OpinionDispatch.Target, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("名称"),
        max_length=60,
        required=False,
        help_text=_("报送上级政协时写名称；领导不在下面名单里的，写姓名和职务。"),
    )
    leader = forms.ModelChoiceField(
        label=_("领导"),
        queryset=Person.objects.none(),
        required=False,
        help_text=_("报送领导时选择。"),
    )
    unit = forms.ModelChoiceField(
        label=_("单位"),
        queryset=Unit.objects.in_use(),
        required=False,
        help_text=_("报送单位时选择。"),
    )
    answer_wanted = forms.BooleanField(label=_("请单位在期限内答复"), required=False)
    with_files = forms.BooleanField(
        label=_("作者的附件一并报送"),
        required=False,
        help_text=_("收到的单位或领导可以打开；代录的纸质原件不报送。"),
    )
    sent_on = forms.DateField(label=_("报送日期"), widget=DateInput)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"sent_on": timezone.localdate()}
        super().__init__(*args, thing=thing, **kwargs)
        wanted(self, "name", "leader", "unit")
        leader: Any = self.fields["leader"]
        leader.queryset = leaders()
        if not attachments_of(thing).exists():
            del self.fields["with_files"]
        if parameters.get("opinions.units_handle"):
            self.fields["answer_wanted"].label = _("交单位办理并答复")
            self.fields["answer_wanted"].help_text = _("单位签收后办理，可以申请退办、延期。")
        elif not parameters.get("opinions.units_answer"):
            del self.fields["answer_wanted"]


class AdoptionForm(StepForm):
    """At which level, by whom and how it was adopted; or what an earlier record should have said."""

    replaces = forms.ModelChoiceField(
        label=_("更正哪一条"),
        queryset=AdoptionRecord.objects.none(),
        required=False,
        help_text=_("新登记的不选；更正误登的，选原来的一条，原记录保留。"),
    )
    level = forms.ChoiceField(label=_("层级"), choices=Level, widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=_("采用方式"), choices=AdoptionRecord.Kind, widget=forms.RadioSelect
    )
    adopter = forms.CharField(
        label=_("采用单位"), max_length=80, help_text=_("例如：市政协办公室、省政协信息刊物。")
    )
    adopted_on = forms.DateField(label=_("采用日期"), widget=DateInput)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"adopted_on": timezone.localdate()}
        super().__init__(*args, thing=thing, **kwargs)
        standing = thing.adoptions.current()
        if not standing.exists():
            del self.fields["replaces"]
            kind: Any = self.fields["kind"]
            kind.choices = [
                choice
                for choice in AdoptionRecord.Kind.choices
                if choice[0] != AdoptionRecord.Kind.STRUCK
            ]
            return
        field: Any = self.fields["replaces"]
        field.queryset = standing


class InstructionForm(StepForm):
    """What a leader wrote on the bulletin."""

    replaces = forms.ModelChoiceField(
        label=_("更正哪一条"),
        queryset=Instruction.objects.none(),
        required=False,
        help_text=_("新登记的不选；更正的，选原来的一条，原记录保留。"),
    )
    level = forms.ChoiceField(label=_("层级"), choices=Level, widget=forms.RadioSelect)
    leader = forms.ModelChoiceField(
        label=_("本机关领导"), queryset=Person.objects.none(), required=False
    )
    leader_name = forms.CharField(
        label=_("领导姓名和职务"),
        max_length=60,
        required=False,
        help_text=_("不在本机关的领导，照批示原件填写。"),
    )
    given_on = forms.DateField(label=_("批示日期"), widget=DateInput)
    text = forms.CharField(
        label=_("批示内容"),
        widget=text_area(),
        max_length=2000,
        help_text=_("照原件录入，只有办公室和领导能看到。"),
    )
    upload = forms.FileField(label=_("批示原件扫描件"), widget=FileInput(), required=False)
    released = forms.BooleanField(label=_("批示内容可以告知作者"), required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"given_on": timezone.localdate()}
        super().__init__(*args, thing=thing, **kwargs)
        wanted(self, "leader", "leader_name")
        leader: Any = self.fields["leader"]
        leader.queryset = leaders()
        standing = Instruction.objects.about(thing)
        if standing.exists():
            field: Any = self.fields["replaces"]
            field.queryset = standing
        else:
            del self.fields["replaces"]


class ReleaseForm(StepForm):
    """Which instruction the authors may read."""

    instruction = forms.ModelChoiceField(label=_("哪一条批示"), queryset=Instruction.objects.none())

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        field: Any = self.fields["instruction"]
        field.queryset = Instruction.objects.about(thing).filter(release=None)
