# One image for every process of the portal: migrate, web, worker, beat.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_ENV=production \
    MEDIA_ROOT=/srv/media VAR_DIR=/srv/var STATIC_ROOT=/app/staticfiles BIND=0.0.0.0:8000

RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /srv/media /srv/var

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
# Static files are named after their content once, here; these values sign and store nothing.
RUN SECRET_KEY=only-for-collecting-static-files-while-the-image-is-built \
    FIELD_KEY=only-for-collecting-static-files DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    ALLOWED_HOSTS=localhost PUBLIC_URL=https://localhost VAR_DIR=/tmp/build \
    python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build

USER portal
VOLUME ["/srv/media", "/srv/var"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --retries=3 \
    CMD ["python", "deploy/health.py", "web"]
# What runs is the same command that docs/operations.md gives for a machine without containers.
CMD ["gunicorn", "--preload", "cppcc_portal.wsgi", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--graceful-timeout", "30", "--no-control-socket"]
