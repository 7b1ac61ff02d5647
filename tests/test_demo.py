"""The demonstration is a life that could have happened: every state is reached by legal moves."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Max
from django.test import Client, override_settings
from django.utils import timezone

import consultations.actions
import feedback.actions
from consultations.models import (
    AnnualPlan,
    OutcomeDocument,
    Recommendation,
    Research,
    ResearchWaiver,
    Session,
    Topic,
)
from cppcc_portal import dashboards
from cppcc_portal.demo import district
from cppcc_portal.management.commands import demo
from cppcc_portal.office import audit, parameters
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.models import Deadline, Delivery, Notice
from feedback.models import Adoption, LookBack, LookBackFinding, ProgressReport
from members.models import (
    Commitment,
    Committee,
    DutyRecord,
    Gathering,
    Invitation,
    Membership,
    Sector,
    Unit,
    User,
)
from proposals import actions
from proposals.models import (
    AdoptionRecord,
    Award,
    Bulletin,
    Evaluation,
    FilingList,
    Handling,
    KeyMark,
    OpinionDispatch,
    OpinionReport,
    Proposal,
    ProposalImport,
    Proposer,
    Rehandling,
    Reply,
    ReviewOpinion,
    Seconding,
    UnitConsultation,
    UnitRequest,
)

TODAY = date(2026, 11, 26)
# Nothing in the demonstration is suspected of secrets.
SHOWN = set(Proposal.Status) - {Proposal.Status.TAKEN_OUT}
PASSWORD = "Yanshi-2026-mima"
TOLD = 11  # seven of organisations, four from a list

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_content_types() -> Iterator[None]:
    """A flush inside a test makes them anew, with other keys; after the rollback the old ones are back."""
    yield
    ContentType.objects.clear_cache()


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The demonstration, made once for all tests of this file; each takes back what it changed."""
    folder = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),
        override_settings(VAR_DIR=folder, MEDIA_ROOT=folder / "media"),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setenv("DEMO_PASSWORD", PASSWORD)
        call_command("demo", today=TODAY, verbosity=0)
        yield folder
        transaction.set_rollback(True)


def test_demo_fills_a_district_with_every_state(demonstration: Path) -> None:
    states = Counter(Proposal.objects.values_list("status", flat=True))

    assert sum(states.values()) == demo.PROPOSALS + TOLD
    assert set(states) == SHOWN
    assert Membership.objects.count() == 320
    assert Sector.objects.count() == 30
    assert Unit.objects.count() == 45
    # Signed is left in the same step in which it is reached.
    assert states_of(Handling) == set(Handling.Status) - {Handling.Status.SIGNED}
    assert states_of(KeyMark) == set(KeyMark.Status)
    assert states_of(Award) == set(Award.Status)
    assert {row.status for row in Evaluation.objects.all()} == set(Evaluation.Status)
    assert Rehandling.objects.exists()
    assert Commitment.objects.filter(status="kept").exists()


def test_demo_shows_seconding(demonstration: Path) -> None:
    standing = Seconding.objects.standing()

    assert parameters.get("proposals.seconding")
    assert standing.values("proposal").distinct().count() >= 3
    assert standing.exclude(remark="").exists()
    assert states_of(Seconding) >= {Seconding.Status.STANDING, Seconding.Status.TAKEN_BACK}
    assert not any(one.proposal.is_proposer(one.membership.person.user) for one in standing)


def test_demo_shows_organisations_and_imports(demonstration: Path) -> None:
    of_bodies = Proposal.objects.exclude(collective=None)

    assert {"draft", "submitted", "filed", "replied"} <= set(
        of_bodies.values_list("status", flat=True)
    )
    assert set(of_bodies.values_list("collective__kind__code", flat=True)) == {
        "party", "committee", "federation", "sector",
    }  # fmt: skip
    assert {row.status for row in ProposalImport.objects.all()} == {"read", "written"}
    imported = Proposal.objects.exclude(imported=None)
    assert sorted(imported.values_list("status", flat=True)) == [
        "draft", "draft", "submitted", "submitted",
    ]  # fmt: skip


def test_demo_tells_the_second_path_in_every_state(demonstration: Path) -> None:
    assert states_of(Topic) == set(Topic.Status)
    assert states_of(Research) == set(Research.Status)
    # Nobody stands at the door, and minutes are signed and archived within a day.
    passing = {Session.Status.OPEN, Session.Status.MINUTES_SIGNED, Session.Status.CANCELLED}
    assert states_of(Session) == set(Session.Status) - passing
    answered = {Adoption.Status.ANSWERED}  # a day or two until the chair looks at it
    assert states_of(Adoption) >= set(Adoption.Status) - answered
    assert set(Adoption.objects.values_list("conclusion", flat=True)) >= set(Adoption.Conclusion)
    assert {LookBack.Status.CHECKING, LookBack.Status.CLOSED} <= states_of(LookBack)
    came = {Invitation.Status.PRESENT, Invitation.Status.LATE}
    assert came | {Invitation.Status.ABSENT, Invitation.Status.ON_LEAVE} <= states_of(Invitation)
    assert ProgressReport.objects.exists()
    assert Adoption.objects.overdue(TODAY).exists()


def test_demo_shows_the_review_its_lists_and_units_that_are_asked(demonstration: Path) -> None:
    stages = Counter(ReviewOpinion.objects.values_list("stage__code", flat=True))

    assert stages["first"] > stages["second"] > stages["final"] >= 1
    assert states_of(FilingList) == {"collecting", "done"}
    done = FilingList.objects.get(status="done")
    assert done.approval is not None
    assert {row.result for row in done.rows.all()} == {"file", "refuse"}
    assert states_of(UnitConsultation) == {"asked", "agreed", "objected"}


def states_of(model: Any) -> set[str]:
    return set(model.objects.values_list("status", flat=True))


def test_demo_plans_are_issued_on_decisions(demonstration: Path) -> None:
    plans = {plan.year: plan for plan in AnnualPlan.objects.prefetch_related("steps__decision")}

    assert plans[TODAY.year + 1].status == "collecting"
    for year in (TODAY.year - 2, TODAY.year - 1, TODAY.year):
        plan = plans[year]
        assert plan.status == "issued"
        assert [step.decision.is_passed for step in plan.steps.all() if step.decision] == [True] * 3
        issued = plan.changes.get(verb="issue")
        assert (timezone.localdate(issued.at).year, issued.decision) == (year, plan.approval)
        assert plan.rows.count() >= 9
        assert plan.rows.filter(is_key=True).count() == 2


def test_demo_tells_public_opinion_in_every_state(demonstration: Path) -> None:
    # Nothing in the demonstration is suspected of secrets.
    assert states_of(OpinionReport) == set(OpinionReport.Status) - {OpinionReport.Status.TAKEN_OUT}
    ended = {OpinionDispatch.Status.ENDED}
    assert states_of(OpinionDispatch) == set(OpinionDispatch.Status) - ended
    assert OpinionDispatch.objects.filter(result__isnull=False).exists()
    assert {row.level for row in AdoptionRecord.objects.all()} >= {"city", "province", "nation"}
    assert OpinionReport.objects.filter(from_proposal__isnull=False).count() == 1
    assert OpinionReport.objects.filter(entered_by__isnull=False).exists()
    issues = Bulletin.objects.order_by("year", "number")
    dates = [issue.issued_on for issue in issues]
    assert dates == sorted(dates)
    unit = User.objects.get(username="unit")
    assert OpinionDispatch.objects.unanswered().filter(unit__in=unit.body_ids).exists()
    leader = User.objects.get(username="leader")
    assert OpinionReport.objects.filter(status="checked", signer__user=leader).exists()


def test_demo_sessions_rest_on_research(demonstration: Path) -> None:
    held = Session.objects.filter(status__in=Session.HELD_ON)

    assert held.filter(research=None).count() == ResearchWaiver.objects.count() == 1
    for session in held:
        assert 12 <= sum(session.category_counts().values()) <= 25
        assert set(session.category_counts()) == set(Invitation.Category)
    for research in Research.objects.filter(status="approved"):
        assert research.visits.count() in (2, 3)
        assert research.team.filter(role="head").count() == 1
        assert research.findings.exists()
        assert research.suggestions.exists()
    for document in OutcomeDocument.objects.all():
        assert document.recommendations.count() in (2, 3, 4)


def test_demo_finishes_a_look_back_chosen_by_decision(demonstration: Path) -> None:
    last = LookBack.objects.get(year__year=TODAY.year - 1, status=LookBack.Status.CLOSED)

    assert last.chosen_by is not None
    assert last.chosen_by.body.code == "chair_meeting"
    assert last.checkers.count() >= 3
    findings = last.findings.all()
    assert findings
    assert all(finding.unit_report and finding.result for finding in findings)
    assert LookBackFinding.objects.filter(result="weak").exists()


def test_demo_accounts_have_something_to_do(demonstration: Path) -> None:
    chair = User.objects.get(username="chair")
    scope = dashboards.Scope(list(Committee.objects.filter(pk__in=chair.chaired_ids)), TODAY)
    for figure in dashboards.FIGURES.values():
        assert figure.rows(scope).exists(), figure.code
    for account in ("unit", "unit2"):
        unit = User.objects.get(username=account)
        assert Adoption.objects.delegated_to(unit).filter(status__in=("assigned", "studying"))
    for account in ("member", "cosigner"):
        member = User.objects.get(username=account)
        ahead = Invitation.objects.waiting_for(member)
        assert ahead.filter(gathering__session__status="notified")
        assert DutyRecord.objects.visible_to(member).exists()
    leader = User.objects.get(username="leader")
    assert Research.objects.filter(status="checked", topic__leader__user=leader).exists()


def test_demo_services_are_verified_by_another(demonstration: Path) -> None:
    services = Gathering.objects.counted_in(TODAY.year)

    assert services.count() >= 15
    idle = Sector.objects.exclude(pk__in=services.values("sectors"))
    assert 4 <= idle.count() <= 6


def test_demo_history_follows_the_table_of_moves(demonstration: Path) -> None:
    for model in (Proposal, Proposer, Handling, Evaluation, Rehandling, Commitment, UnitRequest):
        replay(model)
    replay(FilingList)
    replay(UnitConsultation)
    second: tuple[Any, ...] = (
        AnnualPlan,
        Topic,
        Research,
        Session,
        Invitation,
        OutcomeDocument,
        Recommendation,
        Adoption,
        LookBack,
        DutyRecord,
        OpinionReport,
        OpinionDispatch,
    )
    for flow in second:
        replay(flow)


def replay(model: Any) -> None:
    """Each history begins in a first state, takes legal steps only, and ends where the row stands."""
    end = datetime.combine(TODAY, time(23, 59), tzinfo=district.CHINA)
    firsts = {
        *("draft", "waiting", "agreed", "proposed", "open", "collecting"),
        *("planned", "invited", "assigned", "candidate", "auto", "asked", "sent"),
    }

    for thing in model.objects.prefetch_related("changes"):
        state, last = None, None
        for change in thing.changes.all():
            move = model.MOVES[change.verb]
            assert change.old in move.old
            assert change.new == move.new
            assert change.old == (state or change.old)
            assert state is not None or change.old in firsts
            assert last is None or last <= change.at
            assert change.at <= end
            state, last = change.new, change.at
        assert thing.status == (state or thing.status)


def test_demo_figures_stand_on_their_proofs(demonstration: Path) -> None:
    numbers_have_no_gaps()
    due_dates_and_promises_are_on_record()
    report = audit.verify(now=timezone.now())
    assert report.ok
    assert report.checked > 1000
    told = Notice.objects.count()
    assert actions.remind(TODAY) == 0
    assert consultations.actions.remind(TODAY) == 0
    assert feedback.actions.remind(TODAY) == 0
    assert Notice.objects.count() == told
    assert not Delivery.objects.exclude(state="sent").exists()


def numbers_have_no_gaps() -> None:
    for field, keys in (("serial", ["plenary"]), ("number", ["plenary", "series"])):
        groups: dict[Any, list[int]] = {}
        rows = Proposal.objects.exclude(**{field: None})
        for row in rows.values_list(*keys, field):
            groups.setdefault(row[:-1], []).append(row[-1])
        for numbers in groups.values():
            assert sorted(numbers) == list(range(1, len(numbers) + 1))
    for plenary in Proposal.objects.values("plenary", "plenary__last_serial").annotate(
        last=Max("serial")
    ):
        assert plenary["plenary__last_serial"] == (plenary["last"] or 0)


def due_dates_and_promises_are_on_record() -> None:
    clocks = Deadline.objects.for_subjects(key_of(row) for row in Handling.objects.all())
    for handling in Handling.objects.all():
        kind = "joint_opinion" if handling.role == "joint" else "reply"
        assert clocks[key_of(handling)][kind].due_on == handling.due_on
        assert clocks[key_of(handling)]["sign_in"].due_on == handling.sign_in_due_on
    for reply in Reply.objects.sent().select_related("result_class"):
        assert bool(reply.first_commitment_id) == reply.result_class.needs_commitment
    assert all(clock.explain() for clock in Deadline.objects.prefetch_related("events")[:20])


def test_demo_accounts_log_in_with_their_roles(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    settings.VAR_DIR = tmp_path
    # Made anew: a test's own settings hash passwords in their own way.
    call_command("demo", today=TODAY, flush=True, verbosity=0)
    file = tmp_path / "demo-accounts.txt"
    assert PASSWORD in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600

    for account, (roles, _post) in district.ACCOUNTS.items():
        answer = Client().post("/account/login/", {"login": account, "password": PASSWORD})
        assert answer.status_code == 302, account
        assert set(roles) <= User.objects.get(username=account).roles
    assert not User.objects.filter(is_superuser=True).exists()


def content() -> str:
    """One hash over what people see, whatever random keys the rows carry."""
    digest = hashlib.sha256()
    for rows in (
        Proposal.objects.order_by("pk").values_list("title", "status", "label", "serial", "due_on"),
        Reply.objects.order_by("pk").values_list("text", "document_number", "sent_at"),
        Membership.objects.order_by("pk").values_list("person__name", "number", "sector__name"),
        Evaluation.objects.order_by("pk").values_list("attitude", "result", "text", "status"),
        Topic.objects.order_by("pk").values_list(
            "title", "status", "proposer__person__name", "committee__name"
        ),
        Session.objects.order_by("pk").values_list("minutes", "status", "held_at"),
        Invitation.objects.order_by("pk").values_list(
            "person__name", "guest", "status", "arrived_at"
        ),
        Adoption.objects.order_by("pk").values_list("status", "conclusion", "due_on", "unit__name"),
        DutyRecord.objects.order_by("pk").values_list("membership__person__name", "title", "on"),
    ):
        digest.update(repr(list(rows)).encode())
    return digest.hexdigest()


def test_same_day_gives_the_same_data(demonstration: Path) -> None:
    before = content()

    with pytest.raises(CommandError):  # a database that is not empty is left as it is
        call_command("demo", today=TODAY, verbosity=0)
    call_command("demo", today=TODAY, flush=True, verbosity=0)

    assert content() == before


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2027, 1, 2)])
def test_demo_can_end_on_any_day(settings: Any, tmp_path: Any, today: date) -> None:
    settings.VAR_DIR = tmp_path

    call_command("demo", today=today, flush=True, verbosity=0)

    assert Proposal.objects.count() == demo.PROPOSALS + TOLD
    assert set(Proposal.objects.values_list("status", flat=True)) == SHOWN
    assert states_of(Topic) == set(Topic.Status)
    assert states_of(Research) == set(Research.Status)
