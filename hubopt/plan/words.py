"""Texts of a plan that may be kept, or shown without harm to a terminal."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.text import escaped

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories of signs that move the cursor, hide, or are half a character."""

LONGEST_SHOWN = 200
MOST_DIGITS = 40
"""Longer numbers are no figures of a plan."""

THOUSANDTH = 1000
HALF = Fraction(1, 2)


class Huge(str):
    """The digits of a whole number with too many of them."""

    __slots__ = ()


def clean(text: str) -> bool:
    """Tell whether a text has no control sign, invisible sign or half a character."""
    return text.isprintable() or not any(unicodedata.category(sign) in HIDDEN for sign in text)


def shown(value: object) -> str:
    """Return any value as a short text that may be printed, the same in every language."""
    text = as_text(value)
    if len(text) > LONGEST_SHOWN:
        text = text[: LONGEST_SHOWN - 1] + "…"
    return escaped(text)


def as_text(value: object) -> str:
    """Return a value as text."""
    if isinstance(value, Huge):
        return f"{value[:20]}… ({len(value)} digits)"
    if isinstance(value, int | Fraction):
        return decimal(Fraction(value))
    if isinstance(value, Move | Ride | Change | Handle):
        return step_text(value)
    if isinstance(value, tuple | list):
        return " ".join(as_text(part) for part in value)
    if isinstance(value, set | frozenset):
        return " ".join(sorted(as_text(part) for part in value))
    return str(value)


def decimal(value: Fraction) -> str:
    """Return a fraction as a decimal to the thousandth, without a tail of zeros."""
    whole, rest = divmod(int(abs(value) * THOUSANDTH + HALF), THOUSANDTH)
    if whole >= 10**MOST_DIGITS:
        return f"2^{whole.bit_length()}"
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest:03d}".rstrip("0").rstrip(".")


def step_text(step: Move | Ride | Change | Handle) -> str:
    """Return a step of a route in a few signs."""
    if isinstance(step, Move):
        return f"{step.from_place}-{step.mode}->{step.to_place}"
    if isinstance(step, Ride):
        return f"{step.from_place}-[{step.service}]->{step.to_place}"
    if isinstance(step, Change):
        return f"{step.place}({step.from_mode}>{step.to_mode})"
    return f"{step.site}({step.function})"
