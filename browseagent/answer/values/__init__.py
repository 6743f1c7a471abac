"""Values in words: numbers, money, dates, lengths of time and other measures, as pages write them. Pure.

The one parser of values, for answers, schemas, standing questions, tables and a page's own data. The page's
language says how they are written, by CLDR (babel); what can be read in two ways has no value.
"""

from browseagent.answer.values.amounts import Amount, amounts, has_amount, money, number, whole
from browseagent.answer.values.dates import Day, date_span, days, full_year, months, one_day, weekdays
from browseagent.answer.values.measures import Measure, clock, measures, seconds, unit_pattern
from browseagent.answer.values.numerals import CARDINALS, NUMERAL, ORDINALS, spelt

__all__ = [
    "CARDINALS",
    "NUMERAL",
    "ORDINALS",
    "Amount",
    "Day",
    "Measure",
    "amounts",
    "clock",
    "date_span",
    "days",
    "full_year",
    "has_amount",
    "measures",
    "money",
    "months",
    "number",
    "one_day",
    "seconds",
    "spelt",
    "unit_pattern",
    "weekdays",
    "whole",
]
