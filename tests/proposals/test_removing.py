"""A text suspected of secrets leaves the system whole; only a tombstone without hash stays."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cppcc_portal.office import files
from cppcc_portal.office.models import Attachment, Notice
from cppcc_portal.office.workflow import NotAllowed, NotReady
from members.models import User
from proposals import actions
from proposals.models import Handling, Proposal, ResultClass, TextVersion
from tests import laid
from tests.district import TEXT, handed_over

CANARY = "绝密金丝雀九四七"
pytestmark = pytest.mark.django_db


def everywhere() -> list[str]:
    """Every table that still holds the canary."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if any(CANARY in str(row) for row in cursor.fetchall()):
                found.append(table)
    return found


@pytest.fixture
def answered(district: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Proposal:
    """A proposal with the canary in every place where words can be."""
    laid.forget()
    for part in TEXT:
        monkeypatch.setitem(TEXT, part, TEXT[part] + CANARY)
    proposal = handed_over(district)
    files.accept(
        SimpleUploadedFile(f"{CANARY}.txt", CANARY.encode()), subject=proposal, by=district.author
    )
    actions.add_note(proposal, by=district.office, text=CANARY)
    lead = proposal.handlings.get(role=Handling.Role.LEAD)
    joint = proposal.handlings.get(role=Handling.Role.JOINT)
    clerk = User.objects.get(pk=district.clerk.pk)
    other = User.objects.get(pk=district.joint_clerk.pk)
    actions.acknowledge(lead, by=clerk)
    actions.acknowledge(joint, by=other)
    actions.give_opinion(joint, by=other, text=CANARY, signer="甲", signer_post="负责人")
    lead.refresh_from_db()
    actions.reply(
        lead,
        by=clerk,
        result_class=ResultClass.objects.get(code="A"),
        document_number="1号",
        text=CANARY,
        signer="乙",
        signer_post="负责人",
    )
    return proposal.fresh()


def test_take_out_leaves_no_word_anywhere(district: SimpleNamespace, answered: Proposal) -> None:
    assert everywhere()

    actions.take_out(answered, by=district.office, note="转区委保密办处理")

    assert everywhere() == []
    tomb = answered.fresh()
    assert tomb.status == Proposal.Status.TAKEN_OUT
    assert {text.digest for text in TextVersion.objects.all()} == {""}
    assert not Attachment.objects.exclude(sha256="").exists()
    assert not Notice.objects.filter(withdrawn_at=None).exists()


def test_take_out_hides_the_tombstone_from_all_but_the_office(
    district: SimpleNamespace, answered: Proposal
) -> None:
    actions.take_out(answered, by=district.office, note="转区委保密办处理")

    for user in (district.author, district.cosigner, district.clerk):
        assert not Proposal.objects.visible_to(User.objects.get(pk=user.pk)).exists()
    office = User.objects.get(pk=district.office.pk)
    assert Proposal.objects.visible_to(office).get() == answered


def test_take_out_is_the_office_s_and_says_where_the_matter_goes(
    district: SimpleNamespace, answered: Proposal
) -> None:
    with pytest.raises(NotAllowed):
        actions.take_out(answered, by=district.author, note="转")
    with pytest.raises(NotReady):
        actions.take_out(answered, by=district.office, note=" ")
    assert everywhere()
