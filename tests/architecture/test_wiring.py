"""Everything that is declared is there: tasks of the schedule, templates, transitions, guards of URLs."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.roles import ROLES
from apps.referrals import services
from apps.referrals.models.event import Verb
from apps.referrals.transitions import TRANSITIONS, Side, State, Transition
from referral_portal.celery import app

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"

# Pages that somebody who is not signed in may open, each with its reason.
PUBLIC = {
    "account_login": "signing in",
    "account_logout": "asks nothing, and signs out whoever is there",
    "account_inactive": "says why signing in failed",
    "account_reset_password": "a forgotten password",
    "account_reset_password_done": "a forgotten password",
    "account_reset_password_from_key": "a forgotten password: the link of the mail",
    "account_reset_password_from_key_done": "a forgotten password",
    "portal:invitation": "an invited person has no account yet",
    "portal:answer-link": "a platform without an account answers by the link of the mail",
    "portal:contact-confirm": "whoever reads a contact point's mail has no account",
    "portal:claim": "a platform that takes over its entry has no account yet",
    "portal:language": "the sign-in page has a language too",
    "portal:appearance": "the sign-in page has a theme too",
    "portal:webhook-keys": "public keys are for whoever verifies a message",
    "portal:styleguide": "shown in tests only",
    "portal:healthz": "a load balancer asks whether the process answers",
    "portal:readyz": "a load balancer asks whether it may send requests here",
    "portal:metrics": "has a token or an address of its own that opens it",
    "api:schema": "the documentation of the API",
    "api:docs": "the documentation of the API",
    "api:index": "names the documentation",
    "api:not-found": "an unknown path answers like everywhere: a problem document",
}


def patterns(resolver=None, namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, entry.namespace or namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}:{entry.name}" if namespace else str(entry.name), entry


def is_open(view) -> bool:
    """Whether a view asks for nobody: on the web by `login_not_required`, in the API by its permission classes."""
    view_class = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if view_class is not None and hasattr(view_class, "permission_classes"):
        return not any(p.__name__ == "HasPrincipal" for p in view_class.permission_classes)
    return not getattr(view, "login_required", True)


def test_only_listed_pages_are_public():
    assert {name for name, entry in patterns() if is_open(entry.callback)} <= PUBLIC.keys()


def test_what_is_scheduled_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= app.tasks.keys()


def test_every_task_survives_new_arguments_and_has_a_name_of_its_app():
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if task.__module__.startswith("apps.")}
    assert ours and all(name.split(".")[0] == task.__module__.split(".")[1] for name, task in ours.items())
    assert all("_" in task.run.__kwdefaults__ if task.run.__kwdefaults__ else True for task in ours.values())


@pytest.mark.parametrize("transition", [t for t, move in TRANSITIONS.items() if move.permission], ids=str)
class TestEveryTransitionOfAPerson:
    def test_has_a_service(self, transition):
        name = {"return": "return_to_author"}.get(transition.value, transition.value.replace("-", "_"))
        assert callable(getattr(services, name))

    def test_has_a_url_and_a_template(self, transition):
        if transition is Transition.ANSWER:
            assert reverse("portal:items-answer")
            return
        assert reverse(f"portal:referral-{transition.value}", kwargs={"reference": "R-X"})
        assert (TEMPLATES / f"portal/referrals/actions/{transition.value}.html").is_file()

    def test_has_an_api_action(self, transition):
        if transition is Transition.ANSWER:
            assert reverse("api:items-answer")
            return
        names = {name for name, entry in patterns() if name.startswith("api:")}
        assert f"api:referral-{transition.value}" in names

    def test_has_a_role_that_may(self, transition):
        move = TRANSITIONS[transition]
        kinds = [k for k in ROLES if (k == "platform") == (move.side is Side.RECIPIENT)]
        assert any(move.permission in permissions for kind in kinds for permissions in ROLES[kind].values())


def test_every_state_is_reached_and_every_state_but_the_ends_is_left():
    reached = {move.target for move in TRANSITIONS.values()} | {State.DRAFT}
    left = {source for move in TRANSITIONS.values() for source in move.sources}
    assert reached == set(State)
    assert set(State) - left == {State.CLOSED, State.WITHDRAWN}


def test_every_transition_leaves_an_event():
    known = {verb.value.removeprefix("referral.") for verb in Verb}
    past = {
        "submit": "submitted",
        "approve": "approved",
        "return": "returned",
        "send": "sent",
        "receive": "received",
        "acknowledge": "acknowledged",
        "request-information": "information_requested",
        "provide-information": "information_provided",
        "answer": "answered",
        "close": "closed",
        "withdraw": "withdrawn",
    }
    assert {past[transition.value] for transition in Transition} <= known


NAMED = re.compile(r"""["']((?:[\w-]+/)*[\w.-]+\.(?:html|txt))(?:#[\w-]+)?["']""")
BUILT = re.compile(r"email/|portal/referrals/actions/|account/|^\d{3}\.html|403_csrf|django/forms/|widgets/")


def test_every_template_is_used():
    sources = [*(ROOT / "apps").rglob("*.py"), *TEMPLATES.rglob("*.html"), ROOT / "referral_portal/settings.py"]
    used = {name for path in sources for name in NAMED.findall(path.read_text())}
    there = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    assert {name for name in there - used if not BUILT.search(name)} == set()


def test_every_message_has_its_mail():
    from apps.delivery.models import Message

    wanted = {f"email/{m.value}{ending}" for m in Message for ending in (".subject.txt", ".txt", ".html")}
    assert {name for name in wanted if not (TEMPLATES / name).is_file()} == set()


def test_every_named_page_resolves():
    """`{% url 'portal:…' %}` and `reverse("portal:…")` name pages that exist."""
    named = re.compile(r"""["'](portal:[a-z-]+)["']""")
    files = [*(ROOT / "apps/portal").rglob("*.py"), *TEMPLATES.rglob("*.html")]
    known = {name for name, _entry in patterns()}
    missing = {name for path in files for name in named.findall(path.read_text())} - known
    assert missing == set()
