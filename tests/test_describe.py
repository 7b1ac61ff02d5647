"""The contract is made from the code, and the page that shows it is up to date."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from consultations.models import AnnualPlan, Research, Session, Topic
from feedback.models import Adoption, LookBack
from members.models import Invitation
from members.roles import Role
from proposals.models import Proposal

PAGE = Path(__file__).resolve().parent.parent / "docs" / "domain.md"
pytestmark = pytest.mark.django_db


def described(*words: str) -> str:
    out = io.StringIO()
    call_command("describe", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def contract() -> Any:
    return json.loads(described("--json"))


def test_contract_holds_every_state_move_and_role(contract: Any) -> None:
    flows = {flow["name"]: flow for flow in contract["workflows"]}
    proposal = flows["proposals.Proposal"]

    assert set(proposal["states"]) == set(Proposal.Status)
    assert {move["verb"] for move in proposal["moves"]} == set(Proposal.MOVES)
    assert {"proposals.Handling", "proposals.Evaluation", "members.Commitment"} <= set(flows)
    for model in (AnnualPlan, Topic, Research, Session, Invitation, Adoption, LookBack):
        flow = flows[model._meta.label]
        assert set(flow["states"]) == set(model.Status)
        assert {move["verb"] for move in flow["moves"]} == set(model.MOVES)
    assert {
        "consultations.OutcomeDocument",
        "consultations.Recommendation",
        "members.DutyRecord",
    } <= set(flows)
    assert {role["code"] for role in contract["roles"]} == set(Role.values)
    assert all(
        move["who"] or move["by_itself"] for flow in flows.values() for move in flow["moves"]
    )


def test_contract_names_pages_forms_limits_deadlines_and_jobs(contract: Any) -> None:
    names = {page["name"] for page in contract["pages"]}

    assert {"home", "proposals:submit", "desk:reply", "admin:index", "readyz"} <= names
    assert any(form["name"].endswith("EvaluateForm") for form in contract["forms"])
    assert any(limit["key"] == "files.max_megabytes" for limit in contract["limits"])
    assert any(rule["code"] == "reply" for rule in contract["deadlines"])
    assert {"plan_reminders", "plan_session_reminders", "plan_feedback_reminders"} <= set(
        contract["jobs"]
    )
    assert len(contract["access"]["rows"]) > 15


def test_contract_covers_the_path_from_a_topic_to_the_look_back(contract: Any) -> None:
    names = {page["name"] for page in contract["pages"]}
    limits = {limit["key"] for limit in contract["limits"]}
    rules = {rule["code"] for rule in contract["deadlines"]}
    kinds = {kind["code"] for kind in contract["notices"]}

    assert {"consultations:topic", "consultations:plan", "consultations:session"} <= names
    assert {"feedback:adoption", "feedback:lookbacks", "desk:advice", "dashboard:rows"} <= names
    assert {"consultations.approval_route", "feedback.lookback_checkers"} <= limits
    assert {"topic_screening", "minutes", "adoption_reply", "adoption_verify"} <= rules
    assert "lookback_self_report" in rules
    assert {"session_notified", "advice_assigned", "lookback_yearly"} <= kinds
    assert any(form["name"].startswith("consultations.forms.") for form in contract["forms"])


def test_markdown_names_every_workflow_deadline_and_job(contract: Any) -> None:
    shown = described("--markdown")

    for flow in contract["workflows"]:
        assert f"`{flow['name']}`" in shown
    for rule in contract["deadlines"]:
        assert f"| `{rule['code']}` |" in shown
    for job in contract["jobs"]:
        assert f"| `{job}` |" in shown


def test_domain_page_shows_what_the_code_says() -> None:
    shown = PAGE.read_text().split("<!-- describe -->\n")[1].split("<!-- /describe -->")[0]

    assert shown == described("--markdown"), "docs/domain.md is behind: see its second paragraph"
