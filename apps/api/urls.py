from django.urls import URLPattern, include, path, re_path, register_converter

from apps.api.converters import Reference
from apps.api.views.account import Me
from apps.api.views.acts import ACTS, ReferralAct, ReferralActs
from apps.api.views.announcing import AnnounceMany, AnnounceOne
from apps.api.views.answering import ItemAnswers
from apps.api.views.attachments import OneAttachment
from apps.api.views.cases import Cases, OneCase
from apps.api.views.checks import ItemChecks
from apps.api.views.clocks import Clocks, Policies
from apps.api.views.deliveries import Deliveries, OneDelivery, Replay, ReplayRange
from apps.api.views.desk import ACTS as DESK_ACTS
from apps.api.views.desk import ItemDesk
from apps.api.views.items import Items
from apps.api.views.meta import docs, index, nothing_here, schema
from apps.api.views.platforms import OnePlatform, Platforms, Resolve
from apps.api.views.receipts import OneReceipt
from apps.api.views.referrals import OneReferral, Referrals
from apps.api.views.sandbox import Sandbox, Scenarios
from apps.api.views.statements import Statements
from apps.api.views.statistics import Catalogue, Indicator
from apps.api.views.webhooks import ACTS as WEBHOOK_ACTS
from apps.api.views.webhooks import OneWebhook, WebhookAct, WebhookRemoval, WebhookRotation, Webhooks, WebhookUpdate
from apps.referrals.transitions import Transition

app_name = "api"

register_converter(Reference, "reference")


def one(transition: Transition) -> URLPattern:
    view = ReferralAct.as_view(transition=transition)
    return path(f"referrals/<reference:reference>/{transition.value}/", view, name=f"referral-{transition.value}")


def many(transition: Transition) -> URLPattern:
    view = ReferralActs.as_view(transition=transition)
    return path(f"referrals/{transition.value}/", view, name=f"referrals-{transition.value}")


VERSION_1 = [
    path("", index, name="index"),
    path("me/", Me.as_view(), name="me"),
    path("cases/", Cases.as_view(), name="cases"),
    path("cases/<reference:reference>/", OneCase.as_view(), name="case"),
    path("referrals/", Referrals.as_view(), name="referrals"),
    path("referrals/announce/", AnnounceMany.as_view(), name="referrals-announce"),
    *(many(transition) for transition, act in ACTS.items() if act.many),
    path("referrals/<reference:reference>/", OneReferral.as_view(), name="referral"),
    path("referrals/<reference:reference>/receipt/", OneReceipt.as_view(), name="referral-receipt"),
    path("referrals/<reference:reference>/announce/", AnnounceOne.as_view(), name="referral-announce"),
    *(one(transition) for transition in ACTS),
    path("referrals/<reference:reference>/attachments/<uuid:key>/", OneAttachment.as_view(), name="attachment"),
    path("items/", Items.as_view(), name="items"),
    path("items/answer/", ItemAnswers.as_view(), name="items-answer"),
    *(path(f"items/{act}/", ItemDesk.as_view(act=act), name=f"items-{act}") for act in DESK_ACTS),
    path("items/<reference:reference>/checks/", ItemChecks.as_view(), name="item-checks"),
    path("statements/", Statements.as_view(), name="statements"),
    path("platforms/", Platforms.as_view(), name="platforms"),
    path("platforms/resolve/", Resolve.as_view(), name="platforms-resolve"),
    path("platforms/<slug:slug>/", OnePlatform.as_view(), name="platform"),
    path("policies/", Policies.as_view(), name="policies"),
    path("clocks/", Clocks.as_view(), name="clocks"),
    path("sandbox/", Sandbox.as_view(), name="sandbox"),
    path("sandbox/scenarios/", Scenarios.as_view(), name="sandbox-play"),
    path("deliveries/", Deliveries.as_view(), name="deliveries"),
    path("deliveries/replay/", ReplayRange.as_view(), name="deliveries-replay"),
    path("deliveries/<uuid:delivery>/", OneDelivery.as_view(), name="delivery"),
    path("deliveries/<uuid:delivery>/replay/", Replay.as_view(), name="delivery-replay"),
    path("webhooks/", Webhooks.as_view(), name="webhooks"),
    path("webhooks/<uuid:endpoint>/", OneWebhook.as_view(), name="webhook"),
    path("webhooks/<uuid:endpoint>/update/", WebhookUpdate.as_view(), name="webhook-update"),
    path("webhooks/<uuid:endpoint>/rotate/", WebhookRotation.as_view(), name="webhook-rotate"),
    path("webhooks/<uuid:endpoint>/delete/", WebhookRemoval.as_view(), name="webhook-delete"),
    *(
        path(f"webhooks/<uuid:endpoint>/{act}/", WebhookAct.as_view(act=act), name=f"webhook-{act}")
        for act in WEBHOOK_ACTS
    ),
    path("statistics/", Catalogue.as_view(), name="statistics"),
    path("statistics/<slug:indicator>/", Indicator.as_view(), name="statistic"),
    path("schema/", schema, name="schema"),
    path("docs/", docs, name="docs"),
]

urlpatterns = [
    path("v1/", include(VERSION_1)),
    re_path(r"^(?P<rest>.*)$", nothing_here, name="not-found"),
]
