"""The one unit of each quantity inside hubopt, and the conversions at the edges.

Files and plans: tonne, hour, kilometre, CNY (money stored to the fen), kg CO2e, year, week.
Plans store tonnes as whole kilograms and money as whole fen, so that sums are exact.
Problems are scaled for the solver: kilotonne and million CNY.
"""

from __future__ import annotations

import re
from fractions import Fraction

KG_PER_T = 1000
KG_PER_KT = 1_000_000
T_PER_KT = 1000
FEN_PER_CNY = 100
CNY_PER_MCNY = 1_000_000
HOURS_PER_DAY = 24
G_PER_KG = 1000


def exact(number: float) -> Fraction:
    """Return the decimal number that was written in the file as an exact fraction.

    The shortest decimal that reads back as `number` is what the planner typed (up to 15 digits).
    """
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


FINEST = 10**30
"""Shares are kept to so many parts; `1e-999999999` as a fraction would fill the memory."""

DECIMAL_OR_PARTS = re.compile(
    r"[0-9]{1,31}/[0-9]{1,31}|([0-9]{1,31}\.?[0-9]{0,31}|\.[0-9]{1,31})([eE][+-]?[0-9]{1,2})?"
)


def share_of(text: str) -> Fraction | None:
    """Return a number from 0 to 1 that is written as 0.05 or 1/20, `None` for any other text."""
    if not DECIMAL_OR_PARTS.fullmatch(text):
        return None
    try:
        share = Fraction(text)
    except ZeroDivisionError:
        return None
    return share if share <= 1 and share.denominator <= FINEST else None


def fen(amount_cny: Fraction) -> int:
    """Return an amount in CNY as whole fen, halves away from zero."""
    hundredfold = amount_cny * FEN_PER_CNY
    half = Fraction(1, 2)
    return int(hundredfold + half) if hundredfold >= 0 else -int(-hundredfold + half)


def mcny(amount_fen: int) -> float:
    """Return fen as million CNY."""
    return amount_fen / FEN_PER_CNY / CNY_PER_MCNY


def capital_recovery_factor(rate: Fraction, life_years: int) -> Fraction:
    """Return the yearly payment per CNY invested that repays it with interest over its life."""
    if rate == 0:
        return Fraction(1, life_years)
    growth = (1 + rate) ** life_years
    return rate * growth / (growth - 1)


def present_value_weight(rate: Fraction, first_year: int, years: int, base_year: int) -> Fraction:
    """Return the base-year worth of 1 CNY paid in each of `years` years from `first_year` on."""
    discount = 1 / (1 + rate)
    return sum((discount ** (first_year - base_year + k) for k in range(years)), Fraction(0))
