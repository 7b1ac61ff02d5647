import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import translation
from pytest_django import Settings

from cppcc_portal.office import jobs, notices, parameters
from cppcc_portal.office.notices import Delivery, Notice
from members.models import Person, User

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2024, 3, 18, 12, tzinfo=SHANGHAI)
NIGHT = datetime(2024, 3, 18, 22, tzinfo=SHANGHAI)
MORNING = datetime(2024, 3, 19, 8, tzinfo=SHANGHAI)
THING = "proposals.proposal:12"

notices.notice_kind(
    "test_due",
    title="提案 {number} 即将到期",
    body="{unit}须在 {until} 前答复。",
    label="到期提醒（测试）",
)
WORDS = {"number": "118", "unit": "区教体局", "until": "2024-06-18"}


@pytest.fixture(autouse=True)
def _settings_known_afresh() -> Iterator[None]:
    parameters.forget()
    yield
    parameters.forget()


@pytest.fixture
def member() -> Person:
    """A member with an account and an address."""
    user = User.objects.create_user("m001")
    return Person.objects.create(name="陈志远", user=user, email="m001@example.org")


@pytest.fixture
def offline() -> Person:
    """A member without account and address, whom the office telephones."""
    return Person.objects.create(name="周桂芳")


@pytest.fixture
def mail(settings: Settings) -> None:
    """The office has a mail server."""
    settings.EMAIL_URL = "smtp://mail.example.org"


@pytest.fixture
def dead_mail_server(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def tell(*people: Person, **changes: Any) -> int:
    fields: dict[str, Any] = {
        "people": people,
        "due": date(2024, 6, 18),
        "at": NOON,
        "words": WORDS,
        "url": "/proposals/12/",
    }
    return notices.tell("test_due", THING, **{**fields, **changes})


def by_mail() -> Delivery:
    return Delivery.objects.get(channel="email")


# Telling ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_tell_writes_row_in_the_offices_words(member: Person) -> None:
    with translation.override("en"):
        made = tell(member)

    notice = Notice.objects.get()
    assert made == 1
    assert (notice.title, notice.body) == ("提案 118 即将到期", "区教体局须在 2024-06-18 前答复。")
    assert (notice.person, notice.subject, notice.url) == (member, THING, "/proposals/12/")
    assert notice.dedupe_key == f"{member.pk}|{THING}|test_due|0|1|2024-06-18"


@pytest.mark.django_db
def test_tell_repeated_makes_no_second_row(member: Person, offline: Person) -> None:
    tell(member)

    assert [tell(member), tell(member, offline, member), tell(member, offline)] == [0, 1, 0]
    assert Notice.objects.count() == 2
    assert Delivery.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"step": 7}, {"round": 2}, {"due": date(2024, 7, 18)}, {"due": None}]
)
def test_tell_again_for_another_step_round_or_date(member: Person, change: dict[str, Any]) -> None:
    tell(member)

    assert tell(member, **change) == 1


@pytest.mark.django_db
def test_tell_counts_only_its_own_rows_when_another_was_first(member: Person) -> None:
    tell(member)
    twin = Notice.objects.get()
    twin.pk, twin.uid = None, "6d9d9a2e-0000-4000-8000-000000000000"

    # What two transactions at once come to: the key is there although neither saw it before.
    Notice.objects.bulk_create([twin], ignore_conflicts=True)

    assert Notice.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.django_db
def test_tell_takes_the_same_queries_for_many_people(
    member: Person, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    people = [member, *(Person.objects.create(name=f"委员{number}") for number in range(60))]
    parameters.get("notices.quiet_from")
    people = list(Person.objects.filter(pk__in=[person.pk for person in people]))

    with django_assert_max_num_queries(12):
        assert tell(*people) == 61


@pytest.mark.django_db
def test_tell_without_a_needed_word_is_a_mistake(member: Person) -> None:
    with pytest.raises(ValueError, match="until"):
        tell(member, words={"number": "118", "unit": "区教体局"})


@pytest.mark.django_db
def test_tell_rolled_back_with_its_cause(member: Person) -> None:
    with transaction.atomic():
        tell(member)
        transaction.set_rollback(True)

    assert not Notice.objects.exists()


@pytest.mark.parametrize("text", ["{0}", "{}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{a"])
def test_wording_cleverer_than_plain_names_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        notices.names_in(text)


@pytest.mark.django_db
def test_office_rewords_a_notice_within_the_known_names(member: Person) -> None:
    clerk = User.objects.create_user("s001")
    parameters.set_parameter("notice.test_due.title", "请看 {number} 号提案", by=clerk)
    parameters.set_parameter("notice.test_due.body", "{secret.password}", by=clerk)

    tell(member)

    notice = Notice.objects.get()
    assert notice.title == "请看 118 号提案"
    assert notice.body == "区教体局须在 2024-06-18 前答复。"


@pytest.mark.django_db(transaction=True)
def test_tell_by_several_workers_at_once_makes_one_row(member: Person) -> None:
    ready, made = threading.Barrier(4), []

    def one() -> None:
        try:
            ready.wait()
            for _try in range(50):
                try:
                    made.append(tell(member))
                    return
                except OperationalError as error:
                    if "locked" not in str(error):
                        raise
                    time.sleep(0.02)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made) == [0, 0, 0, 1]
    assert Notice.objects.count() == 1


# Channels of one person ------------------------------------------------------------------------


@pytest.mark.django_db
def test_person_is_told_by_each_channel_that_reaches(member: Person, mail: None) -> None:
    tell(member)

    assert set(Delivery.objects.values_list("channel", "state")) == {
        ("in_app", "waiting"),
        ("email", "waiting"),
    }


@pytest.mark.django_db
def test_person_nobody_reaches_is_on_the_call_list(offline: Person, mail: None) -> None:
    tell(offline)

    delivery = Delivery.objects.call_list().get()
    assert delivery.channel == "by_hand"

    assert notices.told_by_hand(delivery, by=User.objects.create_user("s001"))
    assert not Delivery.objects.call_list().exists()


@pytest.mark.django_db
def test_disabled_account_is_not_reached_in_the_portal(member: Person) -> None:
    assert member.user
    member.user.is_active = False
    member.user.save()

    tell(member)

    assert Delivery.objects.get().channel == "by_hand"


# Sending ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_mail_is_sent_once_with_its_fixed_number(
    member: Person, mail: None, mailoutbox: list[EmailMessage]
) -> None:
    tell(member)

    states = [notices.deliver(by_mail().pk, NOON), notices.deliver(by_mail().pk, NOON)]

    (letter,) = mailoutbox
    assert states == [Delivery.State.SENT, ""]
    assert letter.to == ["m001@example.org"]
    assert letter.subject == "提案 118 即将到期"
    assert letter.extra_headers["Message-ID"] == f"<{by_mail().message_id}>"
    assert "/proposals/12/" in letter.body


@pytest.mark.django_db
def test_dead_mail_server_is_tried_again_then_shown_and_office_telephones(
    offline: Person, dead_mail_server: None
) -> None:
    offline.email = "m002@example.org"
    offline.save()
    tell(offline)
    now, waits = NOON, []

    for _attempt in range(jobs.MAX_ATTEMPTS):
        # The tries of the evening wait for the morning; that is tested apart.
        notices.deliver(by_mail().pk, now)
        waits.append(by_mail().next_try_at - now)
        now = max(now, by_mail().next_try_at)

    assert waits[:4] == jobs.BACK_OFF
    assert by_mail().state == Delivery.State.FAILED
    assert by_mail().error
    assert Delivery.objects.troubled().count() == 1
    assert Delivery.objects.call_list().count() == 1


@pytest.mark.django_db
def test_mail_server_back_after_a_while_gets_it_once(
    member: Person, dead_mail_server: None, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    tell(member)
    notices.sweep(NOON)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    sent = [notices.sweep(NOON + timedelta(minutes=minutes)) for minutes in (0, 1, 2)]

    assert sent == [0, 1, 0]
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_crash_between_send_and_mark_is_uncertain_and_never_repeated(
    member: Person, mail: None, mailoutbox: list[EmailMessage]
) -> None:
    tell(member)
    notices.Claim(by_mail(), NOON).leaving()

    notices.sweep(NOON + timedelta(minutes=1))
    still = by_mail().state
    for minutes in (5, 60, 600):
        notices.sweep(NOON + timedelta(minutes=minutes))

    assert still == Delivery.State.SENDING
    assert by_mail().state == Delivery.State.UNCERTAIN
    assert mailoutbox == []
    assert Delivery.objects.troubled().get() == by_mail()


@pytest.mark.django_db
def test_crash_before_anything_left_is_sent_by_the_next_worker(
    member: Person, mail: None, mailoutbox: list[EmailMessage]
) -> None:
    tell(member)
    notices.Claim(by_mail(), NOON)

    notices.sweep(NOON + timedelta(minutes=5))

    assert by_mail().state == Delivery.State.SENT
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_uncertain_is_sent_again_only_by_a_persons_decision(
    member: Person, mail: None, mailoutbox: list[EmailMessage]
) -> None:
    tell(member)
    notices.Claim(by_mail(), NOON).leaving()
    notices.sweep(NOON + timedelta(minutes=5))

    notices.send_again(by_mail(), by=User.objects.create_user("s001"), now=NOON)
    notices.sweep(NOON + timedelta(minutes=6))

    assert by_mail().state == Delivery.State.SENT
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_overtaken_sender_sends_nothing(member: Person, mail: None) -> None:
    tell(member)
    slow = notices.Claim(by_mail(), NOON)
    notices.Claim(by_mail(), NOON + timedelta(minutes=5))

    with pytest.raises(notices.Overtaken):
        slow.leaving()


@pytest.mark.django_db(transaction=True)
def test_delivery_claimed_by_one_of_several_workers_at_once(
    member: Person,
    mail: None,
    mailoutbox: list[EmailMessage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs.bell, "silent_until", time.monotonic() + 60)  # nobody sends it yet
    tell(member)
    pk, ready, states = by_mail().pk, threading.Barrier(4), []

    def one() -> None:
        try:
            ready.wait()
            for _try in range(50):
                try:
                    states.append(notices.deliver(pk, NOON))
                    return
                except OperationalError as error:
                    if "locked" not in str(error):
                        raise
                    time.sleep(0.02)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(states) == ["", "", "", Delivery.State.SENT]
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_channel_taken_away_fails_visibly(member: Person, mail: None, settings: Settings) -> None:
    tell(member)
    settings.EMAIL_URL = ""

    notices.sweep(NOON)

    assert by_mail().state == Delivery.State.FAILED
    assert by_mail().error


# Quiet hours -----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hour", "day"), [(7, 18), (8, None), (19, None), (20, 19), (23, 19), (0, 18)]
)
def test_quiet_hours_last_from_eight_to_eight(hour: int, day: int | None) -> None:
    now = datetime(2024, 3, 18, hour, 30 if hour != 20 else 0, tzinfo=SHANGHAI)

    until = notices.quiet_until(now)

    assert until == (datetime(2024, 3, day, 8, tzinfo=SHANGHAI) if day else None)


@pytest.mark.django_db
def test_at_night_mail_waits_for_the_morning_and_portal_does_not(
    member: Person, mail: None, mailoutbox: list[EmailMessage]
) -> None:
    tell(member, at=NIGHT)

    notices.sweep(NIGHT)
    at_night = dict(Delivery.objects.values_list("channel", "state"))
    notices.sweep(MORNING - timedelta(minutes=1))
    before = len(mailoutbox)
    notices.sweep(MORNING)

    assert at_night == {"in_app": "sent", "email": "waiting"}
    assert before == 0
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_quiet_hours_are_set_by_the_office(member: Person) -> None:
    clerk = User.objects.create_user("s001")
    parameters.set_parameter("notices.quiet_from", "12:00", by=clerk)
    parameters.set_parameter("notices.quiet_until", "14:00", by=clerk)

    assert notices.quiet_until(NOON) == NOON + timedelta(hours=2)
    assert notices.quiet_until(NIGHT) is None


# Files -----------------------------------------------------------------------------------------


def files(settings: Settings) -> list[dict[str, str]]:
    return [json.loads(file.read_text()) for file in Path(settings.NOTIFY_DIR).iterdir()]


@pytest.mark.django_db
def test_each_message_is_one_file_however_often_it_is_tried(
    member: Person, mail: None, settings: Settings
) -> None:
    tell(member)
    for delivery in Delivery.objects.all():
        notices.Claim(delivery, NOON)  # a worker that died at once
    notices.sweep(NOON + timedelta(minutes=5))
    Delivery.objects.filter(channel="in_app").update(
        state=Delivery.State.SENDING, lease_until=NOON, sent_at=None
    )  # died between file and mark

    notices.sweep(NOON + timedelta(minutes=10))

    found = {message["channel"]: message for message in files(settings)}
    assert len(files(settings)) == 2
    assert found["in_app"] == {
        "id": f"{Notice.objects.get().uid}.in_app",
        "channel": "in_app",
        "to": "m001",
        "subject": "提案 118 即将到期",
        "body": "区教体局须在 2024-06-18 前答复。",
        "created_at": "2024-03-18T12:00:00+08:00",
        "dedupe_key": f"{member.pk}|{THING}|test_due|0|1|2024-06-18",
    }
    assert found["email"]["to"] == "m001@example.org"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db
def test_folder_that_cannot_be_written_delays_and_loses_nothing(
    member: Person, settings: Settings, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    settings.NOTIFY_DIR = str(blocked)
    tell(member)

    for minute in range(2 * jobs.MAX_ATTEMPTS):
        notices.sweep(NOON + timedelta(minutes=minute))
    meanwhile = Delivery.objects.get().state
    blocked.unlink()
    notices.sweep(NOON + timedelta(hours=1))

    assert meanwhile == Delivery.State.WAITING
    assert len(files(settings)) == 1


# Reading and taking back -----------------------------------------------------------------------


@pytest.mark.django_db
def test_notice_is_read_by_its_receiver_only(member: Person) -> None:
    tell(member)
    notice = Notice.objects.get()

    with pytest.raises(PermissionDenied):
        notices.mark_read(notice, by=User.objects.create_user("other"))
    first, again = (
        notices.mark_read(notice, by=member.user),
        notices.mark_read(notice, by=member.user),
    )

    assert (first, again) == (True, False)
    assert not Notice.objects.unread_by(member.user).exists()
    assert Notice.objects.visible_to(member.user).count() == 1


@pytest.mark.django_db
def test_withdrawn_notice_is_neither_sent_nor_shown_nor_kept_in_words(
    member: Person, mail: None, mailoutbox: list[EmailMessage]
) -> None:
    tell(member)

    assert notices.withdraw(THING) == 1
    notices.sweep(NOON)

    assert mailoutbox == []
    assert not Notice.objects.visible_to(member.user).exists()
    assert "118" not in Notice.objects.get().title
    assert tell(member) == 0


@pytest.mark.django_db
def test_sweep_stops_when_its_time_is_over(member: Person) -> None:
    for step in range(3):
        tell(member, step=step)
    pks = list(Delivery.objects.values_list("pk", flat=True))

    assert notices.deliver_all(pks, NOON, seconds=0) == 1
    assert notices.sweep(NOON) == 2


@pytest.mark.django_db
def test_notices_of_the_past_count_as_sent(
    member: Person, mail: None, mailoutbox: list[EmailMessage]
) -> None:
    tell(member)

    notices.count_as_sent(NOON + timedelta(seconds=1))
    notices.sweep(NOON)

    assert mailoutbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
