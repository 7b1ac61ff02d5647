"""The portal's settings with the comparison views beside its pages; never used outside measuring."""

from cppcc_portal.settings import *  # noqa: F403, TID251 - the same settings, three things added
from cppcc_portal.settings import INSTALLED_APPS, MIDDLEWARE  # noqa: TID251 - as above

ROOT_URLCONF = "bench.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
MIDDLEWARE = ["bench.counting.QueryCountMiddleware", *MIDDLEWARE]
