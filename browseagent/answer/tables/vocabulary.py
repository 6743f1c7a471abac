"""What English words mean to a table: which say the same, which order, count or compare.

Kept small and general: words of sport, government, music and trade that head columns everywhere. Keys
and values are stems as :func:`browseagent.answer.lexical.stem` gives them.
"""

from __future__ import annotations

from browseagent.answer.lexical import stem


def _listed(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


BASE = dict(
    pair.split("=")
    for pair in _listed(
        """
        won=win winner=win winning=win lost=loss lose=loss losing=loss held=hold took=take ran=run
        women=woman men=man tied=tie wrote=write sold=sell built=build began=begin begun=begin came=come
        went=go got=get children=child cities=city countries=country spent=spend led=lead scored=score
        longest=long longer=long shortest=long shorter=long tallest=tall taller=tall oldest=old
        older=old youngest=old younger=old heaviest=heavy heavier=heavy lightest=heavy fastest=fast
        faster=fast slowest=fast slower=fast died=death dead=death cheapest=price cheaper=price
        expensive=price born=birth costs=price cost=price attended=attendance played=play lasted=long
        ranked=rank ranking=rank
        """
    )
)
"""Irregular forms, and words that order → the form that is looked up."""


def root(word: str) -> str:
    """The stem under which a word is looked up, in questions, headers and cells alike."""
    return stem(BASE.get(word, word))


def _groups(text: str) -> dict[str, frozenset[str]]:
    """One group of interchangeable words a line → each stem with the other stems of its groups."""
    found: dict[str, list[str]] = {}
    for line in text.strip().splitlines():
        stems = [root(word) for word in line.split()]
        for one in stems:
            found.setdefault(one, []).extend(other for other in stems if other != one)
    return {one: frozenset(others) for one, others in found.items()}


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
    number no # total
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
american=united states|usa|us; british=united kingdom|uk|great britain; english=england;
scottish=scotland; welsh=wales; irish=ireland; french=france; german=germany; italian=italy;
spanish=spain; spaniard=spain; portuguese=portugal; dutch=netherlands; belgian=belgium;
swiss=switzerland; austrian=austria; swedish=sweden; norwegian=norway; danish=denmark; finnish=finland;
finn=finland; russian=russia; soviet=soviet union; polish=poland; czech=czech republic|czechoslovakia;
slovak=slovakia; hungarian=hungary; romanian=romania; bulgarian=bulgaria; greek=greece; turkish=turkey;
ukrainian=ukraine; canadian=canada; mexican=mexico; brazilian=brazil; argentine=argentina;
argentinian=argentina; chilean=chile; colombian=colombia; cuban=cuba; jamaican=jamaica; japanese=japan;
chinese=china; korean=korea; indian=india; australian=australia; zealander=new zealand; african=africa;
kenyan=kenya; ethiopian=ethiopia; egyptian=egypt; moroccan=morocco; nigerian=nigeria; israeli=israel;
iranian=iran; thai=thailand; croatian=croatia; serbian=serbia; slovenian=slovenia; estonian=estonia;
latvian=latvia; lithuanian=lithuania; belarusian=belarus; georgian=georgia; kazakh=kazakhstan;
european=europe; asian=asia; venezuelan=venezuela; peruvian=peru; filipino=philippines;
indonesian=indonesia; malaysian=malaysia; pakistani=pakistan; icelandic=iceland; ugandan=uganda;
tanzanian=tanzania
"""
PEOPLES: dict[str, tuple[tuple[str, ...], ...]] = {
    root(pair.split("=")[0].strip()): tuple(
        tuple(root(word) for word in name.split()) for name in pair.split("=")[1].strip().split("|")
    )
    for pair in _DEMONYMS.replace("\n", " ").split(";")
}
"""Demonym → names of the country, each as its stems."""


CODES = {
    one: name[0][:3]
    for people, names in PEOPLES.items()
    for name in names
    if len(name) == 1
    for one in (people, name[0])
    if len(name[0]) > 3
}
"""A people or its country → the first three letters of the country, as in "Joseph Kipkemboi (KEN)"."""


def _classes(text: str) -> dict[str, str]:
    """ "class: word word | class: word" → each word with its class."""
    parts = (part.split(":") for part in text.split("|"))
    return {word: name.strip() for name, members in parts for word in members.split()}


ORDERING = _classes(
    """
    most: most highest largest greatest biggest maximum max longest tallest heaviest widest deepest
    farthest furthest strongest dearest | least: least fewest lowest smallest shortest minimum min
    lightest narrowest cheapest closest nearest | best: best top topped leading | worst: worst bottom |
    fast: fastest quickest | slow: slowest | early: first earliest oldest initial original | late: last
    latest newest final recent youngest recently
    """
)
"""Superlative → its class."""

COMPARING = _classes(
    """
    most: more higher larger greater bigger longer taller heavier wider deeper farther further | least:
    less fewer lower smaller shorter lighter cheaper closer | best: better above | worst: worse below |
    fast: faster quicker | slow: slower | early: earlier sooner before older | late: later after newer
    younger
    """
)
"""Comparative → the class of its superlative."""

_CARDINALS = _listed(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty
    """
)
CARDINALS = {word: number for number, word in enumerate(_CARDINALS)}
"""Zero to twenty."""
NUMBERS = CARDINALS | {
    "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "once": 1, "twice": 2, "single": 1,
}  # fmt: skip
_ORDINALS = _listed("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
ORDINALS = {word: number for number, word in enumerate(_ORDINALS, 1)}

PERSONS = frozenset(
    root(word)
    for word in _listed(
        """
        name player driver rider athlete winner artist actor actress director author writer swimmer
        runner competitor member candidate representative president leader minister mayor chairperson
        governor person coach champion wrestler boxer cyclist skater golfer performer singer producer
        judge justice defendant incumbent captain medalist skier contestant recipient nominee manager
        opponent team character
        """
    )
)
"""What heads a column of people, or of what acts like them."""
PLACES = frozenset(
    root(word)
    for word in _listed(
        """
        location place venue city town site stadium arena country state county region circuit track
        hometown address room building nation district province
        """
    )
)
"""What heads a column of places."""
OPERATORS = frozenset(
    root(word)
    for word in _listed(
        """
        many much number total amount count average mean sum combined altogether difference between more
        less fewer than most least before after next previous prior first last only other same also both
        each any all name list listed tell give find what which who when where how long times time
        besides except not did does was were is are has have had highest lowest largest smallest longest
        shortest earliest latest greatest fewest best top bottom consecutive row above below at over
        under up to since until during in on by come came table chart different there or and one two
        three
        """
    )
)
"""Words that say what is to be done with a table rather than what stands in it."""
