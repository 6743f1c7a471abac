"""Lists of words for :mod:`browseagent.answer.claims`."""

from __future__ import annotations


def _groups(text: str) -> tuple[tuple[str, ...], ...]:
    """One group a bar or line, its words apart by spaces."""
    return tuple(tuple(group.split()) for group in text.replace("\n", "|").split("|") if group.strip())


MONTHS = _groups(
    """
january jan januar janvier enero | february feb februar février febrero | march mar märz mars marzo
april apr avril abril | may mai mayo | june jun juni juin junio | july jul juli juillet julio
august aug août agosto | september sep sept septembre septiembre | october oct oktober octobre octubre
november nov novembre noviembre | december dec dezember décembre diciembre
"""
)
"""Names of each month, January first, in some languages."""
DAYS = _groups(
    """
monday mon montag lundi lunes | tuesday tue tues dienstag mardi martes
wednesday wed mittwoch mercredi miércoles | thursday thu thur thurs donnerstag jeudi jueves
friday fri freitag vendredi viernes | saturday sat samstag samedi sábado
sunday sun sonntag dimanche domingo
"""
)
"""The same of the days, Monday first."""
OPENERS = _groups(
    """
according after all also although among another anyone because before besides both buy during each eight
eleven every everyone few fifty finally first five for forty four from further half however hundred
instead later many meanwhile more most much neither next nine nobody nor nothing now often one only other
overall people seven several since six sixty so some still such take ten then there therefore thirty
though three thus today together twelve twenty two until use visitors when whereas while with without yes
yesterday you your
"""
)
"""Capitals that begin a sentence without being a name."""
FORMS = _groups(
    """
child children | man men | woman women | person people | foot feet | buy bought | sell sold
rise rose risen | fall fell fallen | lose lost | win won | leave left | teach taught | build built
begin began begun | take took taken | give gave given | make made | go went gone | come came
see saw seen | find found | get got | hold held | keep kept | pay paid | say said | tell told
write wrote written | speak spoke spoken | drive drove driven | grow grew grown | know knew known
run ran | sit sat | stand stood | spend spent | lead led | meet met | think thought | bring brought
catch caught | feel felt | send sent | draw drew | drawn | eat ate eaten | break broke broken
choose chose chosen | wear wore worn | sink sank sunk | swim swam swum | fly flew flown
throw threw thrown | hit | cut | learn learnt | burn burnt | die dead death | beat beaten | bear born
late later
"""
)
"""Irregular forms, whose stems differ; the first of each group stands for the others."""
OPPOSITES = _groups(
    """
open close | increase decrease | increase reduce | rise fall | grow shrink | up down | more less
more fewer | before after | above below | over under | allow forbid | allow ban | allow prohibit
allow refuse | permit forbid | permit ban | cheaper dearer | win lose | winner loser | include exclude
minimum maximum | start end | start finish | begin end | first last | earlier later | early late
north south | east west | left right | accept reject | accept refuse | approve reject | pass fail
buy sell | higher lower | high low | larger smaller | bigger smaller | longer shorter | older younger
taller shorter | heavier lighter | faster slower | better worse | best worst | most least
largest smallest | highest lowest | longest shortest | oldest youngest | oldest newest | cheapest dearest
support oppose | for against | true false | safe dangerous | dry wet | hot cold | warmer colder
male female | man woman | arrive leave | arrive depart | enter leave | inside outside | indoor outdoor
public private | full empty | old new | free paid | compulsory optional | possible impossible
legal illegal | available unavailable | able unable | raise lower | raise cut | gain loss | profit loss
success failure | alive dead | present absent | credit debit | import export | majority minority
morning evening | morning afternoon | daily weekly | weekly monthly | monthly yearly | summer winter
spring autumn | adult child | parent child | mother father | son daughter | brother sister | husband wife
king queen
"""
)
"""Pairs of contraries."""
