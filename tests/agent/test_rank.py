"""Which link is followed first, and how answers of several pages become one."""

from __future__ import annotations

from dataclasses import replace

from browseagent.agent.believe import PageAnswer, merge
from browseagent.agent.leads import Candidate, Lead
from browseagent.agent.rank import Ranked, rank
from browseagent.answer.question import Question
from browseagent.model.port import Likelihood
from browseagent.model.scripted import LexicalModel, ScoreCall, ScriptedModel
from browseagent.records import Answer, Answered, NotFound, Quote

QUESTION = "How much does a bulky waste collection cost?"


def candidate(path: str, anchor: str = "", around: str = "", lead: Lead = Lead.LINK) -> Candidate:
    return Candidate(f"https://town.example/{path}", lead, "https://town.example/", anchor, "", around, 1)


def order(*candidates: Candidate, question: str = QUESTION) -> list[str]:
    found = rank(Question.of(question), [Ranked(each) for each in candidates], LexicalModel(), 10_000)
    return [each.candidate.url.rpartition("/")[2] for each in found]


def test_what_shares_the_rarest_words_comes_first() -> None:
    """The anchor counts more than the words beside it; an address alone counts too."""
    links = [
        candidate("a", "Council tax"),
        candidate("b", "Book a collection of bulky waste"),
        candidate("c", "Household tips", "for bulky waste"),
        candidate("waste-collection", lead=Lead.SITEMAP),
    ]
    assert order(*links) == ["b", "waste-collection", "c", "a"]


def test_a_bare_address_that_shares_no_word_is_no_candidate() -> None:
    """Of a sitemap's thousands only those are kept that say something of the question."""
    assert order(candidate("news", lead=Lead.SITEMAP), candidate("x", "Contact")) == ["x"]


def test_the_model_sees_what_words_do_not() -> None:
    """Where no word is shared, the link after which the question is likeliest leads; asked once for each."""

    def score(context: str, continuation: str) -> Likelihood:
        return Likelihood(-20.0 if "Rubbish" in context else -40.0, 10)

    model = ScriptedModel(score)
    links = [Ranked(candidate("a", "Mayor")), Ranked(candidate("b", "Rubbish"))]
    found = rank(Question.of("How do I get rid of a sofa?"), links, model, 10_000)
    assert found[0].candidate.anchor == "Rubbish" and found[0].gain == 2.0
    assert "model +2.00" in found[0].why
    again = rank(Question.of("How do I get rid of a sofa?"), found, model, 10_000)
    assert [each.promise for each in again] == [each.promise for each in found]
    assert [len(call.pairs) for call in model.history if isinstance(call, ScoreCall)] == [3]


def test_the_budget_of_tokens_holds() -> None:
    """With few tokens left the model is asked about few links, or none."""
    model = ScriptedModel(lambda context, continuation: Likelihood(-1.0, 1))
    rank(Question.of(QUESTION), [Ranked(candidate(str(i), "Link")) for i in range(30)], model, 250)
    assert [len(call.pairs) for call in model.history if isinstance(call, ScoreCall)] == [3]
    assert rank(Question.of(QUESTION), [], model, 0) == ()


def said(text: str, confidence: float, url: str) -> Answer:
    if not text:
        return NotFound(question=QUESTION, confidence=confidence)
    quote = Quote(text, 0, len(text), url, url)
    return Answered(question=QUESTION, answer=text, support=(quote,), confidence=confidence)


def test_pages_that_do_not_agree_are_shown_newest_first() -> None:
    """The likeliest answer is given, what other pages say stands beside it, the newest page first."""
    answer = merge(
        [
            PageAnswer(said("£60 a year", 0.5, "old"), "2021-01-01", 0.5),
            PageAnswer(said("£72 a year", 0.8, "now"), "2025-01-01", 0.5),
            PageAnswer(said("£66 a year", 0.6, "then"), "2023-01-01", 0.5),
            PageAnswer(said("£72 a year", 0.7, "too"), "", 0.5),
            PageAnswer(said("£80 a year", 0.5, "other"), "", 0.7),
            PageAnswer(said("", 0.1, ""), "", 0.5),
        ]
    )
    assert isinstance(answer, Answered) and answer.text == "£72 a year"
    assert [quote.url for quote in answer.quotes] == ["now", "too"]
    assert [(each.text, each.quote.url) for each in answer.alternatives] == [
        ("£66 a year", "then"),
        ("£60 a year", "old"),
    ]


def test_no_sure_answer_is_none() -> None:
    """Several pages, none of them sure: not found, with what came nearest."""
    answer = merge([PageAnswer(said("£60", 0.3, "a"), "", 0.5), PageAnswer(said("£72", 0.4, "b"), "", 0.5)])
    assert isinstance(answer, NotFound) and answer.confidence == 0.4
    assert [quote.url for quote in answer.closest] == ["b", "a"]


def test_one_page_is_answered_as_it_is() -> None:
    """Where no link was followed, its answer stands as it is, however unsure."""
    only = said("£60", 0.3, "a")
    assert merge([PageAnswer(only, "", 0.5)]) is only


def test_an_answer_of_another_form_is_not_believed() -> None:
    """Asked how long something is, a day is no answer, however sure; a weaker one with an amount is given."""
    day = PageAnswer(said("Saturday", 0.9, "home"), "", 0.4, formed=False)
    length = PageAnswer(said("74 metres", 0.6, "bridge"), "", 0.5)
    answer = merge([day, length])
    assert isinstance(answer, Answered) and answer.text == "74 metres" and not answer.alternatives
    assert isinstance(merge([day, replace(length, needed=0.7)]), NotFound)


def test_what_a_page_says_in_passing_gives_way_to_a_page_headed_by_the_question() -> None:
    """The surer answer of a page that is about something else is shown beside the one that is given."""
    passing = PageAnswer(said("Odile Farrant", 0.9, "home"), "", 0.5, headed=False)
    about = PageAnswer(said("Ilse Brandt", 0.6, "bridge"), "", 0.5)
    answer = merge([passing, about])
    assert isinstance(answer, Answered) and answer.text == "Ilse Brandt"
    assert [each.text for each in answer.alternatives] == ["Odile Farrant"]
    alone = merge([passing, replace(about, needed=0.7)])
    assert alone.text == "Odile Farrant"


def test_words_that_say_the_form_of_the_answer_lead_to_no_link() -> None:
    """Nobody looks in "The long read" for how long a job is kept; "Collection days" is about on which day."""
    question = "How long are failed jobs kept?"
    assert order(candidate("a", "The long read"), candidate("b", "Jobs"), question=question)[0] == "b"
    [other] = rank(Question.of(question), [Ranked(candidate("a", "The long read"))], LexicalModel(), 0)
    assert other.match == 0 and not other.shared
    links = (candidate("a", "Council tax"), candidate("b", "Collection days"))
    assert order(*links, question="On which day are bins emptied?")[0] == "b"
