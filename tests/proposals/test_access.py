"""Who reaches what of proposals and reports: every object by every verb for everybody in the district.

`tests/test_access_matrix.py` walks the portal's own table. Here stand the objects of this app one by
one, in the states that count, at every door: page, paper, file, list and the workplace. Columns:

AN visitor, M1 first proposer, M2 co-signer, M3 asked and silent, M4 another member, SEC secretariat,
SG secretary-general, LD leader, MW member-work office, CH chair of the first proposer's committee,
CB chair of another, SU supervision office, H1 clerk and H2 leader of the lead unit, J1 clerk of the
joint unit, X1 clerk of another, SA system, SC security, AU audit administrator, NO disabled account.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cppcc_portal.office import files
from cppcc_portal.office.files import Attachment
from members.models import Committee, Membership, User
from members.roles import Role
from proposals import actions
from proposals.actions import bulletins
from proposals.models import Handling, OpinionReport, Proposal, Rehandling
from tests import district as made
from tests import opinions, people, stages
from tests.laid import once
from tests.stages import PDF, again, everything, joint_of, lead_of, rating_of

pytestmark = pytest.mark.django_db
WHO = [
    "AN",
    "M1",
    "M2",
    "M3",
    "M4",
    "SEC",
    "SG",
    "LD",
    "MW",
    "CH",
    "CB",
    "SU",
    "H1",
    "H2",
    "J1",
    "X1",
    "SA",
    "SC",
    "AU",
    "NO",
]
UNSENT, OPINION = "金丝雀未发答复", "金丝雀会办意见"


@pytest.fixture
@once
def d() -> SimpleNamespace:
    """The district and everybody in it."""
    d = made.district()
    term = d.plenary.term
    own, other = (
        Committee.objects.create(kind="committee", name=name, short_name=name, term=term)
        for name in ("甲委", "乙委")
    )
    Membership.objects.filter(person=d.author.person).update(committee=own)
    strange = people.unit("区水务局")
    d.chair = people.account("ch", "主任甲", Role.COMMITTEE_CHAIR, body=own.body_ptr, post="chair")
    d.leader = people.account("ld", "副主席", Role.LEADER)
    d.checker = people.account("checker", "核稿人", Role.OFFICE)
    d.users = {
        "M1": d.author,
        "M2": d.cosigner,
        "M3": d.other,
        "M4": people.member("m4", "成四", term),
        "SEC": d.office,
        "SG": people.account("sg", "秘书长", Role.SECRETARY_GENERAL),
        "LD": d.leader,
        "MW": people.account("mw", "委员工作委", Role.MEMBER_WORK),
        "CH": d.chair,
        "CB": people.account(
            "cb", "主任乙", Role.COMMITTEE_CHAIR, body=other.body_ptr, post="chair"
        ),
        "SU": people.account("su", "督查员", Role.SUPERVISION),
        "H1": d.clerk,
        "H2": people.account(
            "h2", "局长甲", Role.UNIT_LEADER, body=d.housing.body_ptr, post="leader"
        ),
        "J1": d.joint_clerk,
        "X1": people.account("x1", "经办丙", Role.UNIT_CLERK, body=strange.body_ptr, post="clerk"),
        "SA": people.account("sa", "系统员", Role.SYSTEM_ADMIN),
        "SC": people.account("sc", "安全员", Role.SECURITY_ADMIN),
        "AU": people.account("au", "审计员", Role.AUDITOR),
        "NO": people.member("no", "停用人", term),
    }
    User.objects.filter(pk=d.users["NO"].pk).update(is_active=False)
    return d


def browser(d: SimpleNamespace, who: str) -> Client:
    """A browser of this person; the visitor and the disabled account have no session that holds."""
    client = Client()
    if who != "AN":
        client.force_login(again(d.users[who]), backend="members.backends.LoginBackend")
    return client


# States ---------------------------------------------------------------------------------------


def lead(state: Callable[[SimpleNamespace], Proposal]) -> Callable[[SimpleNamespace], Handling]:
    return lambda d: lead_of(state(d))


def joint(state: Callable[[SimpleNamespace], Proposal]) -> Callable[[SimpleNamespace], Handling]:
    return lambda d: joint_of(state(d))


@once
def opined(d: SimpleNamespace) -> Any:
    """The joint unit's opinion."""
    proposal = stages.acknowledged(d)
    actions.give_opinion(
        joint_of(proposal),
        by=again(d.joint_clerk),
        text=OPINION,
        signer="大队长",
        signer_post="负责人",
        at=stages.APRIL,
    )
    return joint_of(proposal).joint_opinion


@once
def opined_share(d: SimpleNamespace) -> Handling:
    return joint_of(opined(d).handling.proposal)


@once
def unsent(d: SimpleNamespace) -> Any:
    """A reply that the lead unit is writing."""
    share = lead_of(stages.answerable(d))
    actions.save_reply(share, by=again(d.clerk), text=UNSENT)
    return share.replies.get()


@once
def sent(d: SimpleNamespace) -> Any:
    return lead_of(stages.replied(d)).replies.get()


@once
def own_rating(d: SimpleNamespace) -> Any:
    """What the first proposer is asked to rate."""
    stages.replied(d)
    return rating_of(d.author)


@once
def given_rating(d: SimpleNamespace) -> Any:
    """The co-signer has rated, and was satisfied."""
    stages.dissatisfied(d)
    return rating_of(d.cosigner)


@once
def others_rating(d: SimpleNamespace) -> Any:
    stages.replied(d)
    return rating_of(d.cosigner)


@once
def demanded(d: SimpleNamespace) -> Rehandling:
    """The first proposer was not satisfied; the office has to decide."""
    stages.dissatisfied(d)
    return Rehandling.objects.get()


@once
def return_asked(d: SimpleNamespace) -> Any:
    share = lead_of(made.handed_over(d))
    upload = SimpleUploadedFile("申请.pdf", PDF, "application/pdf")
    return actions.request_return(
        share,
        by=again(d.clerk),
        reason="不属于本单位职责。",
        office_decides=True,
        upload=upload,
        at=made.JANUARY,
    )


def on_file(
    state: Callable[[SimpleNamespace], Any], kind: str = "scan"
) -> Callable[[SimpleNamespace], Attachment]:
    """A file of what this state leads to."""

    def keep(d: SimpleNamespace) -> Attachment:
        thing = state(d)
        upload = SimpleUploadedFile("附件.pdf", PDF, "application/pdf")
        return files.accept(upload, subject=thing, by=d.office, kind=kind)

    return keep


def issued(d: SimpleNamespace) -> OpinionReport:
    return opinions.issued(d)


@once
def dispatched(d: SimpleNamespace) -> Any:
    """Sent to the lead unit of the proposals, which is asked to answer."""
    return opinions.sent(d)


@once
def sent_bulletin(d: SimpleNamespace) -> Any:
    return dispatched(d).bulletin


@once
def led_bulletin(d: SimpleNamespace) -> Any:
    """Sent to the leader alone."""
    bulletin = opinions.bulletin(d)
    bulletins.send(
        bulletin,
        by=d.office,
        target="leader",
        leader=d.leader.person,
        sent_on=opinions.DAY,
        at=opinions.MAY,
    )
    return bulletin


# Doors ----------------------------------------------------------------------------------------

Asked = Callable[[Client, Any], Any]


def at(name: str, by: str = "pk", **query: Any) -> Asked:
    """Open the page, paper or file."""
    return lambda client, thing: client.get(reverse(name, args=[getattr(thing, by)]), query)


def led(name: str) -> Asked:
    """Open what stands in the workplace: its list leads to the page of the thing itself."""

    def ask(client: Client, thing: Any) -> Any:
        answer = client.get(reverse(name, args=[thing.pk]))
        home = thing.get_absolute_url()
        led_home = answer.status_code == 302 and answer.headers["Location"] == home
        return client.get(home) if led_home else answer

    return ask


def by_code(client: Client, thing: Any) -> Any:
    """What the printed code leads to."""
    answer = client.get(reverse(P + "by_code", args=[thing.uid]))
    if answer.status_code == 302 and answer.headers["Location"] == thing.get_absolute_url():
        return client.get(thing.get_absolute_url())
    return answer


def do(name: str, **fields: Any) -> Asked:
    """Take the step."""
    return lambda client, thing: client.post(reverse(name, args=[thing.pk]), fields)


def named(thing: Any) -> str:
    """The words by which a list would give the thing away."""
    if isinstance(thing, Handling):
        return thing.proposal.title
    return str(getattr(thing, "title", ""))


def found_in(name: str, words: Callable[[Any], str] = named, **query: Any) -> Asked:
    """Whether the list shows it; an empty list is a refusal too."""

    def ask(client: Client, thing: Any) -> Any:
        answer = client.get(reverse(name), query)
        if answer.status_code == 200 and words(thing) not in content_of(answer):
            answer.status_code = 404
        return answer

    return ask


def told_on(name: str, words: str, of: Callable[[Any], Any]) -> Asked:
    """Whether the page, for who may open it, shows these words."""

    def ask(client: Client, thing: Any) -> Any:
        answer = client.get(reverse(name, args=[of(thing).pk]))
        if answer.status_code == 200 and words not in content_of(answer):
            answer.status_code = 404
        return answer

    return ask


def content_of(answer: Any) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode(errors="ignore")


def went(answer: Any) -> bool:
    """Whether a step was taken or its page opened: a refused form means that the door was open.

    Whoever is only led somewhere else has not seen the page that was asked for.
    """
    if answer.status_code == 302:
        taken = answer.wsgi_request.method == "POST"
        return taken and "/account/" not in answer.headers["Location"]
    return answer.status_code < 300 or answer.status_code == 422


def proposal_of(thing: Any) -> Any:
    return thing.handling.proposal


# The table ------------------------------------------------------------------------------------

Row = tuple[str, Callable[[SimpleNamespace], Any], Asked, str]
P = "proposals:"
ADMIN = "admin:proposals_"

PROPOSALS: tuple[Row, ...] = (
    ("draft: read", made.drafted, at(P + "detail"), "M1"),
    ("draft: write", made.drafted, at(P + "edit"), "M1"),
    ("draft: hand in", made.drafted, at(P + "submit"), "M1"),
    ("draft: ask co-signers", made.drafted, at(P + "invite"), "M1"),
    ("draft: form", stages.invited, at(P + "form"), "M1 M2"),
    ("draft: code", made.drafted, by_code, "M1"),
    ("draft: in the list", made.drafted, found_in(P + "index", scope="all"), "M1"),
    ("draft: workplace", made.drafted, at(ADMIN + "proposal_change"), ""),
    ("draft: delete", made.drafted, at(ADMIN + "proposal_delete"), ""),
    ("draft: file", on_file(made.drafted), at("files:fetch", "uid"), "M1"),
    ("asked: read", stages.invited, at(P + "detail"), "M1 M2"),
    ("asked: agree", stages.invited, do(P + "agree"), "M2"),
    ("asked: decline", stages.invited, do(P + "decline"), "M2"),
    ("submitted: read", made.submitted, at(P + "detail"), "M1 M2 SEC SG LD CH"),
    ("submitted: form", made.submitted, at(P + "form"), "M1 M2 SEC SG LD CH"),
    ("submitted: code", made.submitted, by_code, "M1 M2 SEC SG LD CH"),
    ("submitted: withdraw", made.submitted, at(P + "withdraw"), "M1"),
    ("submitted: step out", made.submitted, at(P + "proposal_step_out"), "M2"),
    (
        "submitted: in the list",
        made.submitted,
        found_in(P + "index", scope="all"),
        "M1 M2 SEC SG LD CH",
    ),
    ("submitted: workplace", made.submitted, at(ADMIN + "proposal_change"), "SEC SG"),
    (
        "submitted: workplace's list",
        made.submitted,
        found_in(ADMIN + "proposal_changelist"),
        "SEC SG",
    ),
    ("submitted: history", made.submitted, at(ADMIN + "proposal_history"), ""),
    ("submitted: delete", made.submitted, at(ADMIN + "proposal_delete"), ""),
    ("submitted: begin review", made.submitted, do(ADMIN + "proposal_start_review"), "SEC"),
    ("submitted: file", made.submitted, at(ADMIN + "proposal_file"), "SEC"),
    ("submitted: refuse", made.submitted, at(ADMIN + "proposal_refuse"), "SEC"),
    ("submitted: return", made.submitted, at(ADMIN + "proposal_return_"), "SEC"),
    ("submitted: merge", made.submitted, at(ADMIN + "proposal_merge"), "SEC"),
    ("submitted: take out", made.submitted, at(ADMIN + "proposal_take_out"), "SEC"),
    (
        "submitted: attached",
        on_file(made.submitted),
        at("files:fetch", "uid"),
        "M1 M2 SEC SG LD CH",
    ),
    (
        "proposals: export",
        made.submitted,
        lambda client, thing: client.get(reverse(ADMIN + "proposal_export")),
        "SEC",
    ),
    ("filed: read", stages.filed, at(P + "detail"), "M1 M2 SEC SG LD CH SU"),
    ("filed: hand over", stages.filed, at(ADMIN + "proposal_hand_over"), "SEC"),
    ("filed: ask units", stages.filed, at(ADMIN + "proposal_consult_units"), "SEC"),
    ("filed: supervision's hand-over", stages.filed, at(P + "step_hand_over"), "SEC"),
    ("handed over: read", made.handed_over, at(P + "detail"), "M1 M2 SEC SG LD CH SU H1 H2 J1"),
    ("handed over: form", made.handed_over, at(P + "form"), "M1 M2 SEC SG LD CH SU H1 H2 J1"),
    ("handed over: revoke", made.handed_over, at(P + "proposal_revoke"), "SEC"),
    ("handed over: make key", made.handed_over, at(P + "proposal_select_key"), "SEC"),
    (
        "handed over: attached",
        on_file(made.handed_over),
        at("files:fetch", "uid"),
        "M1 M2 SEC SG LD CH SU H1 H2 J1",
    ),
    ("replied: close", stages.replied, do(ADMIN + "proposal_close"), "SEC"),
    ("closed: read", stages.closed, at(P + "detail"), "M1 M2 SEC SG LD CH SU H1 H2 J1"),
    ("closed: put away", stages.closed, at(P + "proposal_archive"), "SEC"),
    ("closed: award", stages.closed, at(P + "proposal_award"), "SEC"),
)
HANDLINGS: tuple[Row, ...] = (
    ("share: read", lead(made.handed_over), at("desk:detail"), "SEC SG LD SU H1 H2"),
    ("share: sheet", lead(made.handed_over), at("desk:sheet"), "SEC H1 H2"),
    ("share: on the desk", lead(made.handed_over), found_in("desk:index"), "SEC SG LD SU H1 H2 J1"),
    ("share: acknowledge", lead(made.handed_over), do("desk:acknowledge"), "H1 H2"),
    (
        "share: ask to return",
        lead(made.handed_over),
        at("desk:handling_request_return"),
        "SEC H1 H2",
    ),
    (
        "share: ask an extension",
        lead(stages.acknowledged),
        at("desk:handling_request_extension"),
        "SEC H1 H2",
    ),
    ("share: contact", lead(stages.acknowledged), at("desk:contact"), "H1 H2"),
    ("share: pass on", lead(stages.acknowledged), at("desk:handling_rehand"), "SEC SU"),
    ("share: joint opinion", joint(stages.acknowledged), at("desk:give_opinion"), "J1"),
    ("share: reply", lead(stages.answerable), at("desk:reply"), "H1 H2"),
    ("share: reply of the joint unit", joint(stages.answerable), at("desk:reply"), ""),
    (
        "share: file",
        on_file(lead(made.handed_over)),
        at("files:fetch", "uid"),
        "SEC SG LD SU H1 H2",
    ),
    ("share: workplace", lead(made.handed_over), at(ADMIN + "handling_change"), "SEC SG"),
    (
        "share: workplace's list",
        lead(made.handed_over),
        found_in(ADMIN + "handling_changelist"),
        "SEC SG",
    ),
    ("share: history", lead(made.handed_over), at(ADMIN + "handling_history"), ""),
    ("share: delete", lead(made.handed_over), at(ADMIN + "handling_delete"), ""),
    (
        "share: acknowledge on paper",
        lead(made.handed_over),
        at(ADMIN + "handling_acknowledge"),
        "SEC",
    ),
    ("share: reply on paper", lead(stages.answerable), at(ADMIN + "handling_reply"), "SEC"),
    ("joint opinion: paper", opined_share, at("desk:opinion"), "SEC SG LD SU H1 H2 J1"),
    (
        "joint opinion: words",
        opined_share,
        told_on("desk:detail", OPINION, lambda share: lead_of(share.proposal)),
        "SEC SG LD SU H1 H2",
    ),
    (
        "joint opinion: words on the proposal",
        opined_share,
        told_on(P + "detail", OPINION, lambda share: share.proposal),
        "",
    ),
    ("joint opinion: file", on_file(opined), at("files:fetch", "uid"), "SEC SG LD SU H1 H2 J1"),
    ("request: read", return_asked, at("desk:request"), "SEC SG LD SU H1 H2"),
    ("request: grant", return_asked, at("desk:request_grant"), "SEC SU"),
    ("request: refuse", return_asked, at("desk:request_refuse"), "SEC SU"),
    ("request: take back", return_asked, at("desk:request_withdraw"), "SEC H1 H2"),
    ("request: file", on_file(return_asked), at("files:fetch", "uid"), "SEC SG LD SU H1 H2"),
    ("request: workplace", return_asked, led(ADMIN + "unitrequest_change"), "SEC"),
)
REPLIES: tuple[Row, ...] = (
    ("unsent: letter", unsent, at(P + "letter"), "H1 H2"),
    (
        "unsent: words at the desk",
        unsent,
        told_on("desk:reply", UNSENT, lambda r: r.handling),
        "H1 H2",
    ),
    ("unsent: words on the proposal", unsent, told_on(P + "detail", UNSENT, proposal_of), ""),
    (
        "unsent: words in the workplace",
        unsent,
        told_on(ADMIN + "handling_change", UNSENT, lambda r: r.handling),
        "",
    ),
    ("unsent: file", on_file(unsent, "reply"), at("files:fetch", "uid"), "H1 H2"),
    ("sent: letter", sent, at(P + "letter"), "M1 M2 SEC SG LD CH SU H1 H2 J1"),
    (
        "sent: words on the proposal",
        sent,
        told_on(P + "detail", "逐条答复。", proposal_of),
        "M1 M2 SEC SG LD CH SU H1 H2 J1",
    ),
    (
        "sent: file",
        on_file(sent, "reply"),
        at("files:fetch", "uid"),
        "M1 M2 SEC SG LD CH SU H1 H2 J1",
    ),
    ("sent: supplement", lambda d: sent(d).handling, at("desk:handling_supplement"), "SEC H1 H2"),
)
SUMS = "SEC SG LD SU H1 H2 J1 X1"  # a unit those of the own alone
RATINGS: tuple[Row, ...] = (
    ("own rating: give", own_rating, at(P + "evaluate"), "M1"),
    ("own rating: form", own_rating, at(P + "rating_form"), "M1 SEC SG LD"),
    ("own rating: file", on_file(own_rating), at("files:fetch", "uid"), "M1 SEC SG LD"),
    ("own rating: workplace", own_rating, at(ADMIN + "evaluation_change"), "SEC SG"),
    (
        "own rating: workplace's list",
        own_rating,
        found_in(ADMIN + "evaluation_changelist", lambda one: one.proposer.name),
        "SEC SG",
    ),
    (
        "given rating: change on paper",
        given_rating,
        at(ADMIN + "evaluation_change_rating"),
        "SEC",
    ),
    ("given rating: workplace", given_rating, at(ADMIN + "evaluation_change"), "SEC SG"),
    ("own rating: on paper", own_rating, at(ADMIN + "evaluation_evaluate"), "SEC"),
    ("own rating: note a call in its days", own_rating, at(ADMIN + "evaluation_call"), ""),
    ("own rating: delete", own_rating, at(ADMIN + "evaluation_delete"), ""),
    ("another's rating: give", others_rating, at(P + "evaluate"), "M2"),
    ("another's rating: form", others_rating, at(P + "rating_form"), "M2 SEC SG LD"),
    ("sums of a unit", own_rating, lambda client, thing: client.get(reverse("desk:ratings")), SUMS),
    (
        "not satisfied: why, before it is decided",
        demanded,
        told_on(P + "detail", "没有写明地点", lambda one: one.handling.proposal),
        "M1 SEC SG LD",
    ),
    (
        "not satisfied: why, at the desk before it is decided",
        demanded,
        told_on("desk:detail", "没有写明地点", lambda one: one.handling),
        "",
    ),
    ("second round: begin", demanded, at(ADMIN + "rehandling_start"), "SEC"),
    ("second round: refuse", demanded, at(ADMIN + "rehandling_refuse"), "SEC"),
    ("second round: workplace", demanded, at(ADMIN + "rehandling_change"), "SEC SG"),
)
# LD signed the report that is issued; SEC wrote the edited text, which somebody else checks.
REPORT = "opinions:"
REPORTS: tuple[Row, ...] = (
    ("draft report: read", opinions.drafted, at(REPORT + "report"), "M1"),
    ("draft report: write", opinions.drafted, at(REPORT + "write"), "M1"),
    ("draft report: hand in", opinions.drafted, at(REPORT + "submit"), "M1"),
    ("draft report: in the list", opinions.drafted, found_in(REPORT + "index"), "M1"),
    ("draft report: file", on_file(opinions.drafted), at("files:fetch", "uid"), "M1"),
    ("draft report: workplace", opinions.drafted, at(ADMIN + "opinionreport_change"), ""),
    ("report: read", opinions.submitted, at(REPORT + "report"), "M1 SEC SG CH"),
    ("report: sheet", opinions.submitted, at(REPORT + "sheet"), "SEC SG"),
    ("report: take back", opinions.submitted, at(REPORT + "report_recall"), "M1"),
    ("report: register", opinions.submitted, at(REPORT + "report_register"), "SEC"),
    ("report: file", on_file(opinions.submitted), at("files:fetch", "uid"), "M1 SEC SG CH"),
    ("report: workplace", opinions.submitted, led(ADMIN + "opinionreport_change"), "SEC SG"),
    (
        "report: workplace's list",
        opinions.submitted,
        found_in(ADMIN + "opinionreport_changelist"),
        "SEC SG",
    ),
    ("report: delete", opinions.submitted, at(ADMIN + "opinionreport_delete"), ""),
    ("registered: select", opinions.registered, at(REPORT + "report_select"), "SEC"),
    ("registered: keep", opinions.registered, at(REPORT + "report_keep"), "SEC"),
    ("registered: return", opinions.registered, at(REPORT + "report_return_"), "SEC"),
    ("registered: take out", opinions.registered, at(REPORT + "report_take_out"), "SEC"),
    ("selected: edit", opinions.selected, at(REPORT + "edit"), "SEC"),
    ("edited: check", opinions.edited, at(REPORT + "report_check"), "SG"),
    ("checked: sign", opinions.checked, at(REPORT + "report_sign"), "SEC LD"),
    ("signed: issue", opinions.signed, at(REPORT + "report_issue"), "SEC"),
    ("issued: read", issued, at(REPORT + "report"), "M1 SEC SG CH LD"),
    (
        "issued: words of the office",
        issued,
        told_on(REPORT + "report", "金丝雀编辑稿", lambda r: r),
        "M1 SEC SG CH LD",
    ),
    ("bulletin: sent to a unit", sent_bulletin, at(REPORT + "bulletin"), "SEC SG LD H1 H2"),
    ("bulletin: its paper", sent_bulletin, at(REPORT + "bulletin_paper"), "SEC SG LD H1 H2"),
    ("bulletin: sent to a leader", led_bulletin, at(REPORT + "bulletin"), "SEC SG LD"),
    ("bulletin: workplace", sent_bulletin, led(ADMIN + "bulletin_change"), "SEC SG"),
    ("bulletin: send on", sent_bulletin, at(REPORT + "bulletin_send"), "SEC"),
    (
        "bulletin: note an instruction",
        sent_bulletin,
        at(REPORT + "bulletin_record_instruction"),
        "SEC",
    ),
    ("dispatch: read", dispatched, at("desk:dispatch"), "SEC SG H1 H2"),
    ("dispatch: answer", dispatched, at("desk:dispatch_answer"), "SEC H1 H2"),
    ("dispatch: file", on_file(dispatched), at("files:fetch", "uid"), "SEC SG H1 H2"),
)
TABLE = (*PROPOSALS, *HANDLINGS, *REPLIES, *RATINGS, *REPORTS)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_everybody_at_this_door(d: SimpleNamespace, row: Row) -> None:
    _what, state, ask, may = row
    thing = state(d)
    stood, wrong = everything(), []

    for who in WHO:
        with transaction.atomic():
            answer = ask(browser(d, who), thing)
            # A page that is only opened writes nothing but its own audit line.
            stepped = answer.wsgi_request.method == "POST"
            now = everything() if stepped else stood
            content_of(answer)
            transaction.set_rollback(True)
        let_in = went(answer)
        if let_in != (who in may.split()) or answer.status_code >= 500:
            wrong.append((who, answer.status_code, answer.headers.get("Location", "")))
        elif not let_in and now != stood:
            wrong.append((who, "changed"))

    assert wrong == []


def test_the_table_names_people_that_are_there() -> None:
    assert {who for *_rest, may in TABLE for who in may.split()} <= set(WHO)
    assert len({row[0] for row in TABLE}) == len(TABLE)
