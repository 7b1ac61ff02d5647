"""The demonstration is a life that could have happened: every state is reached by legal moves."""

import hashlib
from collections import Counter
from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Max
from django.test import Client
from django.utils import timezone

from cppcc_portal.demo import district
from cppcc_portal.management.commands import demo
from cppcc_portal.office import audit
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.models import Deadline, Delivery, Notice
from members.models import Commitment, Membership, Sector, Unit, User
from proposals import actions
from proposals.models import Evaluation, Handling, Proposal, Proposer, Rehandling, Reply

TODAY = date(2026, 11, 26)
# Nothing in the demonstration is suspected of secrets.
SHOWN = set(Proposal.Status) - {Proposal.Status.TAKEN_OUT}
PASSWORD = "Yanshi-2026-mima"

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any, db: None) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    settings.VAR_DIR = tmp_path
    call_command("demo", today=TODAY, verbosity=0)


def test_demo_fills_a_district_with_every_state(demonstration: None) -> None:
    states = Counter(Proposal.objects.values_list("status", flat=True))

    assert sum(states.values()) == demo.PROPOSALS
    assert set(states) == SHOWN
    assert Membership.objects.count() == 320
    assert Sector.objects.count() == 30
    assert Unit.objects.count() == 45
    # A share ends early only where a proposal is closed or taken out under it: no year of the demo.
    ended = {Handling.Status.ENDED}
    assert {row.status for row in Handling.objects.all()} == set(Handling.Status) - ended
    assert {row.status for row in Evaluation.objects.all()} == set(Evaluation.Status)
    assert Rehandling.objects.exists()
    assert Commitment.objects.filter(status="kept").exists()


def test_demo_history_follows_the_table_of_moves(demonstration: None) -> None:
    for model in (Proposal, Proposer, Handling, Evaluation, Rehandling, Commitment):
        replay(model)


def replay(model: Any) -> None:
    """Each history begins in a first state, takes legal steps only, and ends where the row stands."""
    end = datetime.combine(TODAY, time(23, 59), tzinfo=district.CHINA)
    firsts = {"draft", "waiting", "agreed", "proposed", "open"}

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


def test_demo_figures_stand_on_their_proofs(demonstration: None) -> None:
    numbers_have_no_gaps()
    due_dates_and_promises_are_on_record()
    report = audit.verify(now=timezone.now())
    assert report.ok
    assert report.checked > 1000
    told = Notice.objects.count()
    assert actions.remind(TODAY) == 0
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


def test_demo_accounts_log_in_with_their_roles(demonstration: None, tmp_path: Any) -> None:
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
    ):
        digest.update(repr(list(rows)).encode())
    return digest.hexdigest()


def test_same_day_gives_the_same_data(demonstration: None) -> None:
    before = content()

    with pytest.raises(CommandError):  # a database that is not empty is left as it is
        call_command("demo", today=TODAY, verbosity=0)
    call_command("demo", today=TODAY, flush=True, verbosity=0)

    assert content() == before


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2027, 1, 2)])
def test_demo_can_end_on_any_day(settings: Any, tmp_path: Any, today: date) -> None:
    settings.VAR_DIR = tmp_path

    call_command("demo", today=today, verbosity=0)

    assert Proposal.objects.count() == demo.PROPOSALS
    assert set(Proposal.objects.values_list("status", flat=True)) == SHOWN
