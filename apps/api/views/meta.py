"""The API about itself: where everything is, the OpenAPI document, a page to read it. Open to everybody."""

import json
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer

from apps.api.answers import answer
from apps.api.documentation import Group, groups
from apps.api.errors import plain

PLACES = ("me", "cases", "referrals", "items", "platforms", "deliveries", "webhooks", "statistics", "schema", "docs")


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where everything is."""
    return answer({name: request.build_absolute_uri(reverse(f"api:{name}")) for name in PLACES})


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document: YAML, or JSON where the client prefers that."""
    kind = request.get_preferred_type(["application/yaml", "application/json"]) or "application/yaml"
    return HttpResponse(_schema(kind), content_type=kind)


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same document, to be read by a person."""
    return render(request, "api/docs.html", {"groups": _groups()})


@login_not_required
@csrf_exempt
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address below the API."""
    return plain(404)


@cache
def _document() -> dict[str, Any]:
    """Made once per process, in English: descriptions of codes are the same for everybody."""
    generator: Any = SchemaGenerator
    with translation.override("en"):
        made: dict[str, Any] = generator().get_schema(request=None, public=True)
    return made


@cache
def _schema(kind: str) -> bytes:
    renderer = OpenApiJsonRenderer2() if kind == "application/json" else OpenApiYamlRenderer()
    return bytes(renderer.render(_document(), renderer_context={}))


@cache
def _groups() -> list[Group]:
    return groups(json.loads(_schema("application/json")))
