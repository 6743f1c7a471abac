"""What English words mean to a table: which say the same, which order, count or compare.

Kept small and general: words of sport, government, music and trade that head columns everywhere. Keys
and values are stems as :func:`browseagent.answer.lexical.stem` gives them.
"""

from __future__ import annotations

from browseagent.answer.lexical import stem


def _groups(text: str) -> dict[str, tuple[str, ...]]:
    """One group of interchangeable words a line → each stem with the other stems of its groups."""
    found: dict[str, list[str]] = {}
    for line in text.strip().splitlines():
        stems = [stem(word) for word in line.split()]
        for one in stems:
            found.setdefault(one, []).extend(other for other in stems if other != one)
    return {one: tuple(dict.fromkeys(others)) for one, others in found.items()}


NAMES = _groups(
    """
    team club side franchise squad nation
    team opponent
    country nation nationality noc
    player name
    rider driver name
    swimmer runner athlete competitor racer cyclist wrestler boxer name
    member politician candidate representative name
    person name people
    president leader minister mayor chairperson chairman governor name
    actor actress star cast
    location place venue city site town where
    venue stadium arena ground site
    position pos place rank ranking
    finish pos position result place rank
    points pts point pnts
    game match date opponent
    game event
    goals gf goal score scored
    win won wins w winner winning victory victories
    winner champion gold first
    loss lost lose losses l defeat
    draw tie drawn d tied ties draws
    year date season years
    day date
    month date
    song title track single
    album title
    movie film title
    book title work novel composition score
    episode title
    time duration length long
    height tall elevation
    length long distance
    age old birth born
    attendance attended crowd spectators
    population people inhabitants pop
    result score outcome
    cost price fee charge fare amount rate
    opening hours open time times
    tournament competition event championship race
    race grand prix
    circuit track
    died death dead
    born birth
    speed velocity fast max
    writer author written wrote
    director directed
    artist performer performed sang
    school college university alma
    party affiliation
    state province region county district
    weight heavy kg lb mass
    built completed opened construction
    start began begin started from
    end ended until to finished
    votes vote
    percent percentage % share
    number no total
    medals total
    aircraft plane model type
    car vehicle constructor make model chassis
    manufacturer maker constructor make
    language spoken
    delivery shipping
    played pld gp matches appearances apps
    appearances apps caps games
    album record label
    name title
    wrote writer composer
    currency money
    term office
    """
)

CELLS = _groups(
    """
    win w won winner
    loss l lost lose lost defeat
    draw d t tie drawn tied
    yes y
    no n
    female woman women
    male man men
    qb quarterback
    usa us american
    uk british
    """
)

_DEMONYMS = """
american=united states|usa|us; british=united kingdom|uk|great britain; english=england; scottish=scotland; welsh=wales;
irish=ireland; french=france; german=germany; italian=italy; spanish=spain; spaniard=spain; portuguese=portugal;
dutch=netherlands; belgian=belgium; swiss=switzerland; austrian=austria; swedish=sweden; norwegian=norway; danish=denmark;
finnish=finland; finn=finland; russian=russia; soviet=soviet union; polish=poland; czech=czech republic|czechoslovakia;
slovak=slovakia; hungarian=hungary; romanian=romania; bulgarian=bulgaria; greek=greece; turkish=turkey; ukrainian=ukraine;
canadian=canada; mexican=mexico; brazilian=brazil; argentine=argentina; argentinian=argentina; chilean=chile;
colombian=colombia; cuban=cuba; jamaican=jamaica; japanese=japan; chinese=china; korean=korea; indian=india;
australian=australia; zealander=new zealand; african=africa; kenyan=kenya; ethiopian=ethiopia; egyptian=egypt;
moroccan=morocco; nigerian=nigeria; israeli=israel; iranian=iran; thai=thailand; croatian=croatia; serbian=serbia;
slovenian=slovenia; estonian=estonia; latvian=latvia; lithuanian=lithuania; belarusian=belarus; georgian=georgia;
kazakh=kazakhstan; european=europe; asian=asia; venezuelan=venezuela; peruvian=peru; filipino=philippines;
indonesian=indonesia; malaysian=malaysia; pakistani=pakistan; icelandic=iceland; ugandan=uganda; tanzanian=tanzania
"""
PEOPLES: dict[str, tuple[tuple[str, ...], ...]] = {
    stem(pair.split("=")[0].strip()): tuple(
        tuple(stem(word) for word in name.split()) for name in pair.split("=")[1].strip().split("|")
    )
    for pair in _DEMONYMS.replace("\n", " ").split(";")
}
"""Demonym → names of the country, each as its stems."""

BASE = {
    "won": "win", "winner": "win", "winning": "win", "lost": "loss", "lose": "loss", "losing": "loss", "held": "hold",
    "took": "take", "ran": "run", "women": "woman", "men": "man", "tied": "tie", "wrote": "write", "sold": "sell",
    "built": "build", "began": "begin", "begun": "begin", "came": "come", "went": "go", "got": "get", "children": "child",
    "people": "people", "cities": "city", "countries": "country", "spent": "spend", "led": "lead", "scored": "score",
}  # fmt: skip
"""Irregular forms → the form that is looked up."""

ORDERING = {
    **dict.fromkeys("most highest largest greatest biggest maximum max longest tallest heaviest widest deepest "
                    "farthest furthest strongest dearest".split(), "most"),
    **dict.fromkeys("least fewest lowest smallest shortest minimum min lightest narrowest cheapest "
                    "closest nearest".split(), "least"),
    **dict.fromkeys("best top topped leading".split(), "best"),
    **dict.fromkeys("worst bottom".split(), "worst"),
    **dict.fromkeys("fastest quickest".split(), "fast"),
    **dict.fromkeys("slowest".split(), "slow"),
    **dict.fromkeys("first earliest oldest initial original".split(), "early"),
    **dict.fromkeys("last latest newest final recent youngest recently".split(), "late"),
}  # fmt: skip
"""Superlative → its class."""

COMPARING = {
    **dict.fromkeys("more higher larger greater bigger longer taller heavier wider deeper farther further".split(), "most"),
    **dict.fromkeys("less fewer lower smaller shorter lighter cheaper closer".split(), "least"),
    **dict.fromkeys("better above".split(), "best"),
    **dict.fromkeys("worse below".split(), "worst"),
    **dict.fromkeys("faster quicker".split(), "fast"),
    **dict.fromkeys("slower".split(), "slow"),
    **dict.fromkeys("earlier sooner before older".split(), "early"),
    **dict.fromkeys("later after newer younger".split(), "late"),
}  # fmt: skip
"""Comparative → the class of its superlative."""

NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()  # noqa: SIM905
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "once": 1, "twice": 2, "single": 1}
ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),  # noqa: SIM905
        1,
    )
}

TIMES = frozenset(("date", "year", "time"))

# Words that say what is to be done with a table rather than what stands in it.
OPERATORS = frozenset(
    stem(word)
    for word in (
        "many much number total amount count average mean sum combined altogether difference between more less fewer "
        "than most least before after next previous prior first last only other same also both each any all name list "
        "listed tell give find what which who when where how long times time besides except not did does was were is "
        "are has have had highest lowest largest smallest longest shortest earliest latest greatest fewest best top "
        "bottom consecutive row above below at over under up to since until during in on by come came table chart "
        "different there total or and one two three".split()
    )
)
