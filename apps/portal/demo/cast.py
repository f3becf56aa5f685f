"""Who plays. All names of hosts end in `.example`, which nobody can register (RFC 2606)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.accounts.roles import Role
from apps.organisations.models import Capability, Kind
from apps.organisations.models.platform import ServiceType, SizeClass
from apps.taxonomy.areas import Area

PASSWORD = "demo pass phrase"  # noqa: S105  printed by `make demo`, and of no use anywhere else


@dataclass(frozen=True, slots=True)
class Player:
    """A person; `account` is the part of the address before the @."""

    name: str
    account: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An organisation. `areas` and `weight` say what senders file, and how much of it."""

    slug: str
    name: str
    kind: Kind
    country: str
    time_zone: str
    languages: tuple[str, ...]
    people: tuple[Player, ...]
    capabilities: tuple[Capability, ...] = ()
    second_person: bool = True
    areas: tuple[Area, ...] = ()
    legal_basis: str = ""
    weight: int = 1

    @property
    def host(self) -> str:
        return f"{self.slug}.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformHouse(House):
    """A platform and its manner: how many hours its answers take (median), how many items it leaves unanswered."""

    service: ServiceType
    size: SizeClass
    hosts: tuple[str, ...] = ()
    hours: float = 12.0
    silence: float = 0.03
    people: tuple[Player, ...] = ()
    kind: Kind = Kind.PLATFORM
    second_person: bool = False
    areas: tuple[Area, ...] = field(default=())


UNIT_RIGHTS = (Capability.REFER, Capability.NOTIFY)
FLAGGER_RIGHTS = (Capability.NOTIFY, Capability.FLAG)
UNIT_BASIS = "Regulation (EU) 2016/794, Article 4(1)(m)"

SENDERS: Sequence[House] = (
    House(
        slug="north-iru",
        name="Northern Internet Referral Unit",
        kind=Kind.REFERRAL_UNIT,
        country="NL",
        time_zone="Europe/Amsterdam",
        languages=("en", "nl"),
        capabilities=UNIT_RIGHTS,
        areas=(Area.TERRORISM, Area.HATE_SPEECH, Area.MIGRANT_SMUGGLING),
        legal_basis=UNIT_BASIS,
        weight=5,
        people=(
            Player("Signe Lindqvist", "officer", Role.OFFICER),
            Player("Jonas Vermeer", "j.vermeer", Role.OFFICER),
            Player("Marta Kowalczyk", "m.kowalczyk", Role.OFFICER),
            Player("Elena Duarte", "reviewer", Role.REVIEWER),
            Player("Pieter Brandt", "p.brandt", Role.REVIEWER),
            Player("Ruth Aaldenberg", "admin", Role.ADMINISTRATOR),
        ),
    ),
    House(
        slug="south-iru",
        name="Southern Internet Referral Unit",
        kind=Kind.REFERRAL_UNIT,
        country="FR",
        time_zone="Europe/Paris",
        languages=("fr", "en"),
        capabilities=UNIT_RIGHTS,
        areas=(Area.TERRORISM, Area.HATE_SPEECH),
        legal_basis="Loi n° 2004-575, article 6-1",
        weight=3,
        people=(
            Player("Camille Moreau", "officer", Role.OFFICER),
            Player("Hugo Lefèvre", "h.lefevre", Role.OFFICER),
            Player("Inès Garnier", "reviewer", Role.REVIEWER),
            Player("Paul Aubertin", "admin", Role.ADMINISTRATOR),
        ),
    ),
    House(
        slug="fair-market-watch",
        name="Fair Market Watch",
        kind=Kind.TRUSTED_FLAGGER,
        country="DE",
        time_zone="Europe/Berlin",
        languages=("de", "en"),
        capabilities=FLAGGER_RIGHTS,
        second_person=False,
        areas=(Area.COUNTERFEIT_IP, Area.PRODUCT_SAFETY, Area.COMMERCIAL_PRACTICES, Area.WILDLIFE),
        legal_basis="Regulation (EU) 2022/2065, Article 22",
        weight=3,
        people=(
            Player("Lena Hartmann", "flagger", Role.OFFICER),
            Player("Tomasz Wilk", "t.wilk", Role.OFFICER),
            Player("Birgit Sommer", "admin", Role.ADMINISTRATOR),
        ),
    ),
    House(
        slug="kind-net",
        name="Kind Net Foundation",
        kind=Kind.TRUSTED_FLAGGER,
        country="IE",
        time_zone="Europe/Dublin",
        languages=("en",),
        capabilities=FLAGGER_RIGHTS,
        second_person=False,
        areas=(Area.HATE_SPEECH, Area.COMMERCIAL_PRACTICES),
        legal_basis="Regulation (EU) 2022/2065, Article 22",
        weight=2,
        people=(
            Player("Aoife Brennan", "flagger", Role.OFFICER),
            Player("Declan Shaw", "admin", Role.ADMINISTRATOR),
        ),
    ),
)

OVERSEERS: Sequence[House] = (
    House(
        slug="commission",
        name="European Commission",
        kind=Kind.COMMISSION,
        country="BE",
        time_zone="Europe/Brussels",
        languages=("en", "fr"),
        people=(
            Player("Sofia Marinho", "analyst", Role.ANALYST),
            Player("Karel Novák", "admin", Role.ADMINISTRATOR),
        ),
    ),
    House(
        slug="audit-office",
        name="Independent Audit Office",
        kind=Kind.AUDITOR,
        country="LU",
        time_zone="Europe/Luxembourg",
        languages=("en", "fr"),
        people=(Player("Claire Weber", "auditor", Role.AUDITOR), Player("Nico Thill", "admin", Role.ADMINISTRATOR)),
    ),
)


def _platform(  # noqa: PLR0913  a row of the table below
    slug: str,
    name: str,
    country: str,
    service: ServiceType,
    size: SizeClass,
    hours: float,
    silence: float,
    *contacts: str,
    language: str = "en",
) -> PlatformHouse:
    people = [Player(who, _account(who), Role.CONTACT_POINT) for who in contacts[1:]]
    return PlatformHouse(
        slug=slug,
        name=name,
        country=country,
        time_zone=_ZONES[country],
        languages=(language, "en") if language != "en" else ("en",),
        service=service,
        size=size,
        hours=hours,
        silence=silence,
        people=(
            Player(contacts[0], "contact", Role.CONTACT_POINT),
            *people,
            Player(f"{name} administration", "admin", Role.ADMINISTRATOR),
        ),
    )


def _account(name: str) -> str:
    first, *_, last = name.lower().encode("ascii", "ignore").decode().split()
    return f"{first[0]}.{last}"


_ZONES = {
    "IE": "Europe/Dublin",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "NL": "Europe/Amsterdam",
    "SE": "Europe/Stockholm",
    "PL": "Europe/Warsaw",
    "ES": "Europe/Madrid",
    "EE": "Europe/Tallinn",
    "LU": "Europe/Luxembourg",
    "IT": "Europe/Rome",
}

PLATFORMS: Sequence[PlatformHouse] = (
    _platform(
        "streamhub",
        "StreamHub",
        "IE",
        ServiceType.ONLINE_PLATFORM,
        SizeClass.VLOP,
        5,
        0.01,
        "Niamh Byrne",
        "Omar Haddad",
    ),
    _platform("chirper", "Chirper", "IE", ServiceType.ONLINE_PLATFORM, SizeClass.VLOP, 16, 0.04, "Grace Doyle"),
    _platform("bazaaro", "Bazaaro", "LU", ServiceType.MARKETPLACE, SizeClass.VLOP, 20, 0.02, "Luc Hoffmann"),
    _platform("vidloop", "VidLoop", "IE", ServiceType.ONLINE_PLATFORM, SizeClass.VLOP, 8, 0.02, "Wei Zhang"),
    _platform(
        "freundebuch",
        "Freundebuch",
        "DE",
        ServiceType.ONLINE_PLATFORM,
        SizeClass.LARGE,
        14,
        0.03,
        "Anja Roth",
        language="de",
    ),
    _platform(
        "annonces-plus",
        "Annonces Plus",
        "FR",
        ServiceType.MARKETPLACE,
        SizeClass.LARGE,
        30,
        0.04,
        "Julie Petit",
        language="fr",
    ),
    _platform("pixelvault", "PixelVault", "NL", ServiceType.HOSTING, SizeClass.MEDIUM, 26, 0.05, "Bram de Wit"),
    _platform("folkforum", "Folkforum", "SE", ServiceType.ONLINE_PLATFORM, SizeClass.MEDIUM, 18, 0.03, "Erik Nyström"),
    _platform("targ24", "Targ24", "PL", ServiceType.MARKETPLACE, SizeClass.MEDIUM, 36, 0.06, "Zofia Lis"),
    _platform("nubefile", "NubeFile", "ES", ServiceType.HOSTING, SizeClass.SMALL, 50, 0.09, "Diego Ortega"),
    _platform("pastepad", "PastePad", "EE", ServiceType.HOSTING, SizeClass.MICRO, 72, 0.18, "Kadri Tamm"),
    _platform("piazzetta", "Piazzetta", "IT", ServiceType.ONLINE_PLATFORM, SizeClass.SMALL, 40, 0.08, "Marco Bassi"),
)

# One person, two organisations: the switcher has something to switch.
BOTH = ("officer@north-iru.example", "south-iru", Role.REVIEWER)


def crowd(count: int) -> list[PlatformHouse]:
    """Further platforms for large data sets, all alike but for size and manner."""
    countries, sizes, services = list(_ZONES), list(SizeClass), list(ServiceType)
    return [
        _platform(
            f"host-{number:02}",
            f"Host {number:02}",
            countries[number % len(countries)],
            services[1 + number % 3],
            sizes[number % len(sizes)],
            6 + 7 * (number % 9),
            0.01 + 0.005 * (number % 6),
            f"Contact {number:02}",
        )
        for number in range(1, count + 1)
    ]
