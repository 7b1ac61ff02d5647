"""Who may what on topics, research and sessions: by fact, by delegation, by role."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from consultations.models.topics import Topic


def has(permission: str) -> Any:
    """A right of the office: by role, on all rows."""

    def allowed(thing: Any, user: Any) -> bool:
        return bool(user.has_perm(f"consultations.{permission}"))

    return allowed


def is_proposer(topic: "Topic", user: Any) -> bool:
    """The member who proposed it, from their own account, or staff who entered it from paper."""
    if topic.proposer_id is not None and topic.proposer_id in user.seat_ids:
        return True
    if topic.proposer_id is not None:
        entered = topic.entered_by_id == user.pk
        return bool(entered and user.has_perm("consultations.enter_for_others"))
    return bool(topic.entered_by_id == user.pk and user.has_perm("consultations.add_topic"))


def of_committee(topic: "Topic", user: Any) -> bool:
    """The committee in charge, through the right delegated to its group, while posted there."""
    return topic.committee_id in user.body_ids and bool(
        user.has_perm("consultations.run_topic", topic)
    )


def runs(topic: "Topic", user: Any) -> bool:
    """Whoever prepares the work of this topic: its committee, or the secretariat for it."""
    return of_committee(topic, user) or user.has_perm("consultations.run_topics")


def chairs(topic: "Topic", user: Any) -> bool:
    """The chair of the committee in charge; the secretariat only from paper, with a scan."""
    return is_chair(topic, user) or user.has_perm("consultations.enter_for_others")


def is_chair(topic: "Topic", user: Any) -> bool:
    return topic.committee_id in user.chaired_ids and of_committee(topic, user)


def is_leader(topic: "Topic", user: Any) -> bool:
    """The leader in charge of this topic (牵头领导), by fact."""
    return topic.leader is not None and topic.leader.user_id == user.pk


def leads(topic: "Topic", user: Any) -> bool:
    """The leader in charge; the secretariat only from paper, with a scan."""
    return is_leader(topic, user) or user.has_perm("consultations.enter_for_others")


def chairs_or_leads(topic: "Topic", user: Any) -> bool:
    return is_chair(topic, user) or leads(topic, user)
