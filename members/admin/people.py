"""People: their record, their numbers masked."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import audit
from cppcc_portal.office.personal import keyed_hash, mask_id_number, normalise_phone
from cppcc_portal.office.workplace import ExportsMixin, RegisterAdmin, who
from members import actions
from members.models import Membership, Person
from members.resources import PersonResource

MASKED = "••••"


class PersonForm(forms.ModelForm):
    """A person's record; numbers are typed anew or left as they are, never shown whole."""

    new_phone = forms.CharField(
        label=gettext_lazy("新手机号"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("只在登记或更换时填写，不改请留空；要删除请填“无”。"),
    )
    new_id_number = forms.CharField(
        label=gettext_lazy("新身份证号"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("只在登记或更换时填写，不改请留空；要删除请填“无”。"),
    )

    class Meta:
        model = Person
        fields = [
            "name",
            "sex",
            "birth_year",
            "birth_month",
            "ethnic_group",
            "party",
            "education",
            "workplace",
            "post",
            "address",
            "email",
            "note",
        ]

    def clean_new_phone(self) -> str:
        typed = self.cleaned_data["new_phone"].strip()
        if not typed or typed == "无":
            return typed
        try:
            phone = normalise_phone(typed)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        self._is_free("phone_hash", keyed_hash(phone, "phone"), _("这个手机号已登记在另一人名下。"))
        return phone

    def clean_new_id_number(self) -> str:
        typed = self.cleaned_data["new_id_number"].strip().upper()
        if not typed or typed == "无":
            return typed
        self._is_free(
            "id_number_hash",
            keyed_hash(typed, "id_number"),
            _("这个身份证号已登记在另一人名下。"),
        )
        return typed

    def _is_free(self, column: str, value: str, message: str) -> None:
        if Person.objects.exclude(pk=self.instance.pk).filter(**{column: value}).exists():
            raise ValidationError(message)


class MembershipInline(admin.StackedInline):
    """The seats of a person, one a term."""

    model = Membership
    extra = 0
    can_delete = False
    autocomplete_fields = ["sector", "committee", "town"]
    fields = [
        ("term", "number"),
        ("sector", "committee", "town"),
        ("is_standing", "status"),
        ("since", "until"),
        "note",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super()
            .get_queryset(request)
            .select_related("term", "sector", "committee", "town", "person")
        )


@admin.register(Person)
class PersonAdmin(ExportsMixin, RegisterAdmin):
    """People, found by name or pinyin or whole phone number; their numbers masked."""

    change_form_template = "admin/members/person/change_form.html"
    resource_classes: ClassVar = [PersonResource]
    form = PersonForm
    list_display = ["name", "sex", "party", "workplace", "post", "phone_masked"]
    list_filter = ["sex"]
    search_fields = ["name", "initials"]
    search_help_text = gettext_lazy("姓名、拼音首字母，或完整手机号")
    readonly_fields = ["phone_masked", "id_number_masked", "account"]
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": [("name", "sex"), ("birth_year", "birth_month"), "ethnic_group"]}),
        (
            gettext_lazy("单位与党派"),
            {"fields": ["party", "education", "workplace", "post"]},
        ),
        (
            gettext_lazy("联系方式"),
            {
                "fields": [
                    "phone_masked",
                    "new_phone",
                    "id_number_masked",
                    "new_id_number",
                    "address",
                    "email",
                ]
            },
        ),
        (gettext_lazy("其他"), {"fields": ["account", "note"]}),
    ]

    def get_urls(self) -> list[Any]:
        return [*self.verb_paths({"unmask": self.unmask_view}), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) or (
            obj is None and self.has_add_permission(request)
        ):
            return sets
        # Who only looks is not shown what to type.
        return [
            (
                title,
                {
                    "fields": [
                        name
                        for name in options["fields"]
                        if name not in ("new_phone", "new_id_number")
                    ]
                },
            )
            for title, options in sets
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.strip()
        try:
            phone = normalise_phone(words)
        except ValueError:
            rows: Any = queryset
            return (rows.search(words), False) if words else (rows, False)
        return queryset.filter(phone_hash=keyed_hash(phone, "phone")), False

    def choice_label(self, person: Person) -> str:
        """How a person is told from another of the same name."""
        return f"{person.name}（{person.workplace}）" if person.workplace else person.name

    @admin.display(description=gettext_lazy("手机号"))
    def phone_masked(self, person: Person) -> str:
        return person.masked_phone or "—"

    @admin.display(description=gettext_lazy("身份证号"))
    def id_number_masked(self, person: Person) -> str:
        return mask_id_number(person.id_number) or "—"

    @admin.display(description=gettext_lazy("账号"))
    def account(self, person: Person) -> str:
        # Not the account's own name, which is the person's.
        return person.user.username if person.user else "—"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if typed := form.cleaned_data.get("new_phone"):
            actions.set_phone(obj, "" if typed == "无" else typed)
        if typed := form.cleaned_data.get("new_id_number"):
            actions.set_id_number(obj, "" if typed == "无" else typed)
        obj._history_user = who(request)
        actions.save_person(obj, by=who(request))

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        may = obj is not None and who(request).has_perm("members.unmask_person")
        context["unmask_url"] = self.url("unmask", obj.pk) if may else ""
        return super().render_change_form(request, context, add, change, form_url, obj)

    def unmask_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show whole numbers once, to whoever may and pressed the button; written down."""
        person = self.seen(request, object_id)
        if not who(request).has_perm("members.unmask_person"):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(self.url_of(person, request))
        audit.record("person.unmask", person, by=who(request))
        return self.page(
            request,
            "admin/members/person/unmasked.html",
            str(person),
            person=person,
            back_url=self.url_of(person, request),
        )

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """What changed is told, but never a number."""
        super().set_history_delta_changes(request, historical_records, foreign_keys_are_objs)
        secret = {
            str(getattr(Person._meta.get_field(name), "verbose_name", ""))
            for name in ("phone", "id_number", "phone_hash", "id_number_hash")
        }
        for record in historical_records:
            for line in getattr(record, "history_delta_changes", []):
                if str(line["field"]).lower() in secret:
                    line["old"] = line["new"] = MASKED
