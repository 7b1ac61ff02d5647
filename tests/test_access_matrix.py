"""The access matrix, walked cell by cell with real requests; and no canary in any answer to a stranger."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponseForbidden
from django.test import Client
from django.urls import reverse

from consultations import defaults
from consultations.actions import topics
from consultations.models import Topic
from cppcc_portal.access import MATRIX, ROLES, Row
from cppcc_portal.office import decisions, files, parameters
from feedback.actions import adopting
from feedback.models import LookBack, LookBackYear
from members import actions as member_actions
from members import duty
from members.models import Committee, Membership, User
from members.roles import Role
from proposals import actions
from proposals import defaults as proposal_defaults
from proposals.actions import opinion_handling, publishing
from proposals.models import (
    Category,
    Countersign,
    Destination,
    FilingList,
    Handling,
    Proposal,
    Publication,
    RefusalReason,
    ResultClass,
    ReviewStage,
    UnitConsultation,
)
from tests import opinions, people
from tests import topics as made
from tests.decided import LEADERS, decided
from tests.district import TEXT, district, drafted, handed_over, seat, submitted
from tests.laid import once
from tests.stages import PDF

pytestmark = pytest.mark.django_db
NOTE, UNSENT, OPINION = "金丝雀内部批注", "金丝雀未发答复", "金丝雀审查意见"
PHONE = "13800138947"
REMARK = "金丝雀附言"


@pytest.fixture
@once
def d() -> SimpleNamespace:
    """The district, and one person for each column of the matrix."""
    d = district()
    term = d.plenary.term
    own, other = (
        Committee.objects.create(kind="committee", name=name, short_name=name, term=term)
        for name in ("甲委", "乙委")
    )
    Membership.objects.filter(person=d.author.person).update(committee=own)
    person = d.author.person
    member_actions.set_phone(person, PHONE)
    person.save()
    strange = people.unit("区水务局")
    chair = {"post": "chair"}
    d.users = {
        "M1": d.author,
        "M2": d.cosigner,
        "M3": d.other,
        "SEC": d.office,
        "CH": people.account("ch", "主任甲", Role.COMMITTEE_CHAIR, body=own.body_ptr, **chair),
        "CHB": people.account("chb", "主任乙", Role.COMMITTEE_CHAIR, body=other.body_ptr, **chair),
        "HU": d.clerk,
        "HUx": people.account(
            "hux", "经办丙", Role.UNIT_CLERK, body=strange.body_ptr, post="clerk"
        ),
        "SA": people.account("sa", "系统员", Role.SYSTEM_ADMIN),
        "SC": people.account("sc", "安全员", Role.SECURITY_ADMIN),
        "AU": people.account("au", "审计员", Role.AUDITOR),
    }
    disabled = people.member("dis", "停用人", term)
    User.objects.filter(pk=disabled.pk).update(is_active=False)
    d.users["DIS"] = disabled
    return d


def asking(d: SimpleNamespace, role: str) -> Client:
    """A browser of this person; the visitor and the disabled account have no session that holds."""
    client = Client()
    if role != "AN":
        user = User.objects.get(pk=d.users[role].pk)
        client.force_login(user, backend="members.backends.LoginBackend")
    return client


@once
def cosigning(d: SimpleNamespace) -> Proposal:
    proposal = drafted(d)
    actions.invite(proposal, by=d.author, memberships=[seat(d.cosigner)], until=date(2099, 1, 1))
    return proposal


@once
def in_work(d: SimpleNamespace) -> Proposal:
    """Handed over, acknowledged by the lead, its reply begun, a note and a file on it."""
    proposal = handed_over(d)
    lead = proposal.handlings.get(role=Handling.Role.LEAD)
    clerk = User.objects.get(pk=d.clerk.pk)
    actions.acknowledge(lead, by=clerk)
    actions.save_reply(lead, by=clerk, text=UNSENT)
    actions.add_note(proposal, by=d.office, text=NOTE)
    return proposal


def lead_of(proposal: Proposal) -> Handling:
    return proposal.handlings.get(role=Handling.Role.LEAD)


def of_lead(state: Callable[[SimpleNamespace], Proposal]) -> Callable[[SimpleNamespace], Handling]:
    """The lead unit's share of a proposal in this state."""
    return lambda d: lead_of(state(d))


@once
def rated(d: SimpleNamespace) -> Proposal:
    """Replied, and waiting for the ratings of both proposers."""
    proposal = in_work(d)
    joint = proposal.handlings.get(role=Handling.Role.JOINT)
    other = User.objects.get(pk=d.joint_clerk.pk)
    actions.acknowledge(joint, by=other)
    actions.give_opinion(joint, by=other, text="同意", signer="甲", signer_post="负责人")
    actions.reply(
        lead_of(proposal),
        by=User.objects.get(pk=d.clerk.pk),
        result_class=ResultClass.objects.get(code="A"),
        document_number="1号",
        text="答复",
        signer="局长",
        signer_post="负责人",
    )
    return proposal


@once
def keyed(d: SimpleNamespace) -> Proposal:
    """A key proposal in work, supervised by the committee that CHB chairs."""
    proposal = in_work(d)
    committee = Committee.objects.get(name="乙委")
    decision = decided(d.office)
    actions.select_key(
        proposal, by=d.office, decision=decision, leaders=LEADERS, committee=committee
    )
    return proposal.fresh()


@once
def closed(d: SimpleNamespace) -> Proposal:
    proposal = rated(d)
    for user in (d.author, d.cosigner):
        rating = (
            lead_of(proposal)
            .replies.get()
            .evaluations.get(proposer__membership__person=user.person)
        )
        actions.evaluate(rating, by=user, attitude="satisfied", result="satisfied")
    actions.close(proposal.fresh(), by=d.office)
    return proposal.fresh()


def whole(d: SimpleNamespace, *steps: str) -> Handling:
    """The lead may answer, and the office asks for these steps of every reply."""
    for step in steps:
        parameters.set_parameter(f"proposals.{step}", "all", by=d.office)
    proposal = in_work(d)
    joint = proposal.handlings.get(role=Handling.Role.JOINT)
    other = User.objects.get(pk=d.joint_clerk.pk)
    actions.acknowledge(joint, by=other)
    actions.give_opinion(joint, by=other, text="同意", signer="甲", signer_post="负责人")
    return lead_of(proposal)


WRITTEN = {"document_number": "1号", "text": "答复", "signer": "局长", "signer_post": "负责人"}


def handed_in(d: SimpleNamespace, step: str) -> Handling:
    lead = whole(d, step)
    klass = ResultClass.objects.get(code="A")
    actions.reply(lead, by=User.objects.get(pk=d.clerk.pk), result_class=klass, **WRITTEN)
    return lead.fresh()


@once
def in_check(d: SimpleNamespace) -> Handling:
    return handed_in(d, "check_reply")


@once
def to_sign(d: SimpleNamespace) -> Handling:
    return handed_in(d, "sign_off")


@once
def countersigning(d: SimpleNamespace) -> Countersign:
    lead, clerk = whole(d, "countersign"), User.objects.get(pk=d.clerk.pk)
    klass = ResultClass.objects.get(code="A")
    actions.save_reply(lead, by=clerk, result_class=klass, **WRITTEN)
    (row,) = actions.send_for_countersign(lead.fresh(), by=clerk)
    return row


def letter(d: SimpleNamespace, lead: Handling, role: str, client: Client) -> Any:
    return client.get(reverse("proposals:letter", args=[lead.current_reply_id]))


@once
def put_away(d: SimpleNamespace) -> Proposal:
    proposal = closed(d)
    actions.archive(proposal, by=d.office)
    return proposal.fresh()


Asked = Callable[[SimpleNamespace, Any, str, Client], Any]


def page(name: str) -> Asked:
    """Open the page of what was set up."""
    return lambda d, thing, role, client: client.get(reverse(name, args=[thing.pk]))


def bare_page(name: str) -> Asked:
    return lambda d, thing, role, client: client.get(reverse(name))


def post(name: str, **fields: Any) -> Asked:
    """Take a step on what was set up."""
    return lambda d, thing, role, client: client.post(reverse(name, args=[thing.pk]), fields)


def save_draft(d: SimpleNamespace, proposal: Proposal, role: str, client: Client) -> Any:
    fields = {**TEXT, "version": proposal.draft.version}
    return client.post(reverse("proposals:save_draft", args=[proposal.pk]), fields)


def save_reply(d: SimpleNamespace, handling: Handling, role: str, client: Client) -> Any:
    fields = {"text": "新答复", "openness": "full", "version": handling.replies.get().version}
    return client.post(reverse("desk:save_reply", args=[handling.pk]), fields)


def rate(d: SimpleNamespace, proposal: Proposal, role: str, client: Client) -> Any:
    """Each proposer's own rating; whoever has none tries the first proposer's."""
    reply = lead_of(proposal).replies.get()
    evaluation = reply.evaluations.order_by("proposer__order")[{"M1": 0, "M2": 1}.get(role, 0)]
    fields = {
        "attitude": "satisfied",
        "result": "satisfied",
        "contacted": "phone",
        "to_the_point": "yes",
    }
    return client.post(reverse("proposals:evaluate", args=[evaluation.pk]), fields)


def file_it(d: SimpleNamespace, proposal: Proposal, role: str, client: Client) -> Any:
    url = reverse("admin:proposals_proposal_file", args=[proposal.pk])
    return client.post(url, {"category": Category.objects.get().pk})


@once
def examined(d: SimpleNamespace) -> Proposal:
    """Under review, with the opinion of the first stage."""
    proposal = submitted(d)
    for code, name in (("first", "初审"), ("final", "终审")):
        ReviewStage.objects.create(code=code, name=name)
    colleague = people.account("office2", "办公室乙", Role.OFFICE)
    actions.examine(proposal, by=colleague, result="return", note=OPINION)
    return proposal


@once
def consulted(d: SimpleNamespace) -> UnitConsultation:
    """Two units are asked before the hand-over."""
    proposal = filed(d)
    actions.consult_units(proposal, by=d.office, lead=d.housing, joint=[d.fire])
    return UnitConsultation.objects.get(unit=d.housing)


@once
def listed(d: SimpleNamespace) -> FilingList:
    return actions.start_list(by=d.office, plenary=d.plenary, series="plenary", title="第一批")


def examine_it(d: SimpleNamespace, proposal: Proposal, role: str, client: Client) -> Any:
    url = reverse("admin:proposals_proposal_examine", args=[proposal.pk])
    stage = ReviewStage.objects.get(code="final")
    return client.post(url, {"stage": stage.pk, "result": "return", "note": "请写具体。"})


def hand_it_over(d: SimpleNamespace, proposal: Proposal, role: str, client: Client) -> Any:
    url = reverse("admin:proposals_proposal_hand_over", args=[proposal.pk])
    return client.post(url, {"lead": d.housing.pk})


def fetch(d: SimpleNamespace, attachment: Any, role: str, client: Client) -> Any:
    return client.get(reverse("files:fetch", args=[attachment.uid]))


@once
def filed(d: SimpleNamespace) -> Proposal:
    return actions.file(submitted(d), by=d.office, category=Category.objects.get())


@once
def with_file(d: SimpleNamespace) -> Any:
    upload = SimpleUploadedFile("说明.txt", "附件内容".encode())
    return files.accept(upload, subject=handed_over(d), by=d.author)


@once
def lead_in_work(d: SimpleNamespace) -> Handling:
    return lead_of(in_work(d))


@once
def prepared(d: SimpleNamespace) -> Publication:
    """Replied, a public version of it at hand and not yet public."""
    proposal = rated(d)
    reply = lead_of(proposal).replies.get()
    publication = publishing.open_publication(proposal, by=d.office)
    replies = {reply.pk: ("full", "答复")}
    publishing.prepare(publication, by=d.office, replies=replies, **TEXT)
    return publication


@once
def published(d: SimpleNamespace) -> Publication:
    publication = prepared(d)
    publishing.publish(publication, by=d.office, number=1, secrecy_confirmed=True)
    return publication


def differences(d: SimpleNamespace, publication: Publication, role: str, client: Client) -> Any:
    return client.get(reverse("proposals:public_version", args=[publication.pk, 1]))


def as_visitor(d: SimpleNamespace, publication: Publication, role: str, client: Client) -> Any:
    return client.get(publication.public_url)


def to_second(d: SimpleNamespace) -> Publication:
    """Published, and the office lets members second."""
    parameters.set_parameter("proposals.seconding", True, by=d.office)
    return published(d)


def second_it(d: SimpleNamespace, publication: Publication, role: str, client: Client) -> Any:
    return client.post(reverse("proposals:published_second", args=[publication.uid]))


def seconded(d: SimpleNamespace) -> Proposal:
    proposal = to_second(d).proposal
    actions.second(proposal.fresh(), by=d.other, remark=REMARK)
    return proposal


def read_remark(d: SimpleNamespace, proposal: Proposal, role: str, client: Client) -> Any:
    """Whoever sees the proposal sees how many; the names and what they said are for a few."""
    answer = client.get(proposal.get_absolute_url())
    if answer.status_code == 200 and REMARK not in content_of(answer):
        return HttpResponseForbidden()
    return answer


def nothing(d: SimpleNamespace) -> None:
    return None


# The second path ------------------------------------------------------------------------------


@once
def second(d: SimpleNamespace) -> SimpleNamespace:
    """The same district with what the second path stands on; CH chairs the committee in charge."""
    defaults.lay_down_lists()
    duty.lay_down_categories()
    decisions.ensure_default_bodies()
    d.committee = Committee.objects.get(name="甲委")
    d.chair, d.member, d.third = d.users["CH"], d.cosigner, d.other
    d.staff = people.account(
        "staff", "干事", Role.COMMITTEE_STAFF, body=d.committee.body_ptr, post="staff"
    )
    d.leader = people.account("leader", "副主席", Role.LEADER)
    return d


def of(state: Callable[..., Any]) -> Callable[[SimpleNamespace], Any]:
    return lambda d: state(second(d))


@once
def draft_topic(d: SimpleNamespace) -> Topic:
    return topics.start_topic(by=d.author, membership=seat(d.author), title="改造")


@once
def candidate(d: SimpleNamespace) -> LookBack:
    adoption = made.adopted(d)
    year = LookBackYear.objects.create(year=2027, opened_on=date(2027, 2, 1))
    return LookBack.objects.create(year=year, topic=adoption.topic)


def shown(d: SimpleNamespace, thing: Any, role: str, client: Client) -> Any:
    return client.get(thing.get_absolute_url())


def step(verb: str) -> Asked:
    """Open the page of a step."""
    return lambda d, thing, role, client: client.get(f"{thing.get_absolute_url()}{verb}/")


def attend(d: SimpleNamespace, session: Any, role: str, client: Client) -> Any:
    # Asked before its day, which lies behind whoever runs the tests.
    with time_machine.travel(made.SPRING, tick=False):
        return asking(d, role).post(f"{session.get_absolute_url()}attend/")


def at_the_desk(d: SimpleNamespace, adoption: Any, role: str, client: Client) -> Any:
    return client.get(f"{adoption.desk_url}answer/")


@once
def studied(d: SimpleNamespace) -> Any:
    adoption = made.assigned(d)
    adopting.acknowledge(adoption, by=User.objects.get(pk=d.clerk.pk))
    return adoption


# Public-opinion reports -------------------------------------------------------------------------


@once
def opinion_people(d: SimpleNamespace) -> SimpleNamespace:
    """Somebody else who checks, and a leader who signs."""
    d.checker = people.account("checker", "核稿人", Role.OFFICE)
    d.leader = people.account("leader", "副主席", Role.LEADER)
    return d


@once
def opinion_to_sign(d: SimpleNamespace) -> Any:
    return opinions.checked(opinion_people(d))


@once
def opinion_sent(d: SimpleNamespace) -> Any:
    """The bulletin, sent to the housing bureau, which is asked to answer."""
    return opinions.sent(opinion_people(d)).bulletin


def answer_opinion(d: SimpleNamespace, bulletin: Any, role: str, client: Client) -> Any:
    return client.get(f"{bulletin.dispatches.get().get_absolute_url()}answer/")


def opinion_given(d: SimpleNamespace) -> Any:
    """The bulletin, given to the housing bureau to be handled."""
    parameters.set_parameter("opinions.units_handle", True, by=d.office)
    return opinions.sent(opinion_people(d))


def opinion_request(d: SimpleNamespace) -> Any:
    """The housing bureau asks to be released of it."""
    return opinion_handling.request_return(
        opinion_given(d),
        by=User.objects.get(pk=d.clerk.pk),
        reason="不属于本单位职责。",
        office_decides=True,
        upload=SimpleUploadedFile("申请.pdf", PDF, "application/pdf"),
        at=opinions.MAY,
    )


def record_opinion_result(d: SimpleNamespace, bulletin: Any, role: str, client: Client) -> Any:
    return client.get(f"{bulletin.get_absolute_url()}record_adoption/")


@once
def refused(d: SimpleNamespace) -> Proposal:
    proposal = submitted(d)
    actions.refuse(
        proposal,
        by=d.office,
        refusal_reason=RefusalReason.objects.get(),
        destination=Destination.objects.get(),
    )
    return proposal


# How each row is tried: a state built by actions, then one request.
TRIES: dict[str, tuple[Callable[[SimpleNamespace], Any], Asked]] = {
    "draft: read": (drafted, page("proposals:detail")),
    "invited text: read": (cosigning, page("proposals:detail")),
    "draft: edit": (drafted, save_draft),
    "co-sign request: answer": (cosigning, post("proposals:agree")),
    "submitted: read": (submitted, page("proposals:detail")),
    "submitted: edit text": (submitted, post("proposals:save_draft", **TEXT, version=1)),
    "submitted: withdraw": (submitted, post("proposals:withdraw")),
    "submitted: step out as a co-signer": (submitted, page("proposals:proposal_step_out")),
    "review: file, refuse, return": (submitted, file_it),
    "review opinion: give": (examined, examine_it),
    "review opinion: read": (examined, page("admin:proposals_proposal_change")),
    "submitted: read beside opinions": (examined, page("proposals:detail")),
    "unit asked before the hand-over: read": (
        lambda d: consulted(d).proposal,
        page("proposals:detail"),
    ),
    "unit asked before the hand-over: answers read": (consulted, page("desk:consultation")),
    "unit asked before the hand-over: answer": (consulted, page("desk:consultation_agree")),
    "filing list: read": (listed, page("admin:proposals_filinglist_change")),
    "hand over": (filed, hand_it_over),
    "handed over: read": (handed_over, page("proposals:detail")),
    "reply: write and send": (lead_in_work, save_reply),
    "reply: read before sent": (lead_in_work, page("desk:reply")),
    "reply: rate": (rated, rate),
    "second round: demand": (of_lead(rated), page("desk:handling_demand_round")),
    "supplementary reply: write": (of_lead(closed), page("desk:handling_supplement")),
    "ratings: read sums": (rated, bare_page("desk:ratings")),
    "internal note: read": (in_work, page("admin:proposals_proposal_change")),
    "attachment: fetch": (with_file, fetch),
    "key proposal: read the log": (keyed, page("proposals:detail")),
    "key proposal: choose": (handed_over, page("proposals:proposal_select_key")),
    "key proposal: log supervision": (
        keyed,
        page("proposals:proposal_supervise"),
    ),
    "award: enter": (handed_over, page("proposals:proposal_award")),
    "revoke": (handed_over, page("proposals:proposal_revoke")),
    "archived: read": (put_away, page("proposals:detail")),
    "reply in check: read": (in_check, letter),
    "reply in check: pass or send back": (in_check, page("desk:handling_check")),
    "reply to sign: sign": (to_sign, page("desk:handling_sign")),
    "countersign: read": (countersigning, page("desk:countersign")),
    "archive": (closed, page("proposals:proposal_archive")),
    "public version: prepare and publish": (
        prepared,
        post("proposals:publish", number=1, secrecy_confirmed="on"),
    ),
    "public version: differences to the internal text": (prepared, differences),
    "publication: whether and what is public": (prepared, shown),
    "public page of a published proposal": (published, as_visitor),
    "published proposal: second": (to_second, second_it),
    "seconding: who and why": (seconded, read_remark),
    "public page of what is not published": (prepared, as_visitor),
    "import: members": (nothing, bare_page("admin:members_roster_import")),
    "import: proposals": (nothing, bare_page("admin:proposals_import")),
    "user: list": (nothing, bare_page("admin:members_user_changelist")),
    "user: create": (nothing, bare_page("admin:members_user_add")),
    "audit: read": (nothing, bare_page("admin:office_auditevent_changelist")),
    "settings: read": (nothing, bare_page("admin:office_parameter_changelist")),
    "opinion draft: read": (opinions.drafted, shown),
    "opinion draft: edit": (opinions.drafted, step("write")),
    "opinion handed in: read": (opinions.registered, shown),
    "opinion: register, select, keep": (opinions.registered, step("select")),
    "opinion: sign": (opinion_to_sign, step("sign")),
    "opinion bulletin: read": (opinion_sent, page("opinions:bulletin")),
    "opinion bulletin: answer": (opinion_sent, answer_opinion),
    "opinion handed over: acknowledge": (opinion_given, step("acknowledge")),
    "opinion handed over: ask to return": (opinion_given, step("request_return")),
    "opinion request: read": (opinion_request, shown),
    "opinion request: decide": (opinion_request, step("refuse")),
    "opinion handed over: pass on": (opinion_given, step("rehand")),
    "opinion results: record": (opinion_sent, record_opinion_result),
    "proposal not filed: convert": (refused, page("admin:proposals_proposal_convert")),
    "proposal not filed: review again": (refused, page("admin:proposals_proposal_reopen")),
    "topic draft: read": (of(draft_topic), shown),
    "topic proposed: read": (of(made.proposed), shown),
    "topic: screen": (of(made.proposed), step("screen")),
    "organisation's proposal: begin": (
        lambda d: proposal_defaults.lay_down_lists(),
        bare_page("proposals:start_collective"),
    ),
    "issued plan: read": (of(lambda d: made.approved(d).plan), shown),
    "research in work: read": (of(made.running), shown),
    "session in preparation: read": (of(made.planned), shown),
    "session: notify": (of(made.planned), step("notify")),
    "session: answer the invitation": (of(made.notified), attend),
    "recommendation: answer": (of(studied), at_the_desk),
    "recommendation: verify": (of(made.done), step("verify")),
    "look-back: choose": (of(candidate), step("select_lookback")),
    "dashboard: own committee": (of(nothing), bare_page("dashboard:index")),
}
NOW = [row for row in MATRIX if not row.since]


def test_every_row_of_this_release_is_tried() -> None:
    assert {row.what for row in NOW} == set(TRIES)
    assert all(len(row.answers) == len(ROLES) for row in MATRIX)


def allowed(answer: Any) -> bool:
    """Whether the answer lets the person through; a login page or a refusal does not."""
    if answer.status_code == 302:
        return "/account/login" not in answer.headers["Location"]
    return answer.status_code < 400


def content_of(answer: Any) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode(errors="ignore")


@pytest.mark.parametrize("row", NOW, ids=lambda row: row.what)
def test_row_cell_by_cell(d: SimpleNamespace, row: Row) -> None:
    set_up, ask = TRIES[row.what]
    thing = set_up(d)
    stood = list(Proposal.objects.values_list("pk", "status", "version"))
    wrong = []

    for role, wanted in zip(ROLES, row.answers, strict=True):
        with transaction.atomic():
            answer = ask(d, thing, role, asking(d, role))
            body, code = content_of(answer), answer.status_code
            now = list(Proposal.objects.values_list("pk", "status", "version"))
            transaction.set_rollback(True)
        if wanted == "D":
            # An author who comes too late is led back with a word; nothing may have changed.
            refused = code in (403, 404, 405, 409) or (code == 302 and not body)
            right = refused and now == stood
        else:
            right = allowed(answer)
        right = right and code < 500
        right = right and (UNSENT not in body or role == "HU")
        right = right and (NOTE not in body or role == "SEC")
        right = right and (OPINION not in body or role == "SEC")
        right = right and (PHONE not in body or role in ("HU", "M1"))
        if not right:
            wrong.append((role, wanted, code))

    assert wrong == []


def test_hidden_and_absent_look_alike(d: SimpleNamespace) -> None:
    hidden = drafted(d)
    client = asking(d, "M3")

    answers = [client.get(reverse("proposals:detail", args=[pk])) for pk in (hidden.pk, 999_999)]

    assert [answer.status_code for answer in answers] == [404, 404]
    bodies = [
        answer.content.decode().replace(f"/{hidden.pk}/", "/X/").replace("/999999/", "/X/")
        for answer in answers
    ]
    assert len(bodies[0]) == len(bodies[1])
