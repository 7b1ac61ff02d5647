"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB: Django's own cost takes 100 MB a check, too much for many logins at once.

    Memory, time and lanes are the OWASP Password Storage Cheat Sheet's first choice of equals.
    """

    memory_cost = 19456  # KiB
    time_cost = 2
    parallelism = 1
