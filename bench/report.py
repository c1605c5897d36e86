"""`python -m bench.report`: how long an edition's written reports take, and how many tokens.

A stub model's server takes two seconds for each call, whatever is asked. Times are given in calls.
Tokens are counted twice: as the emulator does (four characters make one), and as high as they may
come (a Hangul letter is one); in and out, for each paper shown. The sample's answers are those that
were written for it; the large edition is sixteen categories of five made-up papers.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from aiohttp import ClientSession, web

from bot.reporting import Forgetful, Reporter
from core.category import default_taxonomy
from core.edition import Edition
from core.i18n import catalog
from core.paper import Paper
from core.report.llm import LlmWriter
from core.report.prompt import estimated_tokens
from core.report.server import ModelServer
from core.sample import sample_edition, sample_report
from tests.emulators.openai_rules import text_of
from tests.emulators.openai_server import KEY, MODELS, OpenAIServer
from tests.factories import make_edition, make_paper

P = ParamSpec("P")
T = TypeVar("T")
Json = dict[str, Any]

CALL_SECONDS = 2.0
CATEGORIES, PAPERS = 16, 5
# The most that a shown paper may take, in and out.
TOKENS = 1_200


class SlowServer(OpenAIServer):
    """The emulated model's server, slow."""

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(CALL_SECONDS)
        return await super()._completions(request)


@dataclass
class Result:
    """What one edition took."""

    papers: int
    calls: float
    asked: int
    extracted: int
    tokens: list[int] = field(default_factory=lambda: [0, 0])


async def main() -> None:
    """Print a line for each edition; exit code 1 where a target is missed."""
    taxonomy = default_taxonomy()
    sample = sample_edition(taxonomy)
    slugs = [slug for slug in taxonomy.slugs if slug != "other"][:CATEGORIES]
    large = make_edition(
        {s: [_paper(n * PAPERS + m) for m in range(PAPERS)] for n, s in enumerate(slugs)}, taxonomy
    )
    print(
        f"{'edition':<22}{'calls':>7}{'time':>12}{'target':>8}{'tokens a paper':>17}{'at most':>9}"
    )
    fine = True
    ours, theirs = Pipe()
    server = Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    url = await asyncio.to_thread(ours.recv)
    for name, edition, shown, target in (
        ("sample, 7 x 1-4", sample, sample.fullest_first, 1.3),
        ("large, 16 x 5", large, slugs, 2.2),
    ):
        found = await _measured(edition, shown, url)
        few, most = (count / found.papers for count in found.tokens)
        print(
            f"{name:<22}{found.asked:>7}{f'{found.calls:.2f} calls':>12}{target:>8}"
            f"{few:>17.0f}{most:>9.0f}"
        )
        if found.extracted:
            print(f"  extracted in part or whole: {found.extracted} reports", file=sys.stderr)
        fine = fine and found.calls <= target and most <= TOKENS and not found.extracted
    server.kill()
    sys.exit(not fine)


async def _measured(edition: Edition, slugs: Sequence[str], url: str) -> Result:
    async with ClientSession() as session:
        before = len((await _state(session, url))["requests"])
        model = ModelServer(url, KEY, MODELS[0])
        writer = LlmWriter(model, Forgetful(), lambda: datetime.now(UTC))
        reporter = Reporter(_in_a_thread, PAPERS, writer, lambda why: print(why, file=sys.stderr))
        start = time.perf_counter()
        reports = await reporter.reports(edition, slugs, catalog("ko"))
        seconds = time.perf_counter() - start
        await writer.close()
        requests = (await _state(session, url))["requests"][before:]
    result = Result(
        papers=sum(len(report.papers) for report in reports),
        calls=seconds / CALL_SECONDS,
        asked=len(requests),
        extracted=sum(report.method != "llm" or bool(report.extracted) for report in reports),
    )
    for one in requests:
        texts = [text_of(message) for message in one["body"]["messages"]]
        texts.append(one["content"] or "")
        schema = json.dumps(one["body"].get("response_format", {}))
        result.tokens[0] += sum(-(-len(text) // 4) for text in (*texts, schema))
        result.tokens[1] += sum(estimated_tokens(text) for text in (*texts, schema))
    return result


async def _state(session: ClientSession, url: str) -> Json:
    async with session.get(f"{url.removesuffix('/v1')}/_control/state") as answer:
        state: Json = await answer.json()
        return state


def _serve(told: Connection) -> None:
    """The stub, in a process of its own as a model's server is."""

    async def serve() -> None:
        async with SlowServer(answer=_from_sample(sample_edition(default_taxonomy()))) as server:
            told.send(server.url)
            await asyncio.Event().wait()

    asyncio.run(serve())


def _titles(body: Json) -> list[str]:
    return [json.loads(line)["title"] for line in text_of(body["messages"][1]).split("\n")]


def _from_sample(edition: Edition) -> Callable[[Json], Json | str]:
    """The model as it would be were it as careful as who wrote the sample's reports."""

    def say(body: Json) -> Json | str:
        titles = _titles(body)
        for slug, entries in edition.categories.items():
            if [entry.paper.title for entry in entries] == titles:
                report = sample_report(slug, entries, "ko")
                return _as_json(report) if report else "no report of it"
        return _about(body)

    return say


def _as_json(report: object) -> Json:
    parts: Json = {"keywords": list(report.keywords)}  # type: ignore[attr-defined]
    for part in ("themes", "findings", "impact", "outlook"):
        claims = getattr(report, part)
        parts[part] = [{"text": claim.text, "cites": list(claim.cites)} for claim in claims]
    return parts


_LINES = (
    "풀기 어려운 문제를 여러 단계로 나누어, 적은 자료로도 정확도를 높입니다.",
    "단계마다 따로 배우던 것을 함께 배워, 공통된 것을 잊지 않습니다.",
    "이름표가 붙은 자료를 많이 쓰지 않고도 문제를 풀어 정확도가 높아집니다.",
    "기존 연구가 따로 학습하던 단계를 하나로 묶는 방법을 제안합니다.",
    "단계들이 공유하는 정보를 살려서 어려운 주제의 정확도를 개선합니다.",
)


def _about(body: Json) -> Json:
    names = [title.partition(":")[0] for title in _titles(body)]
    last = len(names)
    findings = [
        {"text": f"{name}: {_LINES[n % len(_LINES)]}", "cites": [n + 1]}
        for n, name in enumerate(names)
    ]
    return {
        "themes": [
            {"text": "여러 단계를 함께 배우는 연구가 이어집니다.", "cites": [*range(1, last + 1)]}
        ],
        "keywords": ["정확도", "적은 자료", "단계별 학습", "실험"],
        "findings": findings,
        "impact": [
            {"text": f"자료가 적은 곳에서는 {names[0]}의 방법을 써 볼 수 있습니다.", "cites": [1]}
        ],
        "outlook": [
            {
                "text": f"{names[-1]}의 방법이 다른 문제에서도 통하는지는 남은 일입니다.",
                "cites": [last],
            }
        ],
    }


def _paper(number: int) -> Paper:
    """As long as arXiv's abstracts mostly are: some 1,300 characters."""
    filler = (
        "Prior studies split the problem into stages and train each of them alone, which needs much"
        " labelled data and forgets what the stages have in common. "
    ) * 7
    plain = make_paper(number)
    return make_paper(number, abstract=f"{filler}{plain.abstract}")


async def _in_a_thread(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.to_thread(work, *args, **kwargs)


if __name__ == "__main__":
    asyncio.run(main())
