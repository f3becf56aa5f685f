from django.urls import URLPattern, URLResolver, path

from apps.portal.presenters.case_moves import MOVES
from apps.portal.views import (
    account,
    answers,
    appearance,
    attachments,
    bulk,
    by_link,
    cases,
    contacts,
    dashboard,
    desk,
    exports,
    inbox,
    invitations,
    item_acts,
    items,
    keys,
    language,
    members,
    new_case,
    overdue,
    referrals,
    styleguide,
    switcher,
    tokens,
    transitions,
    uploads,
)

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    # Lists: before any path that takes a reference
    path("referrals/", inbox.inbox, name="inbox"),
    path("referrals/next/", inbox.take_next, name="referrals-next"),
    path("referrals/act/", bulk.act, name="referrals-act"),
    path("referrals/acted/", bulk.acted, name="referrals-acted"),
    path("referrals/export.csv", exports.referrals_export, name="referrals-export"),
    path("overdue/", overdue.overdue, name="overdue"),
    path("items/", items.items, name="items"),
    path("items/act/", item_acts.items_act, name="items-act"),
    path("items/next/", item_acts.items_next, name="items-next"),
    path("items/answer/", answers.items_answer, name="items-answer"),
    path("items/answer/statement/", answers.items_statement, name="items-statement"),
    path("items/answered/", answers.items_answered, name="items-answered"),
    path("monitoring/", dashboard.dashboard, name="dashboard"),
    path("monitoring/figures.csv", dashboard.dashboard_export, name="dashboard-export"),
    path("appearance/", appearance.appearance, name="appearance"),
    path(".well-known/webhook-keys", keys.webhook_keys, name="webhook-keys"),
    path("language/", language.language, name="language"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    # What a sender files, and the page of one referral. Words before references: the first match wins.
    path("", desk.desk, name="desk"),
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", new_case.case_create, name="case-create"),
    path("cases/new/preview/", new_case.case_preview, name="case-preview"),
    path("cases/new/classification/", new_case.case_classification, name="case-classification"),
    path("cases/upload/", uploads.upload_create, name="upload-create"),
    path("cases/upload/<uuid:key>/", uploads.upload, name="upload"),
    path("cases/upload/<uuid:key>/check/", uploads.upload_check, name="upload-check"),
    path("cases/upload/<uuid:key>/left-over.csv", uploads.upload_rejects, name="upload-rejects"),
    path("cases/upload/<uuid:key>/file/", uploads.upload_file, name="upload-file"),
    path("cases/upload/<uuid:key>/discard/", uploads.upload_discard, name="upload-discard"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/edit/", cases.case_edit, name="case-edit"),
    path("cases/<str:reference>/items.csv", cases.case_items, name="case-items"),
    path("cases/<str:reference>/leftovers.csv", cases.case_leftovers, name="case-leftovers"),
    *[
        path(f"cases/<str:reference>/{move}/", cases.case_move, {"transition": move}, name=f"case-{move}")
        for move in MOVES
    ],
    path("referrals/<str:reference>/", referrals.referral, name="referral"),
    path("referrals/<str:reference>/files/<uuid:key>/", attachments.attachment, name="referral-attachment"),
    path("referrals/<str:reference>/reveal/", referrals.reveal, name="referral-reveal"),
    *[
        path(f"referrals/<str:reference>/{move}/", transitions.move, {"transition": move}, name=f"referral-{move}")
        for move in transitions.ACTS
    ],
    # People, their credentials, and who they act for
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite, name="member-invite"),
    path("members/<int:pk>/role/", members.change_role, name="member-role"),
    path("members/<int:pk>/remove/", members.remove, name="member-remove"),
    path("members/invitations/<int:pk>/resend/", invitations.resend, name="invitation-resend"),
    path("members/invitations/<int:pk>/revoke/", invitations.revoke, name="invitation-revoke"),
    path("l/<str:token>/", by_link.answer_link, name="answer-link"),
    path("c/<str:token>/", contacts.confirm, name="contact-confirm"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/export/", contacts.export, name="contacts-export"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.create, name="token-create"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("account/", account.account, name="account"),
    path("act-for/", switcher.organisation_switch, name="organisation-switch"),
]
