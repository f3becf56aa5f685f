import base64

from apps.referrals.transitions import State
from tests.factories import ReferralFactory

PDF = b"%PDF-1.7\n%fictional"


def received(unit, video):
    return ReferralFactory(sender=unit, recipient=video, state=State.RECEIVED)


def ask(contact, referral, files):
    path = f"referrals/{referral.reference}/request-information/"
    return contact.post(path, {"text": "Which one?", "files": files})


def test_a_file_goes_in_as_base64_and_comes_out_as_it_was(contact, officer, unit, video):
    referral = received(unit, video)
    files = [{"name": "proof.pdf", "content": base64.b64encode(PDF).decode()}]
    assert ask(contact, referral, files).status_code == 200
    (row,) = officer.get(f"referrals/{referral.reference}/").json()["attachments"]
    assert (row["name"], row["media_type"], row["size"], row["organisation"]) == (
        "proof.pdf",
        "application/pdf",
        len(PDF),
        "video",
    )
    fetched = officer.get(f"referrals/{referral.reference}/attachments/{row['key']}/")
    assert (fetched.content, fetched["Content-Type"]) == (PDF, "application/pdf")
    assert fetched["Cache-Control"] == "no-store"


def test_what_is_no_base64_is_refused_by_name(contact, unit, video):
    response = ask(contact, received(unit, video), [{"name": "proof.pdf", "content": "%%%"}])
    assert response.status_code == 422
    assert "“proof.pdf”" in response.json()["errors"]["files"][0]


def test_what_is_no_file_is_refused(contact, unit, video):
    for files in ("x", [1], [{"name": "x"}], [{"name": 1, "content": ""}], [{"name": "x", "content": "", "more": 1}]):
        response = ask(contact, received(unit, video), files)
        assert (response.status_code, response.json()["code"]) == (422, "invalid")


def test_the_kind_of_a_file_is_looked_at(contact, unit, video):
    files = [{"name": "x.pdf", "content": base64.b64encode(b"MZ\x90\0").decode()}]
    response = ask(contact, received(unit, video), files)
    assert (response.status_code, response.json()["code"]) == (422, "attachment_refused")
