"""Members and bodies as tables: phones masked on the way out, office's own keys on the way in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields
from import_export.widgets import ForeignKeyWidget, Widget

from cppcc_portal.office.spreadsheets import SafeResource
from members.actions import open_group
from members.models import Body, Committee, Membership, Person, Sector, Term, Unit


class ChoiceWidget(Widget):
    """A choice by its Chinese label; its code is understood too."""

    def __init__(self, choices: Any) -> None:
        super().__init__()
        self.labels = {str(value): str(label) for value, label in choices.choices}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = str(value or "").strip()
        if not text or text in self.labels:
            return text
        for code, label in self.labels.items():
            if label == text:
                return code
        raise ValidationError(
            _("“%(text)s”应为：%(labels)s。")
            % {"text": text, "labels": "、".join(self.labels.values())}
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(str(value), "")


class YesNoWidget(Widget):
    """是 or 否; an empty cell is yes, as a new row is in use."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        return str(value if value is not None else "").strip() not in ("否", "0", "False")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return _("是") if value else _("否")


class MembershipResource(SafeResource):
    """The roster of members as a list; whole numbers are seen one by one, by whoever may."""

    number = fields.Field("number", column_name=_("委员证号"))
    name = fields.Field("person__name", column_name=_("姓名"))
    sex = fields.Field("person", column_name=_("性别"))
    party = fields.Field("person__party", column_name=_("党派"))
    term = fields.Field("term", column_name=_("届"))
    sector = fields.Field("sector", column_name=_("界别"))
    committee = fields.Field("committee", column_name=_("专委会"))
    town = fields.Field("town", column_name=_("镇街小组"))
    is_standing = fields.Field("is_standing", column_name=_("常委"), widget=YesNoWidget())
    status = fields.Field("status", column_name=_("状态"))
    workplace = fields.Field("person__workplace", column_name=_("工作单位"))
    post = fields.Field("person__post", column_name=_("职务"))
    phone = fields.Field("person", column_name=_("手机号"))

    class Meta:
        model = Membership
        fields = export_order = (
            "number",
            "name",
            "sex",
            "party",
            "term",
            "sector",
            "committee",
            "town",
            "is_standing",
            "status",
            "workplace",
            "post",
            "phone",
        )

    def dehydrate_sex(self, seat: Membership) -> str:
        return seat.person.get_sex_display()

    def dehydrate_term(self, seat: Membership) -> str:
        return str(seat.term)

    def dehydrate_sector(self, seat: Membership) -> str:
        return seat.sector.name if seat.sector else ""

    def dehydrate_committee(self, seat: Membership) -> str:
        return seat.committee.name if seat.committee else ""

    def dehydrate_town(self, seat: Membership) -> str:
        return seat.town.name if seat.town else ""

    def dehydrate_status(self, seat: Membership) -> str:
        return seat.get_status_display()

    def dehydrate_phone(self, seat: Membership) -> str:
        return seat.person.masked_phone


class PersonResource(SafeResource):
    """People as a list, their numbers masked."""

    name = fields.Field("name", column_name=_("姓名"))
    sex = fields.Field("sex", column_name=_("性别"), widget=ChoiceWidget(Person.Sex))
    ethnic_group = fields.Field("ethnic_group", column_name=_("民族"))
    party = fields.Field("party", column_name=_("党派"))
    workplace = fields.Field("workplace", column_name=_("工作单位"))
    post = fields.Field("post", column_name=_("职务"))
    phone = fields.Field("masked_phone", column_name=_("手机号"), readonly=True)

    class Meta:
        model = Person
        fields = export_order = (
            "name",
            "sex",
            "ethnic_group",
            "party",
            "workplace",
            "post",
            "phone",
        )


class BodyResource(SafeResource):
    """A kind of body; whatever the file brings gets its kind and its group."""

    kind: str

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().before_save_instance(instance, row, **kwargs)
        instance.kind = self.kind

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        open_group(instance.body_ptr)


class UnitResource(BodyResource):
    """Handling units, known by their full name."""

    kind = Body.Kind.UNIT
    name = fields.Field("name", column_name=_("名称"))
    short_name = fields.Field("short_name", column_name=_("简称"))
    side = fields.Field("side", column_name=_("系统"), widget=ChoiceWidget(Unit.Side))
    remit = fields.Field("remit", column_name=_("职责关键词"))
    contact_name = fields.Field("contact_name", column_name=_("联系人"))
    contact_phone = fields.Field("contact_phone", column_name=_("办公电话"))
    order = fields.Field("order", column_name=_("次序"), default=0)
    active = fields.Field("active", column_name=_("在用"), widget=YesNoWidget())

    class Meta:
        model = Unit
        import_id_fields = ("name",)
        skip_unchanged = True
        clean_model_instances = True
        fields = export_order = (
            "name",
            "short_name",
            "side",
            "remit",
            "contact_name",
            "contact_phone",
            "order",
            "active",
        )


class SectorResource(BodyResource):
    """Sectors of the terms, known by term and name."""

    kind = Body.Kind.SECTOR
    term = fields.Field("term", column_name=_("届"), widget=ForeignKeyWidget(Term, "number"))
    name = fields.Field("name", column_name=_("名称"))
    short_name = fields.Field("short_name", column_name=_("简称"))
    linked_committee = fields.Field(
        "linked_committee",
        column_name=_("联系专委会"),
        widget=ForeignKeyWidget(Committee, "name"),
    )
    order = fields.Field("order", column_name=_("次序"), default=0)
    active = fields.Field("active", column_name=_("在用"), widget=YesNoWidget())

    class Meta:
        model = Sector
        import_id_fields = ("term", "name")
        skip_unchanged = True
        clean_model_instances = True
        fields = export_order = (
            "term",
            "name",
            "short_name",
            "linked_committee",
            "order",
            "active",
        )
