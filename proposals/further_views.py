"""Further bodies of a collective proposal as pages: name one, its contact and seal, take it off."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.forms import FileInput
from cppcc_portal.office.steps import Step, StepForm
from members.models import Body
from proposals import actions
from proposals.collective_forms import clean_contact_phone
from proposals.models import FurtherBody, Proposal, ProposerKind
from proposals.models.rights import is_author


def may_write(proposal: Proposal, user: Any) -> bool:
    """Who writes the text names who puts it as well, as long as it can still be changed."""
    in_writing = proposal.status in Proposal.MOVES["submit"].old
    return in_writing and is_author(proposal, user) and hasattr(proposal, "collective")


def may_write_side(side: FurtherBody, user: Any) -> bool:
    return side.left_at is None and may_write(side.proposal, user)


class ContactForm(StepForm):
    """Whom the unit calls at this body, and under what seal or signature it stands."""

    contact_name = forms.CharField(label=_("联系人"), max_length=30)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=30)
    seal = forms.FileField(
        label=_("该组织盖章或负责人签名的提案扫描件"),
        required=False,
        widget=FileInput(),
        help_text=_("PDF 或图片，提交前须附上；文字再有改动，要重新盖章。"),
    )

    def clean_contact_phone(self) -> str:
        return clean_contact_phone(self.cleaned_data["contact_phone"])


class AddBodyForm(ContactForm):
    """Which body puts it as well."""

    body = forms.ModelChoiceField(label=_("联合提出的组织"), queryset=Body.objects.none())
    field_order = ["body", "contact_name", "contact_phone", "seal"]

    def __init__(self, *args: Any, thing: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        first = thing.proposers.filter(order=0, body__isnull=False)
        known = Q(pk__in=first.values("body"))
        known |= Q(pk__in=thing.further_bodies.standing().values("body"))
        bodies = Body.objects.filter(active=True, kind__in=ProposerKind.BODIES)
        field: Any = self.fields["body"]
        field.queryset = bodies.exclude(known).order_by("kind", "order", "pk")
        field.label_from_instance = lambda body: body.name


class KeepBodyForm(ContactForm):
    """The same later on; `version` is the one this window last saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, thing: FurtherBody, **kwargs: Any) -> None:
        names = ("version", "contact_name", "contact_phone")
        given = {name: getattr(thing, name) for name in names}
        super().__init__(*args, thing=thing, initial=given, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("version") not in (None, self.thing.version):
            self.take_up()  # the other's words are told below
            told = _(
                "您填写的时候，另一位经办人也保存了（联系人：%s）。请核对下面的内容，再保存一次。"
            )
            self.add_error(None, told % self.thing.contact_name)
        return cleaned


def get_side(request: HttpRequest, pk: int) -> FurtherBody:
    """The further body, or 404 for who may not know of its proposal."""
    rows = FurtherBody.objects.standing().select_related("body", "kind", "proposal__collective")
    seen = Proposal.objects.visible_to(request.user)
    return get_object_or_404(rows.filter(proposal__in=seen), pk=pk)


def writing_page(thing: Any, _user: Any) -> str:
    """Where the text is written, from which these pages are opened."""
    return reverse("proposals:edit", args=[getattr(thing, "proposal_id", thing.pk)])


def after_adding(proposal: Proposal, _side: FurtherBody) -> str:
    return writing_page(proposal, None)


BODY_STEPS = (
    Step(
        "add_body",
        actions.add_body,
        _("已列为联合提出的组织。"),
        label=_("增加联合提出的组织"),
        question=_("各组织分别盖章、各有联系人；答复发给每个组织，各自可以评价。"),
        form=AddBodyForm,
        may=may_write,
        back=writing_page,
        to=after_adding,
    ),
)
SIDE_STEPS = (
    Step(
        "keep_body",
        actions.keep_body,
        _("已保存。"),
        label=_("修改联系人、附盖章件"),
        form=KeepBodyForm,
        may=may_write_side,
        back=writing_page,
    ),
    Step(
        "remove_body",
        actions.remove_body,
        _("已不在联合提出之列。"),
        label=_("不再联合提出"),
        question=_("这个组织不再是提案者，不会收到答复。"),
        may=may_write_side,
        back=writing_page,
        danger=True,
    ),
)
