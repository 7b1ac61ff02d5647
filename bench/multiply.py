"""Copies all proposals with everything that hangs on them inside the database: minutes become seconds.

The demonstration makes each life by rules, eight milliseconds a proposal. For fifty thousand, a few
thousand lives are made so and then repeated by INSERT … SELECT with shifted keys; figures that must
be unique get the number of the copy.
"""

from django.core.management.color import no_style
from django.db import connection, models, transaction

from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.deadlines import Deadline, DeadlineEvent
from cppcc_portal.office.keys import SourceKeyField
from cppcc_portal.office.notices import Delivery, Notice
from members.models import Commitment, CommitmentChange
from proposals import models as proposals

OWN_LISTS = {
    "Category",
    "ClosedYear",
    "ClosedYearChange",
    "Destination",
    "OpinionResult",
    "OpinionYear",
    "ProposalImport",
    "ProposalImportChange",
    "ProposerKind",
    "RatingGrade",
    "RefusalReason",
    "ResultClass",
    "ReviewStage",
    "SuggestedTopic",
    "SupervisionWay",
}
# A consultation stands on a gathering of its own, which is no proposal's.
GATHERINGS = {
    "SupervisionMeeting",
    "SupervisionMeetingChange",
    "MeetingMatter",
    "MeetingReport",
    "MeetingReportChange",
    "MeetingResult",
}
COPIED: tuple[type[models.Model], ...] = (
    *(
        model
        for model in proposals.Proposal._meta.apps.get_app_config("proposals").get_models()
        if model.__name__ not in OWN_LISTS | GATHERINGS
        and not model.__name__.startswith("Historical")
    ),
    Commitment,
    CommitmentChange,
    Deadline,
    DeadlineEvent,
    Notice,
    Delivery,
    AuditEvent,
)
# Unique within something; the copy's own range.
NUMBERS = {"serial", "number"}
NUMBERED = (proposals.Proposal, proposals.OpinionReport, proposals.Bulletin)
KEYS = {"dedupe_key", "message_id"}
# Due dates of topics and recommendations are not copied with the proposals: a thing has one of a kind.
OF_PROPOSALS = "subject LIKE 'proposals.%' AND subject NOT LIKE 'proposals.meetingreport:%'"
ONLY: dict[type[models.Model], str] = {
    # A unit is advanced once a year, however many proposals there are.
    proposals.Award: "proposal_id IS NOT NULL",
    proposals.AwardChange: (
        f"subject_id IN (SELECT id FROM {proposals.Award._meta.db_table} WHERE proposal_id IS NOT NULL)"  # noqa: S608
    ),
    Deadline: OF_PROPOSALS,
    DeadlineEvent: (
        f"deadline_id IN (SELECT id FROM {Deadline._meta.db_table} WHERE {OF_PROPOSALS})"  # noqa: S608
    ),
}


@transaction.atomic
def multiply(copies: int) -> None:
    """Add `copies` copies of every proposal and of all its rows."""
    present = {model for model in COPIED if model._base_manager.exists()}
    stride = 1 + max(
        model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0 for model in present
    )
    with connection.cursor() as cursor:
        for copy in range(1, copies + 1):
            for model in present:
                cursor.execute(statement(model, copy, copy * stride, last=stride - 1))
        for sql in connection.ops.sequence_reset_sql(no_style(), list(present)):
            cursor.execute(sql)


def statement(model: type[models.Model], copy: int, shift: int, *, last: int) -> str:
    """INSERT … SELECT of one table for one copy; every word in it comes from the models."""
    table = connection.ops.quote_name(model._meta.db_table)
    fields = list(model._meta.local_concrete_fields)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = ", ".join(value(model, field, copy, shift) for field in fields)
    key = connection.ops.quote_name(str(model._meta.pk and model._meta.pk.column))
    which = f"{key} <= {last} AND {ONLY[model]}" if model in ONLY else f"{key} <= {last}"
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {which}"  # noqa: S608


def value(model: type[models.Model], field: models.Field, copy: int, shift: int) -> str:
    """What the copy has in this column."""
    name = connection.ops.quote_name(str(field.column))
    if field.primary_key or field.related_model in COPIED:
        return f"{name} + {shift}"
    if isinstance(field, models.UUIDField):
        postgres = connection.vendor == "postgresql"
        return "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))"
    if isinstance(field, SourceKeyField):
        return shifted_key(name, shift)
    if model in NUMBERED and field.name in NUMBERS:
        return f"{name} + {100_000 * copy}"
    if model is proposals.Proposal and field.name == "label":
        return f"CASE WHEN {name} = '' THEN '' ELSE {name} || '{copy:03d}' END"
    if field.name in KEYS:
        return f"{name} || '|{copy}'"
    return name


def shifted_key(name: str, shift: int) -> str:
    """ "proposals.reply:7" with the key of the copied row; what is no such key stays."""
    moved = " OR ".join(f"{name} LIKE '{model._meta.label_lower}:%'" for model in COPIED)
    if connection.vendor == "postgresql":
        kept, number = f"split_part({name}, ':', 1)", f"split_part({name}, ':', 2)"
    else:
        kept = f"substr({name}, 1, instr({name}, ':') - 1)"
        number = f"substr({name}, instr({name}, ':') + 1)"
    return (
        f"CASE WHEN {moved} THEN {kept} || ':' || (CAST({number} AS bigint) + {shift}) "
        f"ELSE {name} END"
    )
