import hashlib
import secrets
from typing import Any, ClassVar

from django.db import transaction
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.bench.floor.models import Event, Outbox, Platform, Referral, Token


class Given(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=8000)
    host = serializers.CharField(max_length=253)
    category = serializers.CharField(max_length=80)
    area = serializers.CharField(max_length=24)
    legal_basis = serializers.CharField(max_length=500)
    reasons = serializers.CharField(max_length=5000)
    language = serializers.CharField(max_length=3)
    urgency = serializers.CharField(max_length=16)
    tlp = serializers.CharField(max_length=16)
    external_id = serializers.CharField(max_length=100)


class File(APIView):
    authentication_classes: ClassVar = []
    permission_classes: ClassVar = []

    def post(self, request: Request) -> Response:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = Token.objects.filter(digest=hashlib.sha256(bearer.encode()).digest()).first()
        if token is None:
            raise AuthenticationFailed
        given = Given(data=request.data)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        platform = Platform.objects.get(host=fields.pop("host"))
        now = timezone.now()
        with transaction.atomic():
            referral = Referral.objects.create(
                organisation_id=token.organisation_id,
                platform=platform,
                reference=secrets.token_hex(10),
                url_hash=hashlib.sha256(fields["url"].encode()).digest(),
                state="in_review",
                created_at=now,
                **fields,
            )
            Event.objects.create(referral=referral, verb="filed", at=now)
            Outbox.objects.create(referral=referral, state="queued", next_at=now)
        return Response({"reference": referral.reference}, status=201)


urlpatterns = [path("file/", File.as_view())]
