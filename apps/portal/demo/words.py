"""What the invented filings are about. Nothing here describes real content."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.taxonomy.areas import Area

CONTENT_LANGUAGES = ("en", "fr", "de", "nl", "es", "it", "pl", "ro", "sv", "pt", "ar", "ru")


@dataclass(frozen=True, slots=True)
class Matter:
    """What is filed in one area: `titles` for the sender's eyes, `reasons` for the platform's, `law` in a decision."""

    titles: tuple[str, ...]
    reasons: tuple[str, ...]
    law: str
    paths: tuple[str, ...] = ("watch", "post", "v", "u/clips")


GOODS = ("item", "offer", "listing", "shop/p")
MATTERS: Mapping[Area, Matter] = {
    Area.TERRORISM: Matter(
        (
            "Recruitment clips of a banned group",
            "Livestream of an attack, copied",
            "Fundraising for fighters",
            "Attack manual in parts",
            "Mirror of a propaganda magazine",
            "Anthem videos",
        ),
        (
            "Videos made by a listed terrorist organisation that call for attacks and glorify earlier ones.",
            "Instructions for making explosives, published with the aim of committing a terrorist offence.",
        ),
        "Regulation (EU) 2021/784, Article 2(7)",
    ),
    Area.HATE_SPEECH: Matter(
        (
            "Calls for violence against a minority",
            "Denial of a recognised genocide",
            "Harassment of a congregation",
            "Threats after a court ruling",
        ),
        (
            "Public incitement to violence against a group defined by religion, with names and places.",
            "Dehumanising posts that call for a group defined by origin to be driven out.",
        ),
        "Framework Decision 2008/913/JHA, Article 1",
    ),
    Area.MIGRANT_SMUGGLING: Matter(
        (
            "Crossings offered with a price list",
            "False documents with delivery",
            "Drivers wanted for a border run",
            "Visa interviews for sale",
        ),
        ("Advertises unlawful crossings by boat with prices, dates and a contact.",),
        "Directive 2002/90/EC, Article 1",
    ),
    Area.COUNTERFEIT_IP: Matter(
        (
            "Copies of branded trainers",
            "Fake watches with certificates",
            "Pirated match streams",
            "Perfume in copied boxes",
        ),
        ("Offers goods that bear a registered trade mark without the consent of its owner.",),
        "Regulation (EU) 2017/1001, Article 9",
        GOODS,
    ),
    Area.PRODUCT_SAFETY: Matter(
        ("Toys that were recalled", "Chargers without protection"),
        ("Offers a product that has been recalled in the Union because it can cause burns.",),
        "Regulation (EU) 2023/988, Article 5",
        GOODS,
    ),
    Area.COMMERCIAL_PRACTICES: Matter(
        ("Shops that never deliver", "Hidden subscriptions"),
        ("The seller hides its identity and the price of a subscription that starts with the order.",),
        "Directive 2005/29/EC, Article 7",
        GOODS,
    ),
    Area.WILDLIFE: Matter(
        ("Live tortoises by post", "Carvings said to be antique"),
        ("Offers a specimen of a protected species without the certificate that its sale needs.",),
        "Regulation (EC) No 338/97, Article 8",
        GOODS,
    ),
}

NOTES = (
    "Second wave after the uploads of last month.",
    "Found by a colleague; the account was suspended before.",
    "Ask for the account data by a separate order.",
    "",
)
QUESTIONS = (
    "Two of the addresses need a login here. Can you send the time codes?",
    "Which provision do you rely on for the third address?",
    "The account was renamed. Which of the posts do you mean?",
)
REPLIES = (
    "The passage starts at 04:12 and lasts until the end.",
    "The provision is named in the reasons, second sentence.",
    "The posts of the day named in the note.",
)
RETURNS = ("Name the provision, please.", "The second address shows something else. Check it again.")
WITHDRAWALS = ("The content was taken down by its author.", "Filed by mistake: the address belongs to a newspaper.")
CLAUSES = ("Community rules, section 4", "Terms of service, clause 7.2", "Seller policy, part B")
EXPLANATIONS = (
    "The content breaks our rules on violence. The account was warned.",
    "The content was reviewed by a person and removed.",
    "The offer was taken down and the seller informed.",
    "",
)
REFUSALS = (
    "The passage quotes the group in a news report.",
    "We could not find the content under this address.",
    "This is satire, and recognisable as such.",
)
