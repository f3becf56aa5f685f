"""Phrases by which pages say what has become of content: English, German and French, and the commonest of others.

Whole phrases, in lower case with plain apostrophes; what could stand in any text is left out.
"""

NOT_FOUND = (
    # English
    "page not found", "404 not found", "not found", "error 404", "404 error",
    "page doesn't exist", "page does not exist", "page isn't available", "page is not available",
    "content isn't available", "content is not available", "content is no longer available",
    "video unavailable", "video isn't available", "post isn't available", "post is not available",
    "account doesn't exist", "account does not exist", "user not found", "no longer exists", "nothing was found",
    "listing is no longer available", "item is no longer available", "link may be broken",
    # German
    "seite nicht gefunden", "seite wurde nicht gefunden", "seite existiert nicht", "nicht mehr verfügbar",
    "inhalt ist nicht verfügbar", "inhalt nicht verfügbar", "video nicht verfügbar", "beitrag ist nicht verfügbar",
    "konto existiert nicht", "existiert nicht mehr", "fehler 404", "nicht gefunden",
    # French
    "page introuvable", "page non trouvée", "page n'existe pas", "page n'existe plus", "erreur 404",
    "contenu n'est pas disponible", "contenu n'est plus disponible", "contenu indisponible", "vidéo non disponible",
    "vidéo indisponible", "n'est plus disponible", "compte n'existe pas", "introuvable",
    # Others
    "página no encontrada", "página não encontrada", "pagina non trovata", "pagina niet gevonden",
    "nie znaleziono strony", "sidan hittades inte", "siden blev ikke fundet",
)  # fmt: skip
REMOVED = (
    "has been removed for violating", "was removed for violating", "removed for violating our",
    "removed due to a violation", "has been removed because", "was removed because", "has been removed by",
    "was removed by", "has been taken down", "content has been removed", "content was removed",
    "video has been removed", "video was removed", "post has been removed", "post was removed",
    "account has been suspended", "account suspended", "account has been terminated", "account was terminated",
    "account has been disabled", "removed in response to", "removed following a legal",
    "wurde entfernt", "wurde gelöscht", "wurde gesperrt", "konto gesperrt", "entfernt, weil",
    "gegen unsere richtlinien",
    "a été supprimé", "a été supprimée", "a été retiré", "a été retirée", "compte suspendu", "a été suspendu",
    "a été désactivé", "supprimé car", "enfreint nos règles",
    "ha sido eliminado", "ha sido eliminada", "è stato rimosso", "è stata rimossa", "is verwijderd", "został usunięty",
)  # fmt: skip
PLACE = (
    "not available in your country", "not available in your region", "not available in your location",
    "isn't available in your country", "isn't available in your region", "unavailable in your country",
    "blocked in your country", "withheld in your country", "has been withheld in", "restricted in your country",
    "not available from your location", "unavailable for legal reasons",
    "in ihrem land nicht verfügbar", "in deinem land nicht verfügbar", "in ihrer region nicht verfügbar",
    "in ihrem land gesperrt", "aus rechtlichen gründen nicht verfügbar",
    "pas disponible dans votre pays", "pas disponible dans votre région", "indisponible dans votre pays",
    "bloqué dans votre pays", "indisponible pour des raisons juridiques",
    "no está disponible en tu país", "non è disponibile nel tuo paese", "niet beschikbaar in jouw land",
)  # fmt: skip
SIGN_IN = (
    "log in to continue", "sign in to continue", "log in to view", "sign in to view", "log in to see",
    "sign in to see", "please log in", "please sign in", "you must log in", "you must be logged in",
    "log in or sign up",
    "login required", "this account is private", "confirm your age",
    "bitte melden sie sich an", "melde dich an", "anmelden, um", "bitte einloggen", "anmeldung erforderlich",
    "connectez-vous pour", "veuillez vous connecter", "connexion requise", "identifiez-vous",
    "inicia sesión para", "accedi per", "log in om", "zaloguj się, aby",
)  # fmt: skip
PARKING = (
    "domain is for sale", "domain may be for sale", "buy this domain", "this domain is parked", "parked domain",
    "domain has expired", "parked free", "website coming soon",
    "domain steht zum verkauf", "diese domain ist geparkt", "domain kaufen", "domain ist abgelaufen",
    "domaine est à vendre", "nom de domaine est à vendre", "domaine parqué", "domaine a expiré",
)  # fmt: skip
BOTS = (
    "checking your browser", "verify you are human", "verify that you are human", "are you a robot",
    "unusual traffic", "complete the captcha", "enable javascript and cookies to continue", "just a moment",
    "security check to access", "access denied",
    "ich bin kein roboter", "bestätigen sie, dass sie ein mensch sind", "sicherheitsüberprüfung",
    "je ne suis pas un robot", "vérifiez que vous êtes humain", "vérification de sécurité",
)  # fmt: skip
