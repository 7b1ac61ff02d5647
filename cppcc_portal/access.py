"""Who may what: the access matrix as one table, walked cell by cell by the tests.

Columns: AN anonymous, M1 first proposer, M2 invited co-signer, M3 other member, SEC secretariat,
CH chair of the proposer's committee, CHB chair of another, HU clerk of an assigned unit, HUx of
another, SA system, SC security, AU audit administrator, DIS disabled account. Answers: A allowed,
D denied (403 or 404), o own or assigned only, m masked.
"""

from dataclasses import dataclass

ROLES = ["AN", "M1", "M2", "M3", "SEC", "CH", "CHB", "HU", "HUx", "SA", "SC", "AU", "DIS"]


@dataclass(frozen=True)
class Row:
    """One thing that can be asked for, and the answer to each of the thirteen."""

    what: str
    answers: str
    since: str = ""  # a later release brings the feature
    deviation: str = ""


MATRIX = (
    Row("draft: read", "D A D D D D D D D D D D D".replace(" ", "")),
    Row("invited text: read", "D A A D D D D D D D D D D".replace(" ", "")),
    Row("draft: edit", "D A D D D D D D D D D D D".replace(" ", "")),
    Row("co-sign request: answer", "D D A D D D D D D D D D D".replace(" ", "")),
    Row("submitted: read", "D A A D A A D D D D D D D".replace(" ", "")),
    Row(
        "submitted: edit text",
        "D D D D D D D D D D D D D".replace(" ", ""),
        deviation="its author may take it back before the review begins; after a return he edits",
    ),
    Row("submitted: withdraw", "D A D D D D D D D D D D D".replace(" ", "")),
    Row("submitted: step out as a co-signer", "D D A D D D D D D D D D D".replace(" ", "")),
    Row(
        "review: file, refuse, return",
        "D D D D A D D D D D D D D".replace(" ", ""),
        deviation="the chair of the proposal committee examines; the secretariat enters what is decided",
    ),
    Row(
        "review opinion: give",
        "D D D D A D D D D D D D D".replace(" ", ""),
        deviation="the chair of the proposal committee gives one as well, on the portal's own page",
    ),
    Row("review opinion: read", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("submitted: read beside opinions", "D A A D A A D D D D D D D".replace(" ", "")),
    Row(
        "unit asked before the hand-over: read",
        "D A A D A A D A D D D D D".replace(" ", ""),
        deviation="the author and the chair of the committee read the proposal, never who is asked",
    ),
    Row(
        "unit asked before the hand-over: answers read",
        "D D D D A D D A D D D D D".replace(" ", ""),
    ),
    Row(
        "unit asked before the hand-over: answer",
        "D D D D A D D A D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan",
    ),
    Row("filing list: read", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("hand over", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("handed over: read", "D A A D A A D A D D D D D".replace(" ", "")),
    Row(
        "reply: write and send",
        "D D D D D D D A D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan, on its own page of the workplace",
    ),
    Row("reply: read before sent", "D D D D D D D A D D D D D".replace(" ", "")),
    Row(
        "reply: rate",
        "D A A D D D D D D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan",
    ),
    Row(
        "internal note: read",
        "D D D D A D D D D D D D D".replace(" ", ""),
        deviation="a chair's own notes come with the chairs' dashboard",
    ),
    Row("attachment: fetch", "D A A D A A D A D D D D D".replace(" ", "")),
    Row(
        "key proposal: read the log",
        "D A A D A A A A D D D D D".replace(" ", ""),
        deviation="the supervising committee reads what it supervises (here that of CHB)",
    ),
    Row("key proposal: choose", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("key proposal: log supervision", "D D D D A D A D D D D D D".replace(" ", "")),
    Row("award: enter", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("revoke", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("archived: read", "D A A D A A D A D D D D D".replace(" ", "")),
    Row("reply in check: read", "D D D D A D D A D D D D D".replace(" ", "")),
    Row("reply in check: pass or send back", "D D D D A D D D D D D D D".replace(" ", "")),
    Row(
        "reply to sign: sign",
        "D D D D D D D D D D D D D".replace(" ", ""),
        deviation="a leader of the unit alone; HU is its clerk",
    ),
    Row(
        "countersign: read",
        "D D D D A D D A D D D D D".replace(" ", ""),
        deviation="and the joint unit that is asked",
    ),
    Row("second round: demand", "D D D D A D D D D D D D D".replace(" ", "")),
    Row(
        "supplementary reply: write",
        "D D D D A D D A D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan",
    ),
    Row(
        "ratings: read sums",
        "D D D D A D D A A D D D D".replace(" ", ""),
        deviation="a unit's clerk those of the own unit only",
    ),
    Row("archive", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("public version: prepare and publish", "D D D D A D D D D D D D D".replace(" ", "")),
    Row(
        "public version: differences to the internal text",
        "D D D D A D D D D D D D D".replace(" ", ""),
    ),
    Row(
        "publication: whether and what is public",
        "D A A D A A D A D D D D D".replace(" ", ""),
        deviation="everybody else reads the public page",
    ),
    Row("public page of a published proposal", "A A A A A A A A A A A A A".replace(" ", "")),
    Row(
        "published proposal: second",
        "D D D A D D D D D D D D D".replace(" ", ""),
        deviation="a member in office alone, whatever other role they hold; never its proposers",
    ),
    Row("seconding: who and why", "D A A D A D D D D D D D D".replace(" ", "")),
    Row("public page of what is not published", "D D D D D D D D D D D D D".replace(" ", "")),
    Row("import: members", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("import: proposals", "D D D D A D D D D D D D D".replace(" ", "")),
    Row(
        "user: list",
        "D D D D D D D D D A A D D".replace(" ", ""),
        deviation="the security administrator sees accounts in order to grant roles",
    ),
    Row("user: create", "D D D D D D D D D A D D D".replace(" ", "")),
    Row("audit: read", "D D D D D D D D D D D A D".replace(" ", "")),
    Row(
        "settings: read",
        "D D D D A D D D D A D D D".replace(" ", ""),
        deviation="the secretariat keeps the office's own settings (days, wordings, lists)",
    ),
    Row("opinion draft: read", "D A D D D D D D D D D D D".replace(" ", "")),
    Row("opinion draft: edit", "D A D D D D D D D D D D D".replace(" ", "")),
    Row("opinion handed in: read", "D A D D A A D D D D D D D".replace(" ", "")),
    Row("opinion: register, select, keep", "D D D D A D D D D D D D D".replace(" ", "")),
    Row(
        "opinion: sign",
        "D D D D A D D D D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan; otherwise the designated leader",
    ),
    Row(
        "opinion bulletin: read",
        "D D D D A D D A D D D D D".replace(" ", ""),
        deviation="a unit, a leader or the supervision office only what was sent to them",
    ),
    Row(
        "opinion bulletin: answer",
        "D D D D A D D A D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan",
    ),
    Row(
        "opinion handed over: acknowledge",
        "D D D D A D D A D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan",
    ),
    Row(
        "opinion handed over: ask to return",
        "D D D D A D D A D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan",
    ),
    Row(
        "opinion request: read",
        "D D D D A D D A D D D D D".replace(" ", ""),
        deviation="the supervision office decides on shares of proposals, not of reports",
    ),
    Row("opinion request: decide", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("opinion handed over: pass on", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("opinion results: record", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("proposal not filed: convert", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("proposal not filed: review again", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("topic draft: read", "D A D D D D D D D D D D D".replace(" ", "")),
    Row("topic proposed: read", "D A D D A D D D D D D D D".replace(" ", "")),
    Row("topic: screen", "D D D D A D D D D D D D D".replace(" ", "")),
    Row(
        "organisation's proposal: begin",
        "D D D D D A A D D D D D D".replace(" ", ""),
        deviation="each for the committee they chair; the secretariat from paper, in its workplace",
    ),
    Row("issued plan: read", "D A A A A A A D D D D D D".replace(" ", "")),
    Row(
        "research in work: read",
        "D D D D A A D D D D D D D".replace(" ", ""),
        deviation="once approved, whoever sees the topic or is invited reads it too",
    ),
    Row("session in preparation: read", "D D D D A A D D D D D D D".replace(" ", "")),
    Row("session: notify", "D D D D A A D D D D D D D".replace(" ", "")),
    Row("session: answer the invitation", "D A A A D D D D D D D D D".replace(" ", "")),
    Row(
        "recommendation: answer",
        "D D D D A D D A D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan",
    ),
    Row(
        "recommendation: verify",
        "D D D D A A D D D D D D D".replace(" ", ""),
        deviation="the secretariat only from paper, with a scan",
    ),
    Row("look-back: choose", "D D D D A D D D D D D D D".replace(" ", "")),
    Row("dashboard: own committee", "D D D D A o o D D D D D D".replace(" ", "")),
    Row("export: unmasked", "D D D D D D D D D D D D D".replace(" ", ""), since="0.4"),
    Row("backup", "D D D D D D D D D A D D D".replace(" ", ""), since="0.9"),
)
