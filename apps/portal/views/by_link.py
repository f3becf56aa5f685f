"""Answering without an account. Following the link shows a page and changes nothing; every step after it is posted."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.core.errors import DomainError
from apps.delivery.links import LinkUnusable
from apps.portal.forms.by_link import AnswerByLinkForm, QuestionForm
from apps.portal.presenters.by_link import answer_page, form_of, link_page, receipt_lines
from apps.referrals import services
from apps.referrals.services import Linked

SEAL, SEAL_SECONDS = "portal.by_link", 4 * 60 * 60
GONE = {"unknown": 404}


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_link(request: HttpRequest, token: str) -> HttpResponse:
    step = STEPS.get(request.POST.get("step", "open")) if request.method == "POST" else show
    try:
        linked = services.look_at_link(token, at=timezone.now())
        with timezone.override(linked.referral.recipient.time_zone):
            return (step or show)(request, token, linked)
    except LinkUnusable as problem:
        status = GONE.get(problem.facts.get("why", ""), 410)
        return render(request, "portal/link/unusable.html", problem.facts, status=status)


def show(request: HttpRequest, _token: str, linked: Linked, *, problem: str = "", status: int = 200) -> HttpResponse:
    """Who writes and what it is about, and a button; nothing of the matter itself."""
    context = {"page": link_page(linked), "problem": problem}
    return render(request, "portal/link/confirm.html", context, status=status)


def open_it(request: HttpRequest, token: str, linked: Linked) -> HttpResponse:
    try:
        opened = services.open_link(token, passcode=request.POST.get("passcode", ""), at=timezone.now())
    except LinkUnusable:
        raise
    except DomainError as problem:
        return show(request, token, linked, problem=str(problem), status=422)
    return ask(request, opened, form_of(opened, None, at=timezone.now()), QuestionForm())


def ask(
    request: HttpRequest, linked: Linked, form: AnswerByLinkForm, question: QuestionForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "page": link_page(linked),
        "matter": answer_page(linked, form),
        "form": form,
        "question": question,
        "seal": signing.dumps(linked.link.pk, salt=SEAL),
    }
    return render(request, "portal/link/answer.html", context, status=status)


def opened_only(step: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A step that only somebody takes who has opened the link, with its code where there is one."""

    def guarded(request: HttpRequest, token: str, linked: Linked) -> HttpResponse:
        if not _is_sealed(request.POST.get("seal", ""), linked):
            return show(request, token, linked, status=403)
        return step(request, token, linked, at=timezone.now())

    return guarded


def _is_sealed(seal: str, linked: Linked) -> bool:
    try:
        return bool(signing.loads(seal, salt=SEAL, max_age=SEAL_SECONDS) == linked.link.pk)
    except signing.BadSignature:
        return False


@opened_only
def answer(request: HttpRequest, token: str, linked: Linked, *, at: datetime) -> HttpResponse:
    form = form_of(linked, request.POST, at=at)
    if not form.is_valid():
        return ask(request, linked, form, QuestionForm(), status=422)
    answers = form.answers()
    _linked, results = services.answer_by_link(token, answers, at=at)
    lines = receipt_lines(linked, answers, results)
    left = len(linked.items) - sum(not line.problem for line in lines)
    context = {"page": link_page(linked), "lines": lines, "at": at, "left": left}
    return render(request, "portal/link/receipt.html", context)


@opened_only
def question(request: HttpRequest, token: str, linked: Linked, *, at: datetime) -> HttpResponse:
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return ask(request, linked, form_of(linked, None, at=at), form, status=422)
    services.ask_by_link(token, text=form.cleaned_data["text"], at=at)
    context = {"page": link_page(linked), "text": form.cleaned_data["text"], "at": at}
    return render(request, "portal/link/asked.html", context)


STEPS = {"open": open_it, "answer": answer, "question": question}
