"""Settings from the environment, with safe local defaults. README, 'On a server', lists the variables.

SETTLE_MODE is `local` (the default: this machine only, demo people, mail into files) or `production`.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from project import environment, languages, logs, policy, sqlite

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = environment.text("SETTLE_MODE", "local")
if MODE not in ("local", "production"):
    raise ImproperlyConfigured(f"SETTLE_MODE is '{MODE}'. Write local or production.")
LOCAL = MODE == "local"
DATA_DIR = Path(environment.text("SETTLE_DATA", str(BASE_DIR / "var")))


def local(default):
    """Return the default for local mode; production has none, so the variable has to be set there."""
    return default if LOCAL else None


# Who we are, seen from outside
BASE_URL = environment.text("BASE_URL", local("http://127.0.0.1:" + environment.text("PORT", "8000")))
BASE_URL = BASE_URL.rstrip("/").lower()  # as browsers write it in an Origin
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", local("127.0.0.1,localhost,[::1]"))
SECURE = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
SECRET_KEY = environment.text(
    "SECRET_KEY", environment.kept_secret(DATA_DIR / "secret_key") if LOCAL else None
)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS", "")
DEBUG = environment.flag("DEBUG") and LOCAL

# What runs
INSTALLED_APPS = [
    "checklist",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_tasks",
    "pwa",
]
MIDDLEWARE = [
    "project.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "checklist.views.client.door.measured",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "checklist.speaking.SpeakingMiddleware",
    "checklist.views.errors.not_allowed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "checklist.views.errors.body_refused",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
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
                "checklist.views.client.keeping.phone",
            ],
        },
    }
]
# A cookie, not the database: a client's page then needs no server session at all.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Where rows are kept. SQLite: write transactions wait in line instead of failing (R27).
sqlite.use_recent()
DATABASES = {"default": environment.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'settle.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes, so that the limits on signing in count across them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "settle_cache"}}

# Language and time
LANGUAGE_CODE, LANGUAGES, LANGUAGE_COOKIE_NAME = languages.SOURCE, languages.SPOKEN, languages.COOKIE
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "project.formats"
TIME_ZONE = "UTC"

# Static files: hashed names, kept by browsers for ever
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "project.storage.ModuleStorage"},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = policy.file_headers

# Mail. Locally it lands in files; `bin/run` says where.
EMAIL_BACKEND = "django.core.mail.backends." + ("filebased" if LOCAL else "smtp") + ".EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = environment.text("EMAIL_HOST", local("127.0.0.1"))
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = environment.flag("EMAIL_USE_SSL")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=not (LOCAL or EMAIL_USE_SSL))
EMAIL_PORT = environment.number("EMAIL_PORT", 465 if EMAIL_USE_SSL else 587)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", local("Settle <hello@settle.example>"))
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Web push: on once `manage.py makepushkeys` has made the keys. Services refuse a sender who can't be reached.
PUSH_KEY_FILE = DATA_DIR / "push_key.pem"
PUSH_CONTACT = environment.text("PUSH_CONTACT", "mailto:hello@settle.example" if LOCAL else "").strip()
PUSH_HOSTS = environment.words("PUSH_HOSTS", "")

# Where reminders are sent: inline in `sendreminders`, or by the workers of another backend of the Tasks API.
TASKS_BACKEND = environment.text("TASKS_BACKEND", "django_tasks.backends.immediate.ImmediateBackend")
TASKS = {"default": {"BACKEND": TASKS_BACKEND}}
SENDERS = environment.number("SENDERS", environment.cores(4))  # processes on a channel, when much is due

# Therapists sign in with django-allauth; clients have no account, their phone is enrolled.
AUTH_USER_MODEL = "checklist.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("email", "name")},
        "MinimumLengthValidator": {"min_length": 10},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
ACCOUNT_ADAPTER = "checklist.signing_in.AccountAdapter"
ACCOUNT_FORMS = {"signup": "checklist.forms.signing_up.SignUpForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
SIGN_UP_OPEN = environment.flag("SIGN_UP_OPEN", default=True)
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 0)

# What a browser may do with our pages (R25, R26)
HEADERS = policy.HEADERS
CONTENT_SECURITY_POLICY = policy.CONTENT_SECURITY_POLICY
# Not no-referrer: Chromium then posts `Origin: null`, which Django refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# X-Frame-Options comes from HeadersMiddleware, on every response.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
CSRF_FAILURE_VIEW = "checklist.views.errors.forged"
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# The app on the home screen: django-pwa's settings, read by our own templates. Off takes the worker from every phone.
SERVICE_WORKER = environment.flag("SERVICE_WORKER", default=True)
PWA_APP_NAME = "Settle"
PWA_APP_DESCRIPTION = _("A short list that helps you arrive calm and ready.")
PWA_APP_THEME_COLOR = PWA_APP_BACKGROUND_COLOR = "#f6f3ec"

# Logs hold ids, never names, addresses or tokens; /metrics holds numbers, for who knows the token.
METRICS_TOKEN = environment.text("METRICS_TOKEN", "")
LOGGING = logs.LOGGING
