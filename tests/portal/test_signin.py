import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.accounts.tasks import send_password_link
from apps.audit.models import AuditEntry
from tests.factories import ReferralUnitFactory, UserFactory, member
from tests.factories.people import PASSWORD

NEW = "an even longer pass phrase"


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    cache.clear()


@pytest.fixture
def officer():
    user = member(ReferralUnitFactory(), Role.OFFICER, name="Bram de Vries")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def words(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


class TestSignIn:
    def test_leads_to_the_desk(self, client, officer):
        assert sign_in(client, officer.email).url == reverse("portal:desk")
        assert client.get(reverse("portal:account")).status_code == 200

    def test_the_case_of_the_address_does_not_matter(self, client, officer):
        assert sign_in(client, officer.email.upper()).status_code == 302

    def test_leads_on_to_the_page_that_was_asked_for(self, client, officer):
        wanted = reverse("portal:tokens")
        asked = client.get(wanted)
        assert asked.url == f"{reverse('account_login')}?next={wanted}"
        assert sign_in(client, officer.email, next=wanted).url == wanted

    def test_never_leads_to_another_site(self, client, officer):
        assert sign_in(client, officer.email, next="https://elsewhere.example/").url == reverse("portal:desk")

    def test_says_the_same_for_a_wrong_password_and_an_unknown_address(self, client, officer):
        texts = []
        for email in (officer.email, "nobody@people.example"):
            answer = sign_in(client, email, "wrong password, quite long")
            assert answer.status_code == 200 and "is not right" in words(answer)
            texts.append(re.sub(r'value="[^"]*"|csrf\S+', "", answer.content.decode()))
        assert texts[0] == texts[1]

    def test_refuses_whoever_was_closed(self, client, officer):
        User.objects.filter(pk=officer.pk).update(is_active=False)
        assert sign_in(client, officer.email).url == reverse("account_inactive")
        assert client.get(reverse("portal:account")).status_code == 302

    def test_rests_after_five_wrong_passwords_even_for_the_right_one(self, client, officer):
        for _ in range(5):
            sign_in(client, officer.email, "wrong password, quite long")
        answer = sign_in(client, officer.email)
        assert "Too many attempts" in words(answer)
        assert "_auth_user_id" not in client.session

    def test_rests_for_one_visitor_and_not_for_all_behind_the_proxy(self, client, officer, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        guesser, other = {"x-forwarded-for": "203.0.113.7"}, {"x-forwarded-for": "203.0.113.8"}
        for number in range(10):
            login = {"login": f"guess-{number}@people.example", "password": "wrong password, quite long"}
            client.post(reverse("account_login"), login, headers=guesser)
        right = {"login": officer.email, "password": PASSWORD}
        assert "Too many attempts" in words(client.post(reverse("account_login"), right, headers=guesser))
        assert client.post(reverse("account_login"), right, headers=other).status_code == 302

    def test_nobody_signs_up_by_themselves(self, client):
        assert client.get("/sign-up/").status_code == 404
        assert "sign-up" not in client.get(reverse("account_login")).content.decode()


class TestTheAuditLog:
    def test_has_every_sign_in_and_sign_out(self, client, officer):
        sign_in(client, officer.email)
        client.post(reverse("account_logout"))
        entries = AuditEntry.objects.filter(actor_id=officer.pk).order_by("pk")
        assert list(entries.values_list("verb", flat=True)) == ["person.signed_in", "person.signed_out"]
        assert {entry.organisation_id for entry in entries} == {officer.memberships.get().organisation_id}

    def test_has_every_refused_attempt_without_the_password(self, client, officer):
        sign_in(client, officer.email, "wrong password, quite long")
        entry = AuditEntry.objects.get(verb="person.refused")
        assert entry.operation == "deny" and entry.target == str(officer.pk)
        assert "wrong password" not in repr(AuditEntry.objects.values())

    def test_has_nothing_about_an_address_that_is_unknown(self, client):
        sign_in(client, "nobody@people.example")
        assert not AuditEntry.objects.exists()


class TestSignOut:
    def test_happens_on_post_alone(self, client, officer):
        client.force_login(officer)
        assert client.get(reverse("account_logout")).status_code == 200
        assert "_auth_user_id" in client.session
        assert client.post(reverse("account_logout")).url == reverse("account_login")
        assert "_auth_user_id" not in client.session


class TestForgottenPassword:
    def test_the_link_of_the_mail_changes_it(self, client, officer, mailoutbox):
        client.post(reverse("account_reset_password"), {"email": officer.email})
        (mail,) = mailoutbox
        assert mail.to == [officer.email] and mail.extra_headers["Auto-Submitted"] == "auto-generated"
        link = re.search(r"http://portal\.example(/password/new/\S+)", mail.body)[1]
        page = client.get(link, follow=True)
        done = client.post(page.redirect_chain[0][0], {"password1": NEW, "password2": NEW})
        assert done.url == reverse("account_reset_password_from_key_done")
        assert sign_in(client, officer.email, NEW).status_code == 302
        assert "does not work any more" in words(client.get(link, follow=True))

    def test_says_the_same_for_an_unknown_address_and_writes_to_nobody(self, client, officer, mailoutbox):
        answers = [
            client.post(reverse("account_reset_password"), {"email": email})
            for email in (officer.email, "nobody@people.example")
        ]
        assert {answer.url for answer in answers} == {reverse("account_reset_password_done")}
        assert len(mailoutbox) == 1

    def test_the_link_leads_to_this_site_whatever_host_was_asked(self, client, officer, mailoutbox, settings):
        settings.ALLOWED_HOSTS = ["*"]
        client.post(reverse("account_reset_password"), {"email": officer.email}, headers={"host": "evil.example"})
        assert "evil.example" not in mailoutbox[0].body

    def test_works_while_the_broker_is_away(self, client, officer, mailoutbox, monkeypatch):
        def away(**_):
            raise OperationalError

        monkeypatch.setattr(send_password_link, "delay", away)
        client.post(reverse("account_reset_password"), {"email": officer.email})
        assert len(mailoutbox) == 1

    def test_writes_nothing_to_whoever_was_closed(self, client, officer, mailoutbox):
        User.objects.filter(pk=officer.pk).update(is_active=False)
        client.post(reverse("account_reset_password"), {"email": officer.email})
        assert mailoutbox == []


class TestChangePassword:
    def test_ends_the_other_sessions_and_keeps_this_one(self, client, officer):
        elsewhere = Client()
        elsewhere.force_login(officer)
        client.force_login(officer)
        answer = client.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        )
        assert answer.status_code == 302
        assert client.get(reverse("portal:account")).status_code == 200
        assert elsewhere.get(reverse("portal:account")).status_code == 302

    def test_needs_the_present_one(self, client, officer):
        client.force_login(officer)
        answer = client.post(
            reverse("account_change_password"), {"oldpassword": "not it", "password1": NEW, "password2": NEW}
        )
        assert "not your present password" in words(answer)

    def test_asks_for_the_same_one_twice(self, client, officer):
        client.force_login(officer)
        answer = client.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW + "!"}
        )
        assert "The two passwords differ" in words(answer)
        officer.refresh_from_db()
        assert officer.check_password(PASSWORD)

    @pytest.mark.parametrize("weak", ["too short", "1q2w3e4r5t6y7u8i", "bram de vries 12"])
    def test_refuses_what_is_easy_to_guess(self, client, officer, weak):
        client.force_login(officer)
        client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
        officer.refresh_from_db()
        assert officer.check_password(PASSWORD)


class TestSomebodyWithoutAnOrganisation:
    def test_is_told_what_to_do_on_every_page(self, client):
        client.force_login(UserFactory())
        for name in ("portal:desk", "portal:members", "portal:tokens", "portal:account"):
            answer = client.get(reverse(name))
            assert answer.status_code == 403 and "You belong to no organisation yet" in words(answer)

    def test_can_sign_out(self, client):
        client.force_login(UserFactory())
        assert client.post(reverse("account_logout")).status_code == 302
