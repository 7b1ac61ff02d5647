"""Personal data: encrypted at rest, found again by keyed hash, shown masked, searched by pinyin.

All keys are derived from FIELD_KEY by HKDF, one for each purpose, so that a hash of one kind says
nothing about a hash of another.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

VERSION = "v1:"  # of the stored form; another cipher gets another mark beside it
NONCE_BYTES = 12


class Unreadable(ValueError):
    """A stored value that this FIELD_KEY does not open: another key, or somebody changed it."""


@lru_cache(maxsize=64)
def _derived_key(field_key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(field_key.encode())


def encrypt(text: str) -> str:
    """The stored form of a text (AES-256-GCM, a fresh nonce each time); an empty text stays empty."""
    if not text:
        return ""
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(_derived_key(settings.FIELD_KEY, "field encryption"))
    sealed = nonce + cipher.encrypt(nonce, text.encode(), None)
    return VERSION + base64.urlsafe_b64encode(sealed).decode()


def decrypt(stored: str) -> str:
    """The text behind a stored form; Unreadable when the key is another or the value was changed."""
    if not stored:
        return ""
    if not stored.startswith(VERSION):
        raise Unreadable("A value in an encrypted column is not encrypted.")
    try:
        sealed = base64.urlsafe_b64decode(stored.removeprefix(VERSION))
        cipher = AESGCM(_derived_key(settings.FIELD_KEY, "field encryption"))
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable("FIELD_KEY does not open a value in an encrypted column.") from error


def keyed_hash(text: str, purpose: str) -> str:
    """HMAC-SHA256 as 64 hex digits, the same for the same text and purpose; "" for an empty text."""
    if not text:
        return ""
    key = _derived_key(settings.FIELD_KEY, f"keyed hash: {purpose}")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """A text that stands in the database only encrypted; found again by a keyed hash beside it."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else encrypt(str(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        # Every stored form is different: a comparison would quietly find nothing.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


# Phone and ID numbers ------------------------------------------------------------------------

_BETWEEN_DIGITS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff()\-\u2010-\u2015\u2212.·]")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def normalise_phone(text: object) -> str:
    """The 11 digits of a mobile number, however it was typed or came out of a spreadsheet.

    Takes full-width digits, blanks, hyphens, +86, and the 13800000000.0 of an .xls cell; ValueError
    with a sentence for people otherwise.
    """
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    plain = unicodedata.normalize("NFKC", str(text)).strip()
    plain = re.sub(r"\.0+$", "", plain)
    digits = _BETWEEN_DIGITS.sub("", plain)
    digits = re.sub(r"^(?:\+86|0086|86(?=1\d{10}$))", "", digits)
    if not _MOBILE.fullmatch(digits):
        raise ValueError(_("手机号应为 11 位数字，以 1 开头，例如 13800130000。"))
    return digits


def mask_phone(phone: str) -> str:
    """A number as everybody may see it: 138****1234; shorter numbers keep their last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"
    return "*" * (len(phone) - 2) + phone[-2:] if len(phone) > 4 else "*" * len(phone)


def mask_id_number(number: str) -> str:
    """An ID number as everybody may see it: 320***********123X."""
    if len(number) < 15:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


# Pinyin --------------------------------------------------------------------------------------

# Surnames read otherwise than the same character elsewhere; compared with what pypinyin says alone.
SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai",
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "区": "ou", "盖": "ge",
    "朴": "piao", "翟": "zhai", "乐": "yue", "缪": "miao", "覃": "qin", "员": "yun", "秘": "bi",
    "种": "chong", "折": "she", "繁": "po", "祭": "zhai", "召": "shao", "都": "du", "牟": "mu",
    "么": "yao", "卜": "bu", "粘": "nian", "句": "gou", "隗": "wei", "能": "nai", "藏": "zang",
    "阚": "kan", "佴": "nai", "黑": "he", "洗": "xian", "重": "chong", "郇": "xun", "六": "lu",
    "角": "jue", "不": "fou", "适": "kuo",
}  # fmt: skip


@lru_cache(maxsize=1)
def _reader() -> Callable[..., list[str]]:
    """pypinyin's reader, loaded when a name is first written: its tables take some 55 MB of each process."""
    read: Callable[..., list[str]] = import_module("pypinyin").lazy_pinyin
    return read


_SYLLABLE = re.compile(r"[^0-9a-z]")


def pinyin(name: str, *, surname: bool = True) -> str:
    """How a name is found from a keyboard: "陈志远" gives "czy chenzhiyuan".

    Whatever is not Chinese is kept (letters small, blanks and marks left out).
    surname: the name is a person's, so that 单 仇 曾 at its beginning are read as surnames.
    """
    name = "".join(unicodedata.normalize("NFKC", name).split())
    family = ""
    if surname:
        family = next((name[:size] for size in (2, 1) if name[:size] in SURNAMES), "")
    syllables = SURNAMES[family].split() if family else []
    # Each run of other writing comes back as one piece and counts as a whole in the initials too.
    pieces = [(syllable, True) for syllable in syllables]
    for chunk in re.findall(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+", name[len(family) :]):
        chinese = "\u3400" <= chunk[0] <= "\u9fff"
        pieces += [(piece, chinese) for piece in (_reader()(chunk) if chinese else [chunk])]
    cleaned = [(_SYLLABLE.sub("", piece.lower()), chinese) for piece, chinese in pieces]
    whole = "".join(piece for piece, _chinese in cleaned)
    initials = "".join(piece[:1] if chinese else piece for piece, chinese in cleaned)
    return f"{initials} {whole}" if whole else ""


class PinyinInitialsField(models.CharField):
    """Pinyin initials and whole pinyin of another field of the row, kept up on every save."""

    def __init__(
        self, *args: Any, source: str = "name", surname: bool = True, **kwargs: Any
    ) -> None:
        self.source, self.surname = source, surname
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source, "surname": self.surname}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        name = str(getattr(model_instance, self.source) or "")
        value = pinyin(name, surname=self.surname)[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
