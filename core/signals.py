"""Signals: what sources and authors say about a paper, read as plain facts."""

import re

from core.paper import Paper

# A promise or a condition is no release.
_PROMISE = re.compile(
    r"\b(?:will|shall)\s+(?:\w+\s+){0,2}?(?:be|make|release|open|publish|share|provide|upload)\b"
    r"|\bto\s+be\s+(?:\w+ly\s+)?(?:made|released|published|open)|\bnot\s+(?:yet|be|\w+ly)\b"
    r"|\b(?:upon|once|when|soon|shortly|plan(?:s|ned|ning)?|intend(?:s|ed)?|requests?)\b"
    r"|\bafter\s+(?:\w+\s+){0,2}(?:acceptance|accepted|publication|review)\b",
    re.IGNORECASE,
)
_THING = (
    r"(?:code(?:s|base)?|implementations?|datasets?|data|models?|weights|checkpoints|benchmarks?"
    r"|corpus|corpora|toolkit|toolbox|library|software|scripts|annotations)"
)
_LINK = r"(?:https?://|www\.|this\s+https?\s+URL)"
_PLACE = rf"(?:{_LINK}|github|gitlab|hugging\s?face|zenodo)"
_HOST = (
    r"(?:github\.com|huggingface\.co|bitbucket\.org|codeberg\.org|4open\.science)/\w"
    r"|\bgitlab(?:\.\w+)+/\w|zenodo\.(?:org/\w|\d)"
)
_RELEASE = re.compile(
    rf"{_HOST}"
    # The code and data are publicly available; our models have been released.
    rf"|(?:^|\b(?:our|the|all|both|source)\b)[^.;]{{0,60}}?\b{_THING}\b[^.;]{{0,80}}?"
    r"\b(?:is|are|has\s+been|have\s+been)\s+(?:\w+\s+){0,2}?"
    r"(?:(?:publicly|freely|openly)\s+(?:available|accessible|released|shared)"
    r"|open[- ]?sourced\b|made\s+(?:available|public|accessible)|available\s+publicly|released(?=\W*$|\s+(?:at|on|under|here|publicly|for|to|in|as|with|via)\b)"
    rf"|(?:available|accessible)\s+(?:here|(?:at|on|via|from|through|in)\s[^.;]{{0,40}}{_PLACE}))"
    # We release the dataset; we share all our models; we make our code available.
    r"|\b(?:we\s+(?:\w+ly\s+|also\s+|further\s+|have\s+|\w+\s+and\s+){0,2}|and\s+(?=\w+\s+our\b))"
    rf"(?:(?:released?|open[- ]?sourced?)\s[^.;]{{0,80}}?\b{_THING}\b"
    rf"|(?:share|publish)\s(?:our|the|all|both)\b[^.;]{{0,60}}?\b{_THING}\b"
    rf"|make\b[^.;]{{0,60}}?\b{_THING}\b[^.;]{{0,40}}?\b(?:available|public|accessible)\b)"
    # Code: https://…; dataset available at this https URL; source code is available online.
    rf"|\bcodes?\b[^.;]{{0,60}}?{_LINK}"
    rf"|\b{_THING}\b(?:\s*(?:link)?\s*:|[^.;]{{0,40}}?\b(?:available|released|found|access\w+)\b)"
    rf"[^.;]{{0,30}}?{_PLACE}"
    r"|\bcodes?\b[^.;]{0,40}?\b(?:is|are)\s+available(?:\s+(?:online|here|now))?\W*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(_HOST, re.IGNORECASE)
# One of these is in whatever the pattern finds; to see that most statements have none is far cheaper.
_HINTS = (
    *(
        "releas",
        "availab",
        "access",
        "public",
        "shar",
        "publish",
        "open-sourc",
        "open sourc",
        "http",
    ),
    *("www.", "github", "gitlab", "hugging", "zenodo", "bitbucket", "codeberg", "4open"),
)
_STATEMENT = re.compile(r"[.!?;]\s+|\s\|\s|\bv\d:\s*")

# Case tells the acronyms from words. A year may follow without a space ("ICCV2025", "CHI'25"); what
# goes on after a hyphen or a slash is another meeting.
_VENUE = re.compile(
    r"(?<![\w@/-])(N(?:eur|EUR)IPS|ICML|ICLR|CVPR|ICCV|ECCV|WACV|BMVC|MICCAI|ACL|EMNLP|NAACL|EACL"
    r"|COLING|COLM|AAAI|IJCAI|KDD|SIGIR|Rec[Ss]ys|CIKM|WSDM|WWW|ACM ?MM|ACM Multimedia|Interspeech"
    r"|INTERSPEECH|ICASSP|ISMIR|ICRA|IROS|CoRL|RSS|AISTATS|UAI|COLT|TMLR|JMLR|TPAMI"
    r"|USENIX Security|CCS|NDSS|MLSys|ASPLOS|ISCA|SIGGRAPH(?: Asia)?|CHI|AAMAS|(?<!IEEE )ECAI"
    r"|ECML(?:[ /-]PKDD)?|TACL)(?=(?:\s?['’]?|-)\d{2}|\b)(?![/-][A-Za-z])"
    r"(?:,?[\s'’-]{0,3}(?:20)?\d\d\b['’]?)?"
)
# The journals themselves, never "Nature Communications" or "Computer Science".
_JOURNAL = re.compile(
    r"\b(?:[Aa]ccepted|[Pp]ublished|appear|press)\s+(?:\w+\s+)?(?:in|by|at|to)\s+(Nature|Science)"
    r"(?=\s*(?:$|[,(]|20\d\d))"
)
_ACCEPTED = re.compile(
    r"\bacc(?:ept|pet)|\bappear|\bpublish|\boral\b|\bspotlight|\bhighlight\b|\bcamera[- ]ready"
    r"|\bproceedings\b|\bin press\b|\bbest paper|\bmain[- ](?:conference|track)|\bconference paper",
    re.IGNORECASE,
)
# A paper of a workshop at a conference is not the conference's.
_BESIDE = re.compile(
    r"@\s?[A-Z]|(?i:workshop|challenge|competition|tutorial|doctoral|consortium|companion"
    r"|\bstudent\s+(?:abstract|paper|research|track)|\bdemo(?:nstration)?s?\s+(?:paper|track)"
    r"|late-breaking|extended abstract|conjunction|co-?located|satellite|(?:spring|fall) symposium"
    r"|\bnot\s+(?:\w+\s+){0,3}?(?:includ|part|appear|accept|publish|in\b))"
)
_OTHER_VERSION = re.compile(
    r"\bsubmi(?:t|ssion to)|\breview|\breject|\bwithdr|\bformerly\b|\bextend|\bextension"
    r"|\b(?:expanded|earlier|previous|preliminary|short|conference) version|\btemplate|\bstyle"
    r"|\bformat\b",
    re.IGNORECASE,
)
# What may stand right beside a venue's name; another name there is another event's.
_BEFORE = re.compile(
    r"(?:^|[,:(\[\]–-]|\b(?:[a-z]+|\d\w*['’]?|IEEE|ACM|The|In|[Pp]roceedings))\s*$"
)
_AFTER = re.compile(
    r"\s*(?:$|[a-z\d(),:\[\]–-]|Oral|Spotlight|Highlight|Poster|Main|Findings|Camera|Accepted|Paper"
    r"|Symposium|Project|Code|Website|Best|Cycle|ADS|Datasets|Industry)"
)

_HUGGINGFACE = "huggingface"
_DEEPLEARN = "deeplearn"


def upvotes(paper: Paper) -> int:
    """How many readers of Hugging Face recommend the paper; 0 if none do."""
    return max(_counts(paper, _HUGGINGFACE, "upvotes"), default=0)


def hot_place(paper: Paper) -> int:
    """The paper's place from 1 among deeplearn.org's hot papers; 0 if it is none."""
    return min(_counts(paper, _DEEPLEARN, "hot"), default=0)


def venue(comment: str) -> str:
    """The venue that accepted the paper, as its authors' comment spells it, or nothing.

    Said only where the comment leaves no doubt: the reason is shown as a fact.
    """
    if _BESIDE.search(comment):
        return ""
    for statement in _STATEMENT.split(comment):
        if not _ACCEPTED.search(statement) or _OTHER_VERSION.search(statement):
            continue
        for found in _VENUE.finditer(statement):
            before, after = statement[: found.start()], statement[found.end() :]
            if _BEFORE.search(before) and _AFTER.match(after):
                findings = "findings" in statement.lower()
                return f"{found[1]} Findings" if findings else found[1]
        if journal := _JOURNAL.search(statement):
            return journal[1]
    return ""


def released(paper: Paper) -> bool:
    """Whether code, data or a model is out: the authors say so, or its address is known."""
    if any(_values(paper, _HUGGINGFACE, "code")):
        return True
    text = f"{paper.comment}. {paper.abstract}"
    promised = False
    if _hints(text):
        for statement in filter(_RELEASE.search, filter(_hints, _STATEMENT.split(text))):
            if not _PROMISE.search(statement):
                return True
            promised = True
    # A promised address leads nowhere yet.
    return not promised and any(map(_ADDRESS.search, paper.links))


def _hints(text: str) -> bool:
    return any(map(text.lower().__contains__, _HINTS))


def _values(paper: Paper, source: str, name: str) -> list[int | str]:
    return [each.value for each in paper.signals if (each.source, each.name) == (source, name)]


def _counts(paper: Paper, source: str, name: str) -> list[int]:
    """The whole numbers above 0 among the values; anything else says nothing."""
    return [v for v in _values(paper, source, name) if isinstance(v, int) and v > 0]
