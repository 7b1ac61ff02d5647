"""Who may fetch a file of a topic, a research or a session: as the thing itself, at that moment."""

from typing import Any

from consultations.models import Research, Session, Topic
from cppcc_portal.office.files import readable


@readable("consultations.topic")
def of_topic(user: Any, pk: int) -> bool:
    return Topic.objects.visible_to(user).filter(pk=pk).exists()


@readable("consultations.research")
def of_research(user: Any, pk: int) -> bool:
    """Whoever works on the topic; once the report is approved, whoever sees the topic or was invited."""
    research = Research.objects.filter(pk=pk).first()
    if research is None or not user.is_active:
        return False
    if Session.objects.visible_to(user).filter(topic=research.topic_id).exists():
        return True
    return of_topic(user, research.topic_id)


@readable("consultations.session")
def of_session(user: Any, pk: int) -> bool:
    return Session.objects.visible_to(user).filter(pk=pk).exists()
