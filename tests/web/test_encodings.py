"""Every encoding of the web, against the browser's own decoder."""

from __future__ import annotations

import codecs

import pytest
from playwright.async_api import async_playwright

from browseagent.read.media import codec_for
from browseagent.web.find_chromium import find_chromium

LABELS = """
unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8 866 cp866 csibm866 ibm866
csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e
iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 csisolatingreek ecma-118
elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987
sun_eu_greek csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8
iso88598 iso_8859-8 iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical csisolatin6 iso-8859-10
iso-ir-157 iso8859-10 iso885910 l6 latin6 iso-8859-13 iso8859-13 iso885913 iso-8859-14 iso8859-14
iso885914 csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 iso-8859-16 cskoi8r koi koi8
koi8-r koi8_r koi8-ru koi8-u csmacintosh mac macintosh x-mac-roman dos-874 iso-8859-11 iso8859-11
iso885911 tis-620 windows-874 cp1250 windows-1250 x-cp1250 cp1251 windows-1251 x-cp1251
ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591
iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 cp1253 windows-1253 x-cp1253
cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5
windows-1254 x-cp1254 cp1255 windows-1255 x-cp1255 cp1256 windows-1256 x-cp1256 cp1257 windows-1257
x-cp1257 cp1258 windows-1258 x-cp1258 x-mac-cyrillic x-mac-ukrainian chinese csgb2312
csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030 big5 big5-hkscs cn-big5 csbig5
x-x-big5 cseucpkdfmtjapanese euc-jp x-euc-jp csiso2022jp iso-2022-jp csshiftjis ms932 ms_kanji
shift-jis shift_jis sjis windows-31j x-sjis cseuckr csksc56011987 euc-kr iso-ir-149 korean
ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 unicodefffe utf-16be csunicode
iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le
""".split()  # noqa: SIM905
"""The labels of the WHATWG Encoding Standard that decode to something."""
WORDS = {
    "euc-jp": "港の図書館",
    "iso-2022-jp": "港の図書館",
    "shift_jis": "港の図書館",
    "euc-kr": "항구 도서관",
    "big5": "港口圖書館",
    "gbk": "港口图书馆",
    "gb18030": "港口图书馆",
    "utf-8": "Überfahrt 港口",
    "utf-16le": "Überfahrt 港口",
    "utf-16be": "Überfahrt 港口",
}
"""What is written in the encodings whose characters have several bytes."""
OTHERS = {("koi8-u", "ae"), ("koi8-u", "be"), ("cp1255", "ca")}
"""(codec, byte) where Python's tables differ from the standard's: two letters of Belarusian in KOI8-U and
one Hebrew point. Nothing else does."""
DECODE = """(asked) => asked.map(([label, bytes]) => {
  const decoder = new TextDecoder(label);
  return [decoder.encoding, bytes.map((one) => decoder.decode(new Uint8Array(one)))];
})"""
NAMED = """(labels) => labels.map((label) => new TextDecoder(label).encoding)"""


def sample(label: str, encoding: str) -> list[list[int]]:
    """Byte strings to decode: each byte above ASCII where a character is one byte, else some words."""
    words = WORDS.get(encoding)
    if words is None:
        return [[byte] for byte in range(0x80, 0x100)]
    return [list(words.encode(codec_for(label) or "utf-8"))]


def same(ours: str, theirs: str) -> bool:
    """Whether both mean the same: Python leaves bytes undefined that the standard makes control or private
    characters, and neither shows anything."""
    return ours == theirs or (
        ours == "\ufffd" and (0x80 <= ord(theirs) < 0xA0 or 0xE000 <= ord(theirs) < 0xF900)
    )


@pytest.mark.browser
async def test_every_label_of_the_standard_decodes_as_in_the_browser() -> None:
    """Each label is known here, and what is decoded under it is what Chromium's TextDecoder makes of it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium().found, chromium_sandbox=False
        )
        page = await browser.new_page()
        named = await page.evaluate(NAMED, list(LABELS))
        asked = [(label, sample(label, name)) for label, name in zip(LABELS, named, strict=True)]
        told = await page.evaluate(DECODE, asked)
        await browser.close()
    assert len(set(LABELS)) == len(LABELS) > 200
    wrong = []
    for (label, samples), (_, texts) in zip(asked, told, strict=True):
        codec = codec_for(label)
        if codec is None:
            wrong.append((label, "unknown", "", ""))
            continue
        for raw, theirs in zip(samples, texts, strict=True):
            known = (codecs.lookup(codec).name, bytes(raw).hex()) in OTHERS
            if not known and not same(bytes(raw).decode(codec, "replace"), theirs):
                wrong.append((label, codec, bytes(raw).hex(), theirs))
    assert wrong == []
