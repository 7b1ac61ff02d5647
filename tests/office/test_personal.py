"""Personal data: encrypted at rest, hashed for look-up, masked for the eye, found by pinyin."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from pytest_django import Settings

from cppcc_portal.office.personal import (
    EncryptedTextField,
    Unreadable,
    decrypt,
    encrypt,
    keyed_hash,
    mask_id_number,
    mask_phone,
    normalise_phone,
    pinyin,
)
from members.models import Person

PHONE = "13800130001"


def test_encrypt_gives_another_form_each_time_and_back() -> None:
    first, second = encrypt(PHONE), encrypt(PHONE)

    assert first != second
    assert PHONE not in first
    assert decrypt(first) == decrypt(second) == PHONE


def test_encrypt_leaves_an_empty_text_empty() -> None:
    assert encrypt("") == ""
    assert decrypt("") == ""


def test_decrypt_refuses_another_key(settings: Settings) -> None:
    stored = encrypt(PHONE)
    settings.FIELD_KEY = "another key, long enough to be one, and then some"

    with pytest.raises(Unreadable):
        decrypt(stored)


@pytest.mark.parametrize("stored", [PHONE, "v1:", "v1:AAAA", "v1:not base64 at all"])
def test_decrypt_refuses_what_is_not_a_stored_form(stored: str) -> None:
    with pytest.raises(Unreadable):
        decrypt(stored)


def test_decrypt_refuses_a_changed_value() -> None:
    stored = encrypt(PHONE)
    changed = stored[:-3] + ("AAA" if stored[-3:] != "AAA" else "BBB")

    with pytest.raises(Unreadable):
        decrypt(changed)


def test_keyed_hash_depends_on_text_purpose_and_key(settings: Settings) -> None:
    mine = keyed_hash(PHONE, "phone")

    assert len(mine) == 64
    assert keyed_hash(PHONE, "phone") == mine
    assert keyed_hash(PHONE, "id_number") != mine
    assert keyed_hash("13800130002", "phone") != mine
    settings.FIELD_KEY = "another key, long enough to be one, and then some"
    assert keyed_hash(PHONE, "phone") != mine


def test_keyed_hash_of_nothing_is_nothing() -> None:
    assert keyed_hash("", "phone") == ""


@pytest.mark.django_db
def test_encrypted_field_never_stands_plain_in_the_database() -> None:
    person = Person.objects.create(name="陈志远", phone=PHONE)

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM members_person WHERE id = %s", [person.pk])
        (stored,) = cursor.fetchone()
        cursor.execute("SELECT phone FROM members_historicalperson WHERE id = %s", [person.pk])
        (remembered,) = cursor.fetchone()

    assert PHONE not in stored
    assert PHONE not in remembered
    assert Person.objects.get(pk=person.pk).phone == PHONE
    assert person.history.get().phone == PHONE


@pytest.mark.django_db
def test_encrypted_field_survives_bulk_writes() -> None:
    Person.objects.bulk_create([Person(name="甲", phone=PHONE), Person(name="乙")])
    Person.objects.filter(name="乙").update(phone="13800130002")
    first = Person.objects.get(name="甲")
    first.phone = "13800130003"
    Person.objects.bulk_update([first], ["phone"])

    assert Person.objects.get(name="甲").phone == "13800130003"
    assert Person.objects.get(name="乙").phone == "13800130002"


@pytest.mark.django_db
def test_encrypted_field_refuses_a_comparison_that_would_find_nothing() -> None:
    with pytest.raises(FieldError):
        Person.objects.filter(phone=PHONE)


def test_encrypted_field_is_written_into_migrations_by_its_own_name() -> None:
    _name, path, _args, kwargs = EncryptedTextField(blank=True).deconstruct()

    assert path == "cppcc_portal.office.personal.EncryptedTextField"
    assert kwargs == {"blank": True}


@pytest.mark.parametrize(
    "typed",
    [
        "13800130001",
        " 138 0013 0001 ",
        "138-0013-0001",
        "138—0013—0001",
        "１３８００１３０００１",
        "+86 138 0013 0001",
        "+8613800130001",
        "＋８６13800130001",
        "008613800130001",
        "8613800130001",
        "(+86)13800130001",
        "13800130001.0",
        "13800130001.00",
        13800130001,
        13800130001.0,
        "138\u30000013\u00a00001\u200b",
    ],
)
def test_normalise_phone_takes_what_people_and_spreadsheets_write(typed: object) -> None:
    assert normalise_phone(typed) == PHONE


@pytest.mark.parametrize(
    "typed",
    ["", "1380013000", "138001300011", "12800130001", "0513-82210000", "1.38E+10", "无", None, 138.5,
     "13800130001/13800130002", "1380013000a"],
)  # fmt: skip
def test_normalise_phone_refuses_with_a_sentence(typed: object) -> None:
    with pytest.raises(ValueError, match="手机号应为 11 位数字"):
        normalise_phone(typed)


def test_mask_phone_keeps_three_and_four() -> None:
    assert mask_phone("13812341234") == "138****1234"


@pytest.mark.parametrize(("phone", "shown"), [("", ""), ("1234", "****"), ("82211234", "******34")])
def test_mask_phone_shows_little_of_shorter_numbers(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_mask_id_number_keeps_three_and_four() -> None:
    assert mask_id_number("32000019990101123X") == "320***********123X"
    assert mask_id_number("") == ""


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("陈志远", "czy chenzhiyuan"),
        ("单 伟", "sw shanwei"),
        ("仇小明", "qxm qiuxiaoming"),
        ("曾曾", "zc zengceng"),
        ("解放", "xf xiefang"),
        ("尉迟恭", "ycg yuchigong"),
        ("欧阳春", "oyc ouyangchun"),
        ("吕绿", "ll lvlv"),
        ("Tom Li", "tomli tomli"),
        ("阿里木·热合曼", "almrhm alimureheman"),
        ("ＡＢＣ公司", "abcgs abcgongsi"),
        ("", ""),
        ("——", ""),
    ],
)
def test_pinyin_gives_initials_and_whole(name: str, found: str) -> None:
    assert pinyin(name) == found


def test_pinyin_of_a_body_has_no_surname() -> None:
    assert pinyin("区委办", surname=False) == "qwb quweiban"


@pytest.mark.django_db
def test_pinyin_field_follows_the_name() -> None:
    person = Person.objects.create(name="单伟")
    assert person.initials == "sw shanwei"

    person.name = "王芳"
    person.save()

    assert Person.objects.get(initials__startswith="wf") == person
