"""All settings of the portal: one file, the environment for what differs between installations."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

PORTAL_ENV = env.str("PORTAL_ENV", "demo")
if PORTAL_ENV not in ("demo", "production"):
    raise ImproperlyConfigured("PORTAL_ENV must be demo or production.")
PRODUCTION = PORTAL_ENV == "production"

if PRODUCTION:
    required = {
        "SECRET_KEY": "a long random text; it signs sessions and links",
        "FIELD_KEY": "a long random text; it encrypts phone and ID numbers. Keep it with the backups, apart from them",
        "DATABASE_URL": "for example postgres://portal:PASSWORD@HOST:5432/portal",
        "ALLOWED_HOSTS": "the host names of the portal, separated by commas",
        "PUBLIC_URL": "the address people type, for example https://portal.example.gov.cn",
        "MEDIA_ROOT": "the folder in which uploaded files are kept",
    }
    missing = [f"{name}: {what}" for name, what in required.items() if not env.str(name, "")]
    if missing:
        raise ImproperlyConfigured(
            "The portal does not start half-configured. Set these environment variables:\n  "
            + "\n  ".join(missing)
        )
    if len(env.str("SECRET_KEY")) < 50:
        raise ImproperlyConfigured("SECRET_KEY must have 50 characters or more.")
    if len(env.str("FIELD_KEY")) < 32:
        raise ImproperlyConfigured("FIELD_KEY must have 32 characters or more.")

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))


def demo_key(name: str) -> str:
    """A random key of the demonstration, kept in VAR_DIR so that a second start finds the same."""
    path = VAR_DIR / f"demo-{name}"
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written whole beside it, then linked: of several processes that start at once one wins.
        whole = VAR_DIR / f".{name}-{os.getpid()}-{secrets.token_hex(4)}"
        with os.fdopen(os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(60))
        with contextlib.suppress(FileExistsError):
            os.link(whole, path)
        whole.unlink()
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", "") or demo_key("secret-key")
FIELD_KEY = env.str("FIELD_KEY", "") or demo_key("field-key")
DEBUG = False
BIND = env.str("BIND", "127.0.0.1:8000")
PUBLIC_URL = env.str("PUBLIC_URL", f"http://{BIND}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PRODUCTION else []
HTTPS = urlsplit(PUBLIC_URL).scheme == "https"

INSTALLED_APPS = [
    # First, so that permissions exist when `members` lays down what each role may.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "cppcc_portal",
    "cppcc_portal.office",
    "members",
    "proposals",
    "consultations",
    "feedback",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "cppcc_portal.site.PortalAdminConfig",
    "guardian",
    "import_export",
    "simple_history",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "cppcc_portal.office.requests.RequestContextMiddleware",
    "cppcc_portal.office.visitors.VisitorMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cppcc_portal.look.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "members.middleware.SessionLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "members.middleware.FirstStepsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cppcc_portal.office.requests.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cppcc_portal.urls"
WSGI_APPLICATION = "cppcc_portal.wsgi.application"
FORM_RENDERER = "cppcc_portal.office.forms.PortalFormRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cppcc_portal.context.portal",
            ],
        },
    },
]

# Database ------------------------------------------------------------------------------------

DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL",
        default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Without these, SQLite refuses most writes as soon as two people write at once.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# People and passwords ------------------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "members.backends.LoginBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: no phantom user in the table of people
PASSWORD_HASHERS = [
    "members.hashers.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "members.passwords.StaffOrMemberValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "members.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = False  # axes counts failures in the database; a cache would count per process
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "members.account_forms.LoginForm"}
ACCOUNT_USER_DISPLAY = "members.accounts.display_name"
MFA_ADAPTER = "members.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "区政协履职门户"
MFA_FORMS = {
    "authenticate": "members.account_forms.LoginCodeForm",
    "reauthenticate": "members.account_forms.ConfirmCodeForm",
}
SECOND_FACTOR_REQUIRED = PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = False

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who tries on does not stay out longer
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["username"], ["ip_address"]]
AXES_HANDLER = "members.lockout.LockoutHandler"  # the limits of the last two stand there
AXES_USERNAME_CALLABLE = "members.accounts.account_of_attempt"
AXES_CLIENT_IP_CALLABLE = "cppcc_portal.office.requests.client_address"
AXES_LOCKOUT_CALLABLE = "members.accounts.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cppcc_portal.views.csrf_failure"

# What goes over the wire ---------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ADMIN_ALLOW: list[str] = env.list("ADMIN_ALLOW", [])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "cppcc_portal.office.files.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
PROTECTED_FILES_PREFIX = env.str("PROTECTED_FILES_PREFIX", "")  # X-Accel-Redirect behind nginx
FONTS_DIR = env.str("FONTS_DIR", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of an absent folder

# Words and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Jobs, notices, the clock --------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", "")
BROKER_DIR = VAR_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 3600,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
    }
else:
    CELERY_BROKER_URL = "filesystem://"
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "cppcc_portal.office.clock:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# Short intervals only: the dates of the year are rows in the database, never entries here.
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "cppcc_portal.office.tasks.heartbeat", "schedule": 30},
    "sweep_jobs": {"task": "cppcc_portal.office.tasks.sweep_jobs", "schedule": 30},
    "sweep_notices": {"task": "cppcc_portal.office.tasks.sweep_notices", "schedule": 30},
    "seal_audit": {"task": "cppcc_portal.office.tasks.seal_audit", "schedule": 60},
    "forget_rosters": {"task": "members.tasks.forget_rosters", "schedule": 3600},
    "plan_reminders": {"task": "proposals.tasks.remind", "schedule": 600},
    "plan_session_reminders": {"task": "consultations.tasks.remind", "schedule": 600},
    "plan_feedback_reminders": {"task": "feedback.tasks.remind", "schedule": 600},
}
NOTIFY_DIR = env.str("NOTIFY_DIR", "")
NOTIFY_URLS: list[str] = env.list("NOTIFY_URLS", [])
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.dj_email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")

# Import and export ---------------------------------------------------------------------------

IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True

# Logs ----------------------------------------------------------------------------------------

LOG_DIR = env.str("LOG_DIR", "")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "portal": {"level": "INFO"},
        "celery": {"level": "WARNING"},
        "gunicorn": {"level": "INFO"},
    },
}
if LOG_DIR:
    Path(LOG_DIR).mkdir(parents=True, exist_ok=True)
    LOGGING["handlers"]["file"] = {
        "class": "logging.handlers.WatchedFileHandler",
        "filename": str(Path(LOG_DIR) / "portal.log"),
        "formatter": "line",
    }
    LOGGING["root"]["handlers"] = ["console", "file"]
