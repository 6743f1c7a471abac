"""Numbers and amounts of money as pages write them, by CLDR and the page's language."""

from __future__ import annotations

from decimal import Decimal

import pytest

from browseagent.answer.values import has_amount, money, number, whole


def told(words: str, language: str) -> str:
    """An amount and its currency in words; empty where there is none."""
    found = money(words, language)
    return "" if found is None else f"{found[0].normalize():f} {found[1]}".strip()


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        # how a country groups digits
        ("₹1,29,999.00", "en", "129999 INR"),
        ("₹12,34,56,789", "en-IN", "123456789 INR"),
        ("1.299 kr.", "en", "1299 DKK"),
        ("1.299 kr.", "da", "1299 DKK"),
        ("1 299 kr", "sv", "1299 SEK"),
        ("1 299 kr", "nb", "1299 NOK"),
        ("1 299 kr", "en", "1299"),
        ("129.000 ₫", "en", "129000 VND"),
        ("129.000₫", "vi", "129000 VND"),
        ("Rp 1.250.000", "id", "1250000 IDR"),
        ("1’299.50 CHF", "de-CH", "1299.5 CHF"),
        ("R$ 2.879,20", "pt-BR", "2879.2 BRL"),
        ("R$ 1.299", "en", "1299 BRL"),
        ("1\u202f299,00 €", "fr", "1299 EUR"),
        ("1.299 €", "de", "1299 EUR"),
        ("$1,299", "de", "1299 USD"),
        ("1,5万元", "zh", "15000 CNY"),
        ("₹2.5 lakh", "en-IN", "250000 INR"),
        # whole amounts with a dash for the cents
        ("1 299,-", "nb", "1299"),
        ("12 990:-", "sv", "12990"),
        ("49,- €", "de", "49 EUR"),
        ("-,99 €", "de", "0.99 EUR"),
        ("–,49 €", "de", "0.49 EUR"),
        ("€ -,50", "nl", "0.5 EUR"),
        ("kr 1.299,-", "da", "1299 DKK"),
        # marks of several countries
        ("$1,299.00 MXN", "es-MX", "1299 MXN"),
        ("$1,299.00", "es-MX", "1299 MXN"),
        ("$1.299", "es-AR", "1299 ARS"),
        ("$49.00", "en-CA", "49 CAD"),
        ("$49.00", "en", "49 USD"),
        ("$ 49", "es", "49"),
        ("HK$1,299", "en", "1299 HKD"),
        ("NT$1,299", "zh-TW", "1299 TWD"),
        ("¥1,299", "zh", "1299 CNY"),
        ("¥1,299", "ja", "1299 JPY"),
        ("¥1,299", "en", "1299"),
        ("KWD 1.250", "en", "1.25 KWD"),
        ("€5 £4", "en", ""),
        ("was £49 £39", "en", ""),
        ("129,000원", "ko", "129000 KRW"),
        ("1,299 บาท", "th", "1299 THB"),
        ("S/ 1,299.00", "es-PE", "1299 PEN"),
        ("Q1,299.00", "es-GT", "1299 GTQ"),
        ("KSh 1,299", "en-KE", "1299 KES"),
        ("1,299 ر.س", "ar-SA", "1299 SAR"),
        # scales of the page's language
        ("Rp1,2 juta", "id", "1200000 IDR"),
        ("Rp 50 ribu", "id", "50000 IDR"),
        ("1,2 Mio. €", "de", "1200000 EUR"),
        ("2 M €", "fr", "2000000 EUR"),
        ("2,5 millions d'euros", "fr", "2500000 EUR"),
        ("2,5 mln zł", "pl", "2500000 PLN"),
        ("1万2000円", "ja", "12000 JPY"),
        ("¥1万2000", "ja", "12000 JPY"),
        ("1億5000万円", "ja", "150000000 JPY"),
        ("1만 5천원", "ko", "15000 KRW"),
        ("1万円 2000円", "ja", ""),
        ("1 299 грн", "uk", "1299 UAH"),
        # hundredth parts
        ("1 299:50 kr", "sv", "1299.5 SEK"),
        ("99¢", "en-US", "0.99 USD"),
        ("50p", "en-GB", "0.5 GBP"),
        ("50 cents", "en", "0.5"),
        ("49€99", "fr", "49.99 EUR"),
        # what can be read two ways is no amount
        ("12.500 TND", "fr", ""),
        ("1.299 €", "en", ""),
        ("1,299 €", "de", ""),
        ("R$ 2.87920", "pt-BR", ""),
        ("3.500", "en", ""),
        ("1.2.3 €", "de", ""),
        ("1,899 € pro Liter", "de", "1.899 EUR"),
        ("£1.459 per litre", "en", "1.459 GBP"),
        ("$0.0015", "en", "0.0015 USD"),
        # no price
        ("from 21 € a month", "en", ""),
        ("ab 21 € im Monat", "de", ""),
        ("from £690 a person", "en", "690 GBP"),
        ("from £690, now £640", "en", "640 GBP"),
        ("12 x 21 €", "de", ""),
        ("från 21 kr/mån", "sv", ""),
        ("da 21 € al mese", "it", ""),
        ("od 21 zł/mies.", "pl", ""),
        ("4 interest-free payments of $12.50", "en", ""),
        ("3x sans frais 33,33 €", "fr", ""),
        ("Save £10", "en", ""),
        ("$10 off", "en", ""),
        ("£39, save £10", "en", "39 GBP"),
        ("£45 + £3.95 delivery", "en", ""),
        ("£34.90 per kg + £3.95 delivery", "en", ""),
        ("$10 per month plus $5 setup fee", "en", ""),
        ("$20 per month + $3.50 shipping", "en", ""),
        ("1 month = $9.99, activation $20", "en", ""),
        ("1 Monat = 9,99 €, Gebühr 20 €", "de", ""),
        ("$10 per month", "en", "10 USD"),
        ("£45+", "en", "45 GBP"),
        # what a kilogram or the like costs is the price of what is sold by it alone
        ("£3.49 (£34.90/kg)", "en", "3.49 GBP"),
        ("£3.49 87.3p/100g", "en-GB", "3.49 GBP"),
        ("3,49 € 1 kg = 34,90 €", "de", "3.49 EUR"),
        ("3,49 € (34,90 € / kg)", "de", "3.49 EUR"),
        ("250 000 € (3 500 €/m²)", "fr", "250000 EUR"),
        ("£34.90 per kg", "en", "34.9 GBP"),
        ('49.90 ש"ח', "he", "49.9 ILS"),
        ("21–35 €", "de", ""),
        ("£21 to £35", "en", ""),
        ("up to £35", "en", ""),
        ("499 € or from 21 € a month", "en", "499 EUR"),
        ("R$ 240 ou 12x de R$ 20", "pt-BR", "240 BRL"),
        ("It holds 1.7 litres.", "en", ""),
        ("1,7 Liter", "de", ""),
        ("TOP 10", "en", "10"),
        # signs
        ("−£5.00", "en", "-5 GBP"),
        ("£–5.00", "en", "-5 GBP"),
        ("-£5.00", "en", "-5 GBP"),
        ("Balance: –5,00 €", "de", "-5 EUR"),
        ("Lamp – £5.00", "en", "5 GBP"),
        ("R499", "en-ZA", "499 ZAR"),
        ("R499", "en", "499"),
        ("4 990 Ft", "hu", "4990 HUF"),
    ],
)
def test_money(words: str, language: str, expected: str) -> None:
    """The amount and its currency; never a number a thousand times too small."""
    assert told(words, language) == expected


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("−4 °C", "en", "-4"),
        ("–4 °C", "en", "-4"),
        ("-4 °C", "en", "-4"),
        ("Air: –6 °C", "en", "-6"),
        ("(−6)", "en", "-6"),
        ("− 6 °C", "en", "-6"),
        ("Air – 6 °C", "en", "6"),
        ("3–6 °C", "en", None),
        ("covid-19", "en", "19"),
        ("1.204 Menschen", "de", "1204"),
        ("1,204 people", "en", "1204"),
        ("1.204 people", "en", "1.204"),
        ("1.204", "", None),
        ("1,204", "", "1204"),
        ("3,5 Grad", "de", "3.5"),
        ("34 m", "en", "34"),
        ("1.2m", "en", "1.2"),
        ("1.2B views", "en", "1200000000"),
        ("3,4 k abonnés", "fr", "3400"),
        ("1,2\u00a0M de visualizaciones", "es", "1200000"),
        ("2 M de vues", "fr", "2000000"),
        ("2 M d'abonnés", "fr", "2000000"),
        ("12 k abonnés", "fr", "12000"),
        ("12 Md", "fr", "12000000000"),
        ("Taille 40 M", "fr", "40"),
        ("Capítulo 4 B", "es", "4"),
        ("Gleis 3 B", "tr", "3"),
        ("3,4 tn visningar", "sv", "3400"),
        ("3,4 B görüntüleme", "tr", "3400"),
        ("34 m", "fr", "34"),
        ("12k", "en", "12000"),
        ("5.6 million", "en", "5600000"),
        ("1e3", "en", "1000"),
        ("minus 4 °C", "en", "-4"),
        ("4½ miles", "en", "4.5"),
        ("10⁶ lamps", "en", "1000000"),
        ("1.2 × 10^6 lamps", "en", "1200000"),
        ("25² m", "en", None),
        ("2 Tsd. Gäste", "de", "2000"),
        ("1,2 mil personas", "es", "1200"),
        ("3 тыс. гостей", "ru", "3000"),
        ("12 000 md", "en", "12000"),
        ("version 1.2.3", "en", None),
        ("28.11.2025", "de", None),
        ("١٢٣٤", "ar", "1234"),
        ("1.299 kr.", "en", "1299"),
        ("thirty stalls", "en", "30"),
        ("twenty-five", "en", "25"),
        ("one hundred and ten", "en", "110"),
        ("the one with a dozen", "en", "12"),
        ("thirty stalls, of which ten are let", "en", None),
        ("three of 12", "en", "12"),
        ("drei Hallen", "de", None),
    ],
)
def test_numbers(words: str, language: str, expected: str | None) -> None:
    """One number with its sign: a dash that no number stands before is a minus; a range is no number."""
    found = number(words, language)
    assert found == (None if expected is None else Decimal(expected))


def test_a_part_takes_its_numbers_whole() -> None:
    """What is pointed at within a number stands for all of it."""
    assert whole("Price: ₹1,29,999.00", "29,999", "en") == "₹1,29,999.00"
    assert whole("It is −4 °C cold", "4", "en") == "−4 °C"
    assert whole("It costs 21–35 € now", "21", "de") == "It costs 21–35 € now"
    assert whole("It costs 21 €", "costs", "de") == "costs"
    assert whole("It costs 21 €", "else", "de") == ""


def test_has_amount() -> None:
    """An amount has its currency beside it."""
    for words in ("₹1,29,999", "1.299 kr.", "129.000 ₫", "HK$ 5", "R$ 5", "5 zł", "5 EUR"):
        assert has_amount(words)
    for words in ("1.7 litres", "TOP 10", "5 ft", "R2 D2", "try 5"):
        assert not has_amount(words)
