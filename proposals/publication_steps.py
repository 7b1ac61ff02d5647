"""The steps of publication that ask little: not to publish, the way back, and whose consent it takes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.steps import Step
from proposals import publication_forms as forms
from proposals.actions import publishing
from proposals.models import Publication


def speaks_for_a_side(publication: Publication, user: Any) -> bool:
    return bool(publication.sides_of(user))


def may_ask(publication: Publication, user: Any) -> bool:
    return publication.can("publish", user) and bool(publication.asked_of())


def may_enter(publication: Publication, user: Any) -> bool:
    return bool(
        publication.status != Publication.Status.GONE
        and user.has_perm("proposals.enter_for_others")
        and publication.asked_of()
    )


def nobodys_own(_publication: Publication, _user: Any) -> bool:
    return False


PUBLICATION_STEPS = (
    Step(
        "consent",
        publishing.consent,
        _("已记录您同意公开，提案委办公室会收到消息。"),
        label=_("同意公开"),
        question=_("同意后，公开稿由提案委办公室核对，再向社会公开。联系方式任何时候都不公开。"),
        may=speaks_for_a_side,
    ),
    Step(
        "ask_consent",
        publishing.ask_consent,
        _("已发消息征求同意，同意后会告诉您。"),
        label=_("征求公开同意"),
        question=_("向还没有同意的提案人和承办单位发消息，请他们看公开稿并决定。"),
        may=may_ask,
        side=True,
    ),
    Step(
        "enter_consent",
        publishing.enter_consent,
        _("已代录同意，扫描件留存备查。"),
        label=_("代录同意公开"),
        form=forms.ConsentForm,
        may=may_enter,
        acts=nobodys_own,
        side=True,
    ),
    Step(
        "keep_internal",
        publishing.keep_internal,
        _("已记为不公开，提案人会看到理由。"),
        question=_("不公开的提案以后要公开，须有提案人和承办单位同意的记录。"),
        form=forms.ReasonForm,
        danger=True,
    ),
    Step(
        "unpublish",
        publishing.unpublish,
        _("已取消公开，公开页面已撤下。"),
        question=_("公开页面立即撤下；以后要再公开，须有提案人和承办单位同意的记录。"),
        form=forms.ReasonForm,
        danger=True,
    ),
)
