"""A small world in which every text betrays whose it is, and everybody who may look at it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from apps.accounts.models import ApiToken, Invitation, Membership, User
from apps.accounts.roles import Role
from apps.accounts.secrets import digest_of
from apps.delivery.models import Delivery, Endpoint
from apps.organisations.models import Organisation
from apps.referrals.models import (
    AnswerSheet,
    AnswerTemplate,
    Attachment,
    Case,
    Decision,
    Event,
    Item,
    Leftover,
    Referral,
    Statement,
    StatementExport,
    StatementFile,
    Tracking,
    Upload,
)
from apps.referrals.transitions import State
from apps.taxonomy.outcomes import Outcome
from apps.verification.models import Check, Review
from tests.factories import (
    CaseFactory,
    CommissionFactory,
    OrganisationFactory,
    PlatformFactory,
    ReferralFactory,
    ReferralUnitFactory,
    TrustedFlaggerFactory,
    UserFactory,
    member,
    token_for,
)
from tests.factories.endpoints import endpoint_for
from tests.factories.organisations import LONG_AGO
from tests.factories.people import FAR_AWAY
from tests.factories.referrals import MONDAY
from tests.matrix.policies import set_policy
from tests.matrix.reminders import add_reminders
from tests.statements.examples import statement

MISSING = {"reference": "R-0000-0000-0", "case": "C-0000-0000-0", "item": "I-0000-0000-0000-0", "pk": 2**31 - 7}
MISSING_KEY = "00000000-0000-4000-8000-000000000000"


@dataclass
class Person:
    """Somebody to knock with. `canaries` are the only ones that may ever be shown to them."""

    name: str
    user: User | None = None
    token: str = ""
    organisation: Organisation | None = None
    canaries: set[str] = field(default_factory=set)


@dataclass
class Thing:
    """What can be asked for by name. `owners` are the organisations that may see it."""

    referral: Referral
    case: Case
    item: Item
    upload: Upload
    membership: Membership
    token: ApiToken
    invitation: Invitation
    delivery: Delivery
    attachment: Attachment
    template: AnswerTemplate
    sheet: AnswerSheet
    statement_file: StatementFile
    statement_export: StatementExport
    endpoint: Endpoint
    owners: set[int]


class World:
    """Units A and B, a flagger, platforms P and Q. A has referred to P and Q, B to Q; A also keeps a draft for P."""

    def __init__(self) -> None:
        self.a, self.b = ReferralUnitFactory(slug="aa"), ReferralUnitFactory(slug="bb")
        self.flagger = TrustedFlaggerFactory(slug="ff")
        self.p, self.q = PlatformFactory(slug="pp"), PlatformFactory(slug="qq")
        self.commission, self.auditor = CommissionFactory(slug="cc"), OrganisationFactory(slug="au", kind="auditor")
        self.canaries: set[str] = set()
        self.people = {person.name: person for person in self._people()}
        self.a_to_p = self._thing(self.a, self.p, State.RECEIVED)
        self.a_to_q = self._thing(self.a, self.q, State.ANSWERED)
        self.b_to_q = self._thing(self.b, self.q, State.RECEIVED)
        self.draft = self._thing(self.a, self.p, State.DRAFT)
        self.in_review = self._thing(self.a, self.p, State.IN_REVIEW)
        set_policy(self.a, author=self._author(self.a), note=self._canary(self.a, self.p, self.q))
        readers = (self.p, self.a, self.b, self.flagger)
        set_policy(self.p, author=self._author(self.p), note=self._canary(*readers))

    def _people(self):
        seats = [
            ("unit A officer", self.a, Role.OFFICER),
            ("unit A reviewer", self.a, Role.REVIEWER),
            ("unit A administrator", self.a, Role.ADMINISTRATOR),
            ("unit B officer", self.b, Role.OFFICER),
            ("unit B administrator", self.b, Role.ADMINISTRATOR),
            ("flagger officer", self.flagger, Role.OFFICER),
            ("platform P contact", self.p, Role.CONTACT_POINT),
            ("platform P administrator", self.p, Role.ADMINISTRATOR),
            ("platform Q contact", self.q, Role.CONTACT_POINT),
            ("Commission analyst", self.commission, Role.ANALYST),
            ("Commission administrator", self.commission, Role.ADMINISTRATOR),
            ("auditor", self.auditor, Role.AUDITOR),
        ]
        for name, organisation, role in seats:
            user = member(organisation, role, is_operator=name == "auditor")  # beside their role, as a grant is
            yield Person(name, user, token_for(organisation, role, user), organisation)
        yield Person("nobody's member", UserFactory())
        yield Person("nobody")

    def may_see(self, person: Person, canary: str) -> bool:
        return canary in person.canaries

    def _author(self, owner: Organisation) -> User:
        return member(owner, Role.ADMINISTRATOR, name=self._canary(owner))

    def _canary(self, *owners: Organisation) -> str:
        """A word that only members of these organisations may ever read."""
        word = f"canary{len(self.canaries)}x{'x'.join(o.slug for o in owners)}"
        self.canaries.add(word)
        for person in self.people.values():
            if person.organisation in owners:
                person.canaries.add(word)
        return word

    def _thing(self, sender: Organisation, recipient: Organisation, state: State) -> Thing:
        both = (sender,) if state in {State.DRAFT, State.IN_REVIEW} else (sender, recipient)
        author = member(sender, Role.OFFICER, name=self._canary(sender))
        case = CaseFactory(
            organisation=sender,
            created_by=author,
            title=self._canary(sender),
            note=self._canary(sender),
            external_id=self._canary(sender),
        )
        shared = self._canary(*both)
        referral = ReferralFactory(
            sender=sender,
            recipient=recipient,
            case=case,
            state=state,
            created_by=author,
            reasons=shared,
            legal_basis=self._canary(*both),
            items__url=f"https://{recipient.slug}.example/{shared}",
            items__account=self._canary(*both),
        )
        item = Item.objects.get(referral=referral)
        self._history(referral, item, both)
        self._looks(item, both)
        if len(both) > 1:
            self._track(item)
            add_reminders(referral, self._canary)
        return Thing(
            referral,
            case,
            item,
            self._upload(sender, author),
            Membership.objects.get(user=author),
            self._token(sender, author),
            self._invitation(sender, author),
            self._delivery(referral, both),
            self._attachment(referral, both),
            self._template(recipient),
            self._sheet(recipient),
            self._statements(item),
            self._export(item.recipient),
            self._endpoint(sender, author),
            {o.pk for o in both},
        )

    def _history(self, referral: Referral, item: Item, both: tuple[Organisation, ...]) -> None:
        common: Any = {"sender": referral.sender, "recipient": referral.recipient, "referral": referral, "at": MONDAY}
        inside, shown = self._canary(referral.sender), self._canary(*both)
        Event.objects.create(**common, verb="referral.returned", disclosed=False, text=inside, actor_label=inside)
        Event.objects.create(**common, verb="referral.information_requested", disclosed=len(both) > 1, text=shown)
        Leftover.objects.create(
            organisation=referral.sender,
            case=referral.case,
            row=9,
            result="unrouted",
            detail=inside,
            given={"url": self._canary(referral.sender)},
        )
        if referral.state == State.ANSWERED:
            Decision.objects.create(
                sender=referral.sender,
                recipient=referral.recipient,
                item=item,
                outcome=Outcome.REMOVED,
                explanation=self._canary(*both),
                decided_at=MONDAY,
                channel="web",
                decided_by=member(referral.recipient, Role.CONTACT_POINT, name=self._canary(referral.recipient)),
            )

    def _looks(self, item: Item, both: tuple[Organisation, ...]) -> None:
        """One look that the platform was told of, if it has the item, and one that it was not; a review of it."""
        made: Any = {"sender": item.sender, "recipient": item.recipient, "item": item, "at": MONDAY, "source": "person"}
        made |= {"finding": "still_there", "reason": "by_hand"}
        made["checked_by"] = member(item.sender, Role.OFFICER, name=self._canary(item.sender))
        look = Check.objects.create(**made, note=self._canary(item.sender))
        Check.objects.create(**made, note=self._canary(*both), disclosed=len(both) > 1)
        Review.objects.create(
            sender=item.sender,
            recipient=item.recipient,
            item=item,
            check_made=look,
            kind="still_there",
            claimed_at=MONDAY,
            seen_at=MONDAY,
        )

    def _attachment(self, referral: Referral, both: tuple[Organisation, ...]) -> Attachment:
        content = self._canary(*both).encode()
        return Attachment.objects.create(
            sender=referral.sender,
            recipient=referral.recipient,
            disclosed=len(both) > 1,
            referral=referral,
            verb="referral.information_requested",
            at=MONDAY,
            organisation_id=referral.recipient_id,
            name=self._canary(*both),
            media_type="text/plain; charset=utf-8",
            size=len(content),
            sha256=hashlib.sha256(content).digest(),
            content=content,
        )

    def _template(self, platform: Organisation) -> AnswerTemplate:
        return AnswerTemplate.objects.create(
            organisation=platform,
            name=self._canary(platform),
            facts={"outcome": "NO_ACTION", "refusal_reason": "OTHER", "explanation": self._canary(platform)},
            changed_at=MONDAY,
            changed_by=member(platform, Role.CONTACT_POINT, name=self._canary(platform)),
        )

    def _sheet(self, platform: Organisation) -> AnswerSheet:
        import uuid

        return AnswerSheet.objects.create(
            organisation=platform,
            key=uuid.uuid4(),
            name=self._canary(platform) + ".csv",
            content=f"item,outcome\nI-1,{self._canary(platform)}\n".encode(),
            created_at=MONDAY,
            created_by=member(platform, Role.CONTACT_POINT),
        )

    def _track(self, item: Item) -> None:
        """What the platform notes for itself: its sender must never read it."""
        colleague = member(item.recipient, Role.CONTACT_POINT, name=self._canary(item.recipient))
        Tracking.objects.create(
            organisation=item.recipient,
            sender=item.sender,
            item=item,
            assignee=colleague,
            assigned_at=MONDAY,
            number=self._canary(item.recipient),
            changed_at=MONDAY,
            changed_by=colleague,
        )

    def _statements(self, item: Item) -> StatementFile:
        """A file of the platform's with one statement of its own: no sender ever reads it."""
        import uuid

        number = StatementFile.objects.filter(organisation=item.recipient).count() + 1
        common: Any = {"made_at": MONDAY, "made_on": MONDAY.date(), "number": number, "count": 1}
        file = StatementFile.objects.create(organisation=item.recipient, key=uuid.uuid4(), **common)
        puid = self._canary(item.recipient)
        content = statement(puid=puid, decision_facts=self._canary(item.recipient))
        Statement.objects.create(
            organisation=item.recipient,
            puid=puid,
            origin="platform",
            schema_version="2",
            content=content,
            created_at=MONDAY,
            file=file,
        )
        return file

    def _export(self, platform: Organisation) -> StatementExport:
        import json
        import uuid

        return StatementExport.objects.create(
            organisation=platform,
            key=uuid.uuid4(),
            name=self._canary(platform) + ".json",
            created_at=MONDAY,
            created_by=member(platform, Role.CONTACT_POINT, name=self._canary(platform)),
            content=json.dumps(statement(puid=self._canary(platform))).encode(),
        )

    def _upload(self, sender: Organisation, author: User) -> Upload:
        import uuid

        return Upload.objects.create(
            organisation=sender,
            key=uuid.uuid4(),
            name=self._canary(sender) + ".csv",
            created_at=MONDAY,
            created_by=author,
            content=f"url\nhttps://pp.example/{self._canary(sender)}\n".encode(),
        )

    def _token(self, sender: Organisation, author: User) -> ApiToken:
        name = self._canary(sender)
        return ApiToken.objects.create(
            organisation=sender,
            user=author,
            name=name,
            hint="rp_x",
            digest=digest_of(name),
            scopes=["view_referrals"],
            created_at=LONG_AGO,
            expires_at=FAR_AWAY,
        )

    def _invitation(self, sender: Organisation, author: User) -> Invitation:
        word = self._canary(sender)
        return Invitation.objects.create(
            organisation=sender,
            email=f"{word}@people.example",
            role=Role.OFFICER,
            digest=digest_of(word),
            invited_by=author,
            created_at=LONG_AGO,
            expires_at=FAR_AWAY,
        )

    def _endpoint(self, sender: Organisation, author: User) -> Endpoint:
        word = self._canary(sender)
        url = f"https://hooks.{sender.slug}.example/{word}"
        endpoint: Endpoint = endpoint_for(sender, url, description=self._canary(sender), created_by=author)[0]
        return endpoint

    def _delivery(self, referral: Referral, both: tuple[Organisation, ...]) -> Delivery:
        return Delivery.objects.create(
            sender=referral.sender,
            recipient=referral.recipient,
            key=f"{referral.reference}:sent:email",
            channel="email",
            message="referral_sent",
            about=referral.reference,
            next_at=MONDAY,
            created_at=MONDAY,
            facts={"from": "x"},
            last_error=self._canary(*both),
            disclosed=len(both) > 1,
        )
