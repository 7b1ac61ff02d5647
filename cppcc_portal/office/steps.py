"""One step, one page: what the step is, what is still missing, its form, then the action; nothing typed is lost.

An app lists its steps in a table; each gets an address of its own, named by its verb. The page asks
the same move and the same action as every other door, so no rule stands here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import files
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.forms import FileInput, text_area
from cppcc_portal.office.requests import what_happened
from cppcc_portal.office.workflow import IllegalMove, NotReady


class StepForm(forms.Form):
    """What a step asks for; field names are the keywords of its action. `thing` is what it is done to."""

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thing = thing

    def take_up(self, **words: str) -> None:
        """Somebody saved first: the form goes back as it was filled in, with these words and the version
        that stands now, so that saving once more keeps what is in it.
        """
        data: Any = self.data
        data = data.copy()
        for name, word in {**words, "version": str(self.thing.version)}.items():
            data[name] = word
        self.data = data


class NoteForm(StepForm):
    """A step that carries a reason which others read."""

    note = forms.CharField(label=gettext_lazy("说明"), widget=text_area(3), max_length=500)


class RemarkForm(StepForm):
    """A step that may carry a remark."""

    note = forms.CharField(
        label=gettext_lazy("说明"),
        widget=text_area(3),
        max_length=500,
        required=False,
    )


class SharedTextForm(StepForm):
    """A long text that two people may write at once; `version` is the one this window last saw.

    Whoever saves second finds both texts in the field, joins them and saves again.
    """

    shared = "text"  # the field, and the column behind it

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        given = {"version": thing.version, self.shared: getattr(thing, self.shared)}
        kwargs["initial"] = {**given, **kwargs.get("initial", {})}
        super().__init__(*args, thing=thing, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        mine, theirs = cleaned.get(self.shared), getattr(self.thing, self.shared)
        if mine is None or cleaned.get("version") in (None, self.thing.version):
            return cleaned
        cleaned["version"] = self.thing.version
        if not theirs.strip() or mine.strip() == theirs.strip():
            return cleaned
        heading = gettext_lazy("——以下是另一位已保存的文字——")
        self.take_up(**{self.shared: f"{mine}\n\n{heading}\n\n{theirs}"})
        self.add_error(
            self.shared,
            _("您写的时候，另一位也保存了。两份文字都在下面，请合并后再保存一次。"),
        )
        return cleaned


@dataclass(frozen=True)
class Step:
    """One step: its verb, its action, what is asked and told; `acts` says whose own act it is.

    Where the user is not that person (staff acting from paper), the form asks for the scan.
    `move` names the move where it differs from the verb; without a move `may` decides.
    """

    verb: str
    do: Callable[..., Any]
    told: Any
    label: Any = ""
    question: Any = ""
    form: type[StepForm] | None = None
    move: str = ""
    may: Callable[[Any, Any], bool] | None = None
    acts: Callable[[Any, Any], bool] | None = None
    to: Callable[[Any, Any], str] | None = None  # of the thing and what the action returned
    back: Callable[[Any, Any], str] | None = None  # of thing and user, where not the thing's page
    danger: bool = False
    side: bool = False  # always there, never the next thing to do
    subject: Callable[[Any], Any] | None = None  # what the page names, where it is not the thing
    # What to think of; one may go on all the same.
    warnings: Callable[[Any], list[str]] | None = None
    shows_missing: bool = False
    # What is missing, where the action itself finds the proofs that the guard asks for.
    missing: Callable[[Any], list[str]] | None = None
    # No button while something is missing: the time for it has passed. Its page says what to do.
    in_season: bool = False

    def open_to(self, thing: Any, user: Any) -> bool:
        """Whether this person may take it now."""
        if self.may is not None:
            return bool(user.is_active and self.may(thing, user))
        return bool(thing.can(self.move or self.verb, user))

    def page_of(self, thing: Any, user: Any) -> str:
        """The page from which this person takes the step, and to which they come back."""
        return self.back(thing, user) if self.back else thing.get_absolute_url()

    def name(self, thing: Any) -> Any:
        return self.label or thing.MOVES[self.move or self.verb].label


def pages(
    steps: Iterable[Step],
    get: Callable[[HttpRequest, int], Any],
    prefix: str,
    name: str,
) -> list[URLPattern]:
    """An address for each step below `prefix`, named `<name>_<verb>`."""
    return [
        path(f"{prefix}{step.verb}/", _view(step, get), name=f"{name}_{step.verb}")
        for step in steps
    ]


def buttons(steps: Iterable[Step], thing: Any, user: Any, base: str) -> list[dict[str, Any]]:
    """The steps that are open to this person now, as buttons; the first that is ready is the main one."""
    shown, ready = [], []
    for step in steps:
        if not step.open_to(thing, user):
            continue
        lacks = bool(step.missing and step.missing(thing))
        if lacks and step.in_season:
            continue
        shown.append(step)
        if not (lacks or step.danger or step.side):
            ready.append(step)
    return [
        {
            "verb": step.verb,
            "label": step.name(thing),
            "url": f"{base}{step.verb}/",
            "is_main": step in ready[:1],
        }
        for step in shown
    ]


def _view(step: Step, get: Callable[[HttpRequest, int], Any]) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return take(request, step, get(request, pk))

    view.__name__ = step.verb
    view.__doc__ = str(step.question or step.verb)
    return view


def take(request: HttpRequest, step: Step, thing: Any) -> HttpResponse:
    """Show the page of a step, or take the step."""
    user: Any = request.user
    move = step.move or step.verb
    posted = request.method == "POST"
    late: IllegalMove | None = None  # somebody was first; what was typed here is shown, not lost
    if step.may is not None:
        if not user.is_active or not step.may(thing, user):
            raise PermissionDenied
    else:
        try:
            thing.require(move, by=user)
        except IllegalMove as error:
            if not posted or step.form is None:
                raise
            late = error
    on_paper = step.acts is not None and not step.acts(thing, user)
    form = _form(request, step, thing, on_paper=on_paper)
    if posted and late is None and form.is_valid():
        try:
            answer = _done(request, step, thing, form)
        except IllegalMove as error:
            if step.form is None:
                raise
            thing.refresh_from_db()
            form = _form(request, step, thing, on_paper=on_paper)
            late = error if form.is_valid() else None
        else:
            if answer is not None:
                return answer
    if late is not None:
        form.add_error(None, what_happened(late, thing, user))
        form.add_error(None, _("您填写的内容还在下面，没有保存；需要的请先复制。"))
    missing: list[str] = []
    if not posted and step.missing is not None:
        missing = step.missing(thing)
    elif not posted and step.may is None and (step.form is None or step.shows_missing):
        missing = thing.missing(move)
    context = {
        "step": step,
        "label": step.name(thing),
        "thing": thing,
        "form": form,
        "missing": missing,
        "warnings": step.warnings(thing) if step.warnings else [],
        "subject": step.subject(thing) if step.subject else thing,
        "too_late": late is not None,
        "on_paper": on_paper,
        "back_url": step.page_of(thing, user),
        "page_has_errors": bool(form.errors),
        "has_files": form.is_multipart(),
    }
    status = 409 if late is not None else 422 if form.errors else 200
    return render(request, "step.html", context, status=status)


def _form(request: HttpRequest, step: Step, thing: Any, *, on_paper: bool) -> StepForm:
    """The step's form, with what was posted; staff who act from paper are asked for the scan."""
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = (step.form or StepForm)(*data, thing=thing)
    if on_paper:
        form.fields["scan"] = forms.FileField(
            label=_("签字或盖章材料的扫描件"),
            widget=FileInput(),
            help_text=_("代录须附材料，并会在经过中注明。"),
        )
    return form


def _done(request: HttpRequest, step: Step, thing: Any, form: StepForm) -> HttpResponse | None:
    """Take the step and go on; what is missing is told beside what was typed."""
    values = dict(form.cleaned_data)
    try:
        with transaction.atomic():  # a scan of a step that was refused is not kept
            if upload := values.pop("scan", None):
                values["scan"] = files.accept(
                    upload, subject=thing, by=request.user, kind=Attachment.Kind.SCAN
                )
            result = step.do(thing, by=request.user, **values)
    except NotReady as refused:
        reasons = refused.reasons
    except files.Refused as refused:
        reasons = [refused.message]
    else:
        messages.success(request, str(step.told))
        url = step.to(thing, result) if step.to else step.page_of(thing, request.user)
        return redirect(url)
    for reason in reasons:
        form.add_error(None, str(reason))
    return None
