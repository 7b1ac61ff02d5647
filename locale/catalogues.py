"""Compile the message catalogues without gettext's programs, or check that this was done.

`python locale/catalogues.py compile` writes a .mo beside each .po; `check` fails where a .mo is not what
its .po says, and reports how much is translated.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parent


def read(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, locale=po.parts[-3])


def compiled(catalog: Catalog) -> bytes:
    output = io.BytesIO()
    write_mo(output, catalog)
    return output.getvalue()


def compile_all() -> None:
    for po in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        po.with_suffix(".mo").write_bytes(compiled(read(po)))


def is_translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(forms) and not message.fuzzy


def check_all() -> list[str]:
    """The catalogues whose .mo is missing or old; prints how complete each .po is."""
    stale = []
    for po in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        catalog, mo, name = read(po), po.with_suffix(".mo"), str(po.relative_to(LOCALES))
        if not mo.exists() or mo.read_bytes() != compiled(catalog):
            stale.append(name)
        texts = [message for message in catalog if message.id]
        done = sum(is_translated(message) for message in texts)
        print(f"{name}: {done} of {len(texts)} texts translated")
    return stale


if __name__ == "__main__":
    if sys.argv[1:] == ["compile"]:
        compile_all()
    elif sys.argv[1:] == ["check"]:
        if stale := check_all():
            sys.exit(f"Run `make messages`: not compiled since the last change: {', '.join(stale)}")
    else:
        sys.exit(__doc__)
