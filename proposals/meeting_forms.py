"""Supervision consultations as they are typed; field names are the actions' keywords."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import parameters
from cppcc_portal.office.forms import DateInput, DateTimeInput, Picks, text_area
from cppcc_portal.office.steps import StepForm
from members.models import Body, Committee, Invitation, Membership, Person, Posting
from proposals.actions.holding_meetings import missing_units, shares_of
from proposals.models import Handling, Proposal

RESULTS = 3  # rows for each share


class ArrangementForm(StepForm):
    """When, where, who presides, what is talked about."""

    title = forms.CharField(label=gettext_lazy("会议名称"), max_length=120)
    starts_at = forms.DateTimeField(label=gettext_lazy("开始时间"), widget=DateTimeInput)
    ends_at = forms.DateTimeField(
        label=gettext_lazy("结束时间"), widget=DateTimeInput, required=False
    )
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120)
    presides = forms.CharField(
        label=gettext_lazy("主持人"),
        max_length=60,
        help_text=gettext_lazy("姓名和职务，例如：区政协副主席李梅。"),
    )
    agenda = forms.CharField(
        label=gettext_lazy("议程和协商的问题"), widget=text_area(6), max_length=3000
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and starts <= timezone.now():
            self.add_error("starts_at", _("开始时间已经过去，请填写今后的时间。"))
        if starts and ends and ends < starts:
            self.add_error("ends_at", _("结束时间不能早于开始时间。"))
        return cleaned


class OpenForm(ArrangementForm):
    """A consultation to be prepared; `thing` are the proposals."""

    organiser = forms.ModelChoiceField(
        label=gettext_lazy("组织单位"),
        queryset=Body.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("一般是提案委员会；它的名称写在会议材料上。"),
    )
    field_order = ["title", "starts_at", "ends_at", "place", "presides", "organiser", "agenda"]

    def __init__(self, *args: Any, thing: list[Proposal], **kwargs: Any) -> None:
        committees = Committee.objects.filter(active=True, term__is_current=True)
        name = parameters.get("proposals.committee")
        usual = committees.filter(Q(name=name) | Q(short_name=name)).first()
        kwargs["initial"] = {"title": proposed_title(thing), "organiser": usual}
        super().__init__(*args, thing=thing, **kwargs)
        organiser: Any = self.fields["organiser"]
        organiser.queryset = committees


def proposed_title(proposals: list[Proposal]) -> str:
    """A name to begin with."""
    if len(proposals) == 1:
        return _("提案%s督办协商会") % proposals[0].label
    return _("重点提案督办协商会") if all(one.is_key for one in proposals) else _("提案督办协商会")


class ArrangeForm(ArrangementForm):
    """The same while it is being prepared; `version` is the one this window last saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        names = ("title", "starts_at", "ends_at", "place")
        kwargs["initial"] = {name: getattr(thing.gathering, name) for name in names} | {
            "presides": thing.presides,
            "agenda": thing.agenda,
            "version": thing.version,
        }
        super().__init__(*args, thing=thing, **kwargs)


class SeatPicks(forms.ModelMultipleChoiceField):
    """Members in office to tick."""

    widget = Picks

    def label_from_instance(self, obj: Any) -> str:
        sector = f"（{obj.sector}）" if obj.sector else ""
        return f"{obj.person.name}{sector}"


class UnitPeople(forms.ModelMultipleChoiceField):
    """Who acts for the units, with the unit."""

    widget = Picks

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.name}（{obj.body} {obj.get_role_display()}）"


class InviteForm(StepForm):
    """Whom else to ask: members, the units' people, guests one a line."""

    members = SeatPicks(
        label=gettext_lazy("委员"), queryset=Membership.objects.none(), required=False
    )
    units = UnitPeople(
        label=gettext_lazy("承办单位人员"), queryset=Posting.objects.none(), required=False
    )
    department = forms.CharField(
        label=gettext_lazy("单位和领导来宾"),
        widget=text_area(2),
        required=False,
        help_text=gettext_lazy("以下每行一人：姓名，单位职务。例如：张三，副区长。"),
    )
    others = forms.CharField(label=gettext_lazy("其他来宾"), widget=text_area(2), required=False)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        asked = thing.gathering.invitations.exclude(person=None).values("person")
        seats = Membership.objects.active().of_current_term().exclude(person__in=asked)
        members: Any = self.fields["members"]
        members.queryset = seats.select_related("person", "sector").order_by(
            "person__initials", "pk"
        )
        shares = shares_of(thing)
        posted = Posting.objects.current().filter(
            body__in=shares.order_by().values("unit"),
            role__in=(Posting.Role.CLERK, *Posting.LEADS),
        )
        units: Any = self.fields["units"]
        units.queryset = posted.exclude(person__in=asked).select_related("person", "body")

    def clean(self) -> dict[str, Any]:
        """All of them as rows; somebody must be named."""
        cleaned = super().clean() or {}
        category = Invitation.Category
        people: list[dict[str, Any]] = [
            {"person": seat.person, "category": category.MEMBER}
            for seat in cleaned.pop("members", ())
        ]
        posted: dict[int, dict[str, Any]] = {}
        for one in cleaned.pop("units", ()):
            person: Person = one.person
            posted[person.pk] = {
                "person": person,
                "category": category.DEPARTMENT,
                "organisation": str(one.body)[:120],
            }
        people += posted.values()
        people += guests_in(cleaned.pop("department", ""), category.DEPARTMENT)
        people += guests_in(cleaned.pop("others", ""), category.EXPERT)
        if not people and not self.errors:
            self.add_error(None, _("请勾选委员或单位人员，或填写来宾。"))
        return {"people": people}


def guests_in(text: str, category: str) -> list[dict[str, Any]]:
    """One guest a line: name, then unit and post after a comma."""
    found = []
    for line in text.splitlines():
        name, _comma, post = line.replace(",", "，").partition("，")
        if name.strip():
            guest = {"guest": name.strip()[:60], "organisation": post.strip()[:120]}
            found.append({**guest, "category": category})
    return found


class LeaveForm(StepForm):
    """Why one cannot come."""

    reason = forms.CharField(label=gettext_lazy("请假事由"), widget=text_area(2), max_length=200)


class ReportForm(StepForm):
    """How far the unit has come."""

    text = forms.CharField(
        label=gettext_lazy("办理进展"),
        widget=text_area(10),
        max_length=5000,
        help_text=gettext_lazy("已做的工作、存在的困难、下一步打算和完成时间。"),
    )
    signer = forms.CharField(
        label=gettext_lazy("报告人"),
        max_length=60,
        help_text=gettext_lazy("姓名和职务，例如：王强，副局长。"),
    )


class HoldForm(StepForm):
    """What was said, and for each share what the unit took on: what, who, by when."""

    said = forms.CharField(label=gettext_lazy("会议情况"), widget=text_area(8), max_length=20000)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        if units := missing_units(thing):
            self.fields["without_reports"] = forms.CharField(
                label=_("没有报告仍然召开的理由"),
                widget=text_area(2),
                max_length=300,
                help_text=_("还没有收到进展报告：%s。") % units,
            )
        self.shares: list[Handling] = list(shares_of(thing))
        for share in self.shares:
            for number in range(RESULTS):
                self._row(share, number)

    def _row(self, share: Handling, number: int) -> None:
        words = {
            "unit": share.unit,
            "number": share.proposal.label,
            "row": number + 1,
        }
        prefix = f"s{share.pk}_{number}"
        fields = {
            "what": forms.CharField(
                label=_("%(number)s %(unit)s · 结果%(row)d") % words,
                widget=text_area(2),
                max_length=500,
                required=False,
            ),
            "who": forms.CharField(label=_("责任人"), max_length=60, required=False),
            "due_on": forms.DateField(label=_("完成期限"), widget=DateInput, required=False),
        }
        for part, field in fields.items():
            self.fields[f"{prefix}_{part}"] = field

    def clean(self) -> dict[str, Any]:
        """The rows that are begun; each must be whole."""
        cleaned = super().clean() or {}
        results = []
        for share in self.shares:
            for number in range(RESULTS):
                prefix = f"s{share.pk}_{number}"
                row = {
                    part: cleaned.pop(f"{prefix}_{part}", None)
                    for part in ("what", "who", "due_on")
                }
                if not any(row.values()):
                    continue
                for part in lacking(row):
                    if f"{prefix}_{part}" not in self.errors:
                        self.add_error(f"{prefix}_{part}", _("这项结果还没有写完，请填写。"))
                results.append({"handling": share, **row})
        return {**cleaned, "results": results}


def lacking(row: dict[str, Any]) -> Iterable[str]:
    return [part for part, value in row.items() if not value]
