"""The words that English follow-up questions are told apart by. Closed classes are whole; of verbs, which are
no closed class, those that people ask pages about."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


BE = _set("is are was were am")
AUXILIARIES = BE | _set(
    "do does did has have had can could will would shall should may might must isn't aren't wasn't "
    "weren't don't doesn't didn't can't couldn't won't wouldn't shouldn't mustn't"
)
ASKING = _set("what which who whom whose when where why how")
PREPOSITIONS = _set(
    "about after against along among around at before behind below beside between beyond by during for "
    "from in inside into near on onto outside over per since through throughout to towards under until "
    "till upon via with within without"
)
DETERMINERS = _set("a an the my your our his her its their this that these those each every any some no")
SELF = _set("i you we one someone people me us")
"""Subjects that a question is not about."""
TAIL = _set("too also instead then please again though")
"""Words at the end of a follow-up that add nothing to what is asked."""
REQUESTS = _set(
    "tell show list give explain describe find compare summarize summarise thanks thank ok okay yes no"
)
"""First words of what is no part of a question."""

VERBS = _set(
    "accept allow apply arrive ask attend become begin belong book borrow bring build buy call cancel "
    "carry change charge check choose close come complain contact contain cook cost cover cross cycle "
    "deal decide deliver depart depend die drink drive eat employ enter expire extend feed find finish "
    "fit fly get give go grow happen have help hire hold include join keep know land last lead learn "
    "leave let lie live lose make mean meet need offer open operate order own park pay phone plan play "
    "produce provide publish reach read receive register rent repair replace report reserve return ride "
    "run say see sell send serve ship show sleep speak spend stand start stay stop study support swim "
    "take teach tell travel try turn use visit vote wait walk want wear weigh win work write"
)
PURE_VERBS = _set("open close start end begin finish leave arrive return depart expire")
"""Verbs that stand alone in a follow-up: "and close?"."""
PARTICIPLES = {
    "built": "built", "wrote": "written", "won": "won", "made": "made", "sold": "sold", "led": "led",
    "began": "begun", "bought": "bought", "drew": "drawn", "gave": "given", "held": "held", "lost": "lost",
    "ran": "run", "took": "taken", "taught": "taught", "chose": "chosen", "found": "found", "left": "left",
}  # fmt: skip
"""Past forms that do not end in -ed, and their participles."""
PREDICATES = frozenset(PARTICIPLES.values()) | _set(
    "free open born available welcome necessary possible due valid busy full safe legal compulsory known "
    "set shut put kept paid located worth old large big tall high long deep far heavy"
)
"""What may follow a subject after a form of "be", beside words in -ed."""

DAYS = _set(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays "
    "fridays saturdays sundays weekday weekdays weekend weekends today tomorrow yesterday holidays"
)
MONTHS = _set("january february march april may june july august september october november december")
SEASONS = _set("spring summer autumn fall winter")
PARTS_OF_DAY = _set("morning mornings afternoon afternoons evening evenings night nights noon midnight")
GROUPS = _set(
    "adult adults child children kid kids student students senior seniors pensioner pensioners member "
    "members non-member non-members resident residents visitor visitors family families group groups "
    "teenager teenagers baby babies beginner beginners tourist tourists teacher teachers"
)
ATTRIBUTES = _set(
    "address age area author capacity capital cost date deadline depth director email fee height hours "
    "length manager mayor name number owner phone population postcode price size telephone time weight "
    "width"
)
"""Nouns of what is asked of a thing; "the width" asks it of the thing that was spoken of."""
PERSONS = _set(
    "architect artist author builder chairman chairwoman chef coach composer designer director editor "
    "engineer founder inventor king leader manager mayor minister owner painter person player president "
    "queen winner writer"
)
PLURALS = _set("people children men women staff police")
GOING = _set("get go travel come drive walk cycle fly")
