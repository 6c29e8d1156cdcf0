"""Names and amounts as the sentences on sites have them, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.words import FUNCTIONS, name_of
from hubopt.text import Language, Text
from hubopt.units import CNY_PER_MCNY, T_PER_KT

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.publish.words import Named
    from hubopt.vocabulary import Function

WHOLE_FROM = 100.0
"""Figures from here on are whole; smaller ones have three digits that count."""


def named(instance: Instance, site: str) -> Text:
    """Return the names of a site with its id."""
    names = names_of(instance.site[site], site)
    return Text(f"{names.en} [{site}]", f"{names.zh}［{site}］")


def names_of(row: Named, ident: str) -> Text:
    """Return the names of a row, its id where it has none."""
    en, zh = (name_of(row, language) or ident for language in (Language.EN, Language.ZH))
    return Text(en, zh)


def function_words(function: Function) -> Text:
    """Return a function of a site in words."""
    return FUNCTIONS[function]


def tonnes(amount_t: float, *, sign: bool = False) -> Text:
    """Return tonnes as kilotonnes if they are many."""
    if abs(amount_t) >= T_PER_KT:
        said = digits(amount_t / T_PER_KT, sign=sign)
        return Text(f"{said} kt", f"{said} 千吨")
    said = digits(amount_t, sign=sign)
    return Text(f"{said} t", f"{said} 吨")


def worth(amount_cny: float) -> Text:
    """Return money as million CNY if it is much."""
    if abs(amount_cny) >= CNY_PER_MCNY:
        said = digits(amount_cny / CNY_PER_MCNY)
        return Text(f"{said} million CNY", f"{said} 百万元")
    said = f"{amount_cny:,.0f}"
    return Text(f"{said} CNY", f"{said} 元")


def digits(value: float, *, sign: bool = False) -> str:
    """Return a figure with three digits that count, whole if it is large."""
    plus = "+" if sign else ""
    if value == 0:
        return f"{plus}0"
    return f"{value:{plus},.0f}" if abs(value) >= WHOLE_FROM else f"{value:{plus}.3g}"
