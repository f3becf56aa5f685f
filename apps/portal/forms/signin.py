"""allauth's forms in our own words."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User

LONG_ENOUGH = _("At least 15 characters; a few words in a row are easy to remember and hard to guess.")


class SignInForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
        )
        self.fields["password"] = _password(_("Password"))
        self.order_fields(["login", "password"])


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]  # as above
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class SamePasswordTwice(forms.Form):
    """Stands in for allauth's check of the same thing, whose words are not ours."""

    def clean(self) -> dict[str, Any]:
        words = forms.Form.clean(self) or {}
        first, second = words.get("password1"), words.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        return words


class NewPasswordForm(SamePasswordTwice, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]  # as above
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _name_new_passwords(self.fields)


class ChangePasswordForm(SamePasswordTwice, allauth_forms.ChangePasswordForm):  # type: ignore[misc]  # as above
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = _password(_("Present password"))
        _name_new_passwords(self.fields)
        self.order_fields(["oldpassword", "password1", "password2"])


class JoinForm(forms.Form):
    """What an invited person says about themselves."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=LONG_ENOUGH,
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


def _password(label: Any, autocomplete: str = "current-password") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=256, widget=widget)


def _name_new_passwords(fields: dict[str, forms.Field]) -> None:
    """allauth's own fields stay, because they check the password against the person; only the words are ours."""
    fields["password1"].label, fields["password1"].help_text = _("New password"), LONG_ENOUGH
    fields["password2"].label = _("New password, once more")
    for name in ("password1", "password2"):
        fields[name].widget.attrs.pop("placeholder", None)
