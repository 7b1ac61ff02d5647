"""What is typed to make a proposal public; field names are the actions' keywords."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.forms import CountedTextField
from cppcc_portal.office.steps import StepForm
from proposals.models import Publication, Reply
from proposals.models.publications import sent_replies

LONGEST = 20_000  # characters of one part or reply


class PrepareForm(forms.Form):
    """The public words: filled with the newest version, before the first with the internal text."""

    title = forms.CharField(label=_("案由"), max_length=200)
    situation = CountedTextField(label=_("情况"), limit=LONGEST, required=False)
    analysis = CountedTextField(label=_("分析"), limit=LONGEST, required=False)
    suggestions = CountedTextField(label=_("建议"), limit=LONGEST)
    after = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        self.publication = publication
        latest = publication.latest
        text: Any = latest or publication.proposal.current_text
        initial = {name: getattr(text, name) for name in ("title", "situation", "analysis")}
        initial |= {"suggestions": text.suggestions, "after": latest.number if latest else 0}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        written = {item.reply_id: item for item in latest.replies.all()} if latest else {}
        for reply in self.replies:
            mine = written.get(reply.pk)
            words = {"unit": reply.handling.unit, "round": reply.round}
            self.fields[f"openness_{reply.pk}"] = forms.ChoiceField(
                label=_("%(unit)s的答复（第 %(round)s 次）怎样公开") % words,
                choices=Reply.Openness.choices,
                initial=mine.openness if mine else reply.openness,
                widget=forms.RadioSelect,
                help_text=_("承办单位定为：%s。放宽须有该单位同意的记录。")
                % reply.get_openness_display(),
            )
            self.fields[f"text_{reply.pk}"] = CountedTextField(
                label=_("%(unit)s答复（第 %(round)s 次）的公开内容") % words,
                limit=LONGEST,
                required=False,
                initial=mine.text if mine and mine.text else reply.text,
                help_text=_("摘要公开的，请改写成摘要；选“不公开”的，这里的内容不会保留。"),
            )

    @cached_property
    def replies(self) -> list[Reply]:
        return list(sent_replies(self.publication.proposal))

    def words(self) -> dict[str, Any]:
        """The keywords of the action."""
        given = self.cleaned_data
        wanted = ("title", "situation", "analysis", "suggestions", "after")
        replies = {
            reply.pk: (given[f"openness_{reply.pk}"], given[f"text_{reply.pk}"])
            for reply in self.replies
        }
        return {**{name: given[name] for name in wanted}, "replies": replies}


class PublishForm(forms.Form):
    """The last look: hints were read, nothing in it is secret; `number` is the version looked at."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    hints_confirmed = forms.BooleanField(
        label=_("上面列出的疑似地址和人名都已逐条看过，可以公开"), required=False
    )
    secrecy_confirmed = forms.BooleanField(
        label=_("公开稿不涉及国家秘密、工作秘密、商业秘密和个人隐私"), required=False
    )

    def __init__(self, *args: Any, has_hints: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_hints:
            del self.fields["hints_confirmed"]
        for name in ("hints_confirmed", "secrecy_confirmed"):
            if name in self.fields:
                self.fields[name].wanted = True  # type: ignore[attr-defined]


class ReasonForm(StepForm):
    """Why it is not public; the proposers read it."""

    note = forms.CharField(
        label=_("不公开的理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text=_("提案人会看到。"),
    )


class ConsentForm(StepForm):
    """On whose behalf the consent on paper is entered."""

    side = forms.ChoiceField(label=_("谁同意公开"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, thing: Publication, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        self.sides = {f"{side._meta.model_name}-{side.pk}": side for side in thing.asked_of()}
        field: Any = self.fields["side"]
        field.choices = [(key, str(side)) for key, side in self.sides.items()]

    def clean_side(self) -> Any:
        return self.sides[self.cleaned_data["side"]]
