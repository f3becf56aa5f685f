"""All settings. What differs between machines comes from the environment, never from another file.

`ENVIRONMENT` is `production` (the default), `demo` or `test`; the others loosen only what a machine without TLS needs.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

from referral_portal.interfaces import REST_FRAMEWORK, SPECTACULAR_SETTINGS
from referral_portal.languages import with_catalogues
from referral_portal.logs import logging_for
from referral_portal.schedule import SCHEDULE
from referral_portal.watch import watch_for

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)

# Core
ENVIRONMENT = env.str("ENVIRONMENT", default="production")
ON_LOOPBACK = ENVIRONMENT in {"demo", "test"}
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if ON_LOOPBACK else [])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if ON_LOOPBACK else "https://localhost")
ROOT_URLCONF = "referral_portal.urls"
WSGI_APPLICATION = "referral_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "guardian",
    "allauth",
    "allauth.account",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "template_partials",
    "csp",
    "apps.core",
    "apps.tenancy",
    "apps.audit",
    "apps.taxonomy",
    "apps.organisations",
    "apps.accounts",
    "apps.delivery",
    "apps.referrals",
    "apps.statistics",
    "apps.deadlines",
    "apps.verification",
    "apps.portal",
    "apps.api",
]
MIDDLEWARE = [
    "apps.core.middleware.RequestIdMiddleware",
    "apps.portal.middleware.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.accounts.middleware.PreferencesMiddleware",
    "apps.api.middleware.SandboxMiddleware",
    "apps.accounts.middleware.PrincipalMiddleware",
    "apps.portal.middleware.MembershipMiddleware",
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "apps.portal.presenters.context.shell",
            ],
        },
    }
]

# Data
AS_OWNER = env.bool("PORTAL_AS_OWNER", default=False)  # migrations and seeding; never a server
DATABASE_URL_NAME = "DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL"
TIMEOUTS = "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
DATABASES = {
    "default": {
        **env.dj_db_url(DATABASE_URL_NAME, conn_max_age=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 10,  # seconds; a machine that is gone is said to be so, and not waited for
            "application_name": env.str("APPLICATION_NAME", default="portal"),
            "options": "-c jit=off" if AS_OWNER else f"-c jit=off {TIMEOUTS}",
        },
        "TEST": {"NAME": env.str("PORTAL_TEST_DB", default="test_portal")},
    }
}
PREPARE_STATEMENTS = env.bool("PREPARE_STATEMENTS", default=True)  # false behind a pool that shares by transaction
TENANCY_KEY = env.str("TENANCY_KEY")  # 64 hexadecimal digits; signs the tenant context the database checks
TENANCY_ROLE = env.str("TENANCY_ROLE", default="portal_web")  # workers: portal_worker
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["apps.accounts.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
GUARDIAN_RAISE_403 = True
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:desk"
ACCOUNT_ADAPTER = "apps.accounts.adapters.InvitationOnlyAdapter"
ACCOUNT_FORMS = {
    "login": "apps.portal.forms.signin.SignInForm",
    "reset_password": "apps.portal.forms.signin.ForgottenPasswordForm",
    "reset_password_from_key": "apps.portal.forms.signin.NewPasswordForm",
    "change_password": "apps.portal.forms.signin.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation, sent to the address, is the verification
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"

# Languages: a catalogue is all that another one needs (docs/languages.md)
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "referral_portal" / "locale"]
LANGUAGES = with_catalogues(LOCALE_PATHS[0])
if env.bool("PSEUDO_LOCALE", default=False):
    LANGUAGES.append(("eo", "Pseudo"))  # generated: shows every text that does not go through gettext
if env.str("EXTRA_LOCALE_PATH", default=""):
    LOCALE_PATHS.insert(0, Path(env.str("EXTRA_LOCALE_PATH")))
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "UTC"

# Pages
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
INTER_FILES = BASE_DIR / "node_modules" / "@fontsource-variable" / "inter" / "files"
STATICFILES_DIRS: list[object] = [BASE_DIR / "static"]
if INTER_FILES.is_dir():
    STATICFILES_DIRS.append(("vendor/inter", str(INTER_FILES)))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATIC_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
EU_MAP_PATH = Path(env.str("EU_MAP_PATH", default=str(BASE_DIR / ".local" / "eu-map.json")))
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # the backend stands in AUTHENTICATION_BACKENDS; guardian looks too early

# Security
SECURE_SSL_REDIRECT = not ON_LOOPBACK
SECURE_HSTS_SECONDS = 0 if ON_LOOPBACK else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not ON_LOOPBACK
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)  # one proxy of ours, that sets X-Forwarded-For and -Proto
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0  # else everybody behind it would share one rate limit
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not ON_LOOPBACK
SESSION_COOKIE_NAME = "portal_session" if ON_LOOPBACK else "__Host-portal_session"
CSRF_COOKIE_NAME = "portal_csrf" if ON_LOOPBACK else "__Host-portal_csrf"
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
}

# Mail: demo and tests write to files, production sends by SMTP
MAIL_DIR = env.str("MAIL_DIR", default="")
if MAIL_DIR:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
    EMAIL_PORT = env.int("EMAIL_PORT", default=25)
    EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
    EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
    EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@portal.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_KEY = env.str("MAIL_KEY", default="") or SECRET_KEY  # seals reply addresses and one-time links
INBOUND_MAIL_DOMAIN = env.str("INBOUND_MAIL_DOMAIN", default="")  # where replies and bounces come in; empty: nowhere
INBOUND_MAIL_BYTES = env.int("INBOUND_MAIL_BYTES", default=10 * 1024 * 1024)
INBOUND_MAIL_PER_HOUR = env.int("INBOUND_MAIL_PER_HOUR", default=200)  # from one address; more waits at the mail server
ANSWER_LINK_DAYS = env.int("ANSWER_LINK_DAYS", default=30)
MAIL_ENCLOSURES = "apps.referrals.enclosures.enclosures"  # what a message may say of what it is about
DKIM_KEY_FILE = env.str("DKIM_KEY_FILE", default="")  # PEM; empty: the mail server signs, or nobody
DKIM_DOMAIN = env.str("DKIM_DOMAIN", default="") or DEFAULT_FROM_EMAIL.rpartition("@")[2]
DKIM_SELECTOR = env.str("DKIM_SELECTOR", default="portal")

# Work in the background: the database is the queue, the broker only hurries it (security.md 4.5)
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = env.str("BEAT_SCHEDULE_FILE", default=str(BASE_DIR / ".local" / "beat-schedule"))
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "statistics.*": {"queue": "statistics"},
    "delivery.knock_pending": {"queue": "default"},  # waits for strangers, whom nobody's message should wait for
    "delivery.*": {"queue": "urgent"},
}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 30,
    "max_retries": 1,  # of connecting, when a nudge is published: nobody waits for a broker that is away
    "interval_start": 0,
    "interval_max": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False  # a nudge that fails is not worth a waiting person: a sweep follows
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
OUTGOING_MAY_REACH_LOOPBACK = env.bool("OUTGOING_MAY_REACH_LOOPBACK", default=ON_LOOPBACK)  # webhooks to 127.0.0.1
WATCH = watch_for(env)
DELIVERY_LEASE_SECONDS = env.int("DELIVERY_LEASE_SECONDS", default=120)  # how long a worker that died holds a message
CHECKER_PROXY_URL = env.str("CHECKER_PROXY_URL", default="")  # how the checker of removals gets out (verification.md)
CHECKER_DIRECT = env.bool("CHECKER_DIRECT", default=False)  # without a proxy of its own; with neither it is off
CHECKER_AGENT = env.str("CHECKER_AGENT", default=f"Referral-Portal-Checker/1 (+{SITE_URL})")
CHECKER_SECONDS, CHECKER_GAP_SECONDS = 10, env.int("CHECKER_GAP_SECONDS", default=2)  # per request; between two looks

# Logs
LOGGING = logging_for(level=env.str("LOG_LEVEL", default="INFO"))

__all__ = ["REST_FRAMEWORK", "SPECTACULAR_SETTINGS"]  # settings too, kept in a room of their own

env.seal()  # one error that names every missing or malformed variable
