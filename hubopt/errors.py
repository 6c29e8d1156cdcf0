"""Everything that hubopt can refuse, as one tree of exceptions.

HuboptError                  exit code 70, internal error
├── InputError               2, wrong input: carries a list of findings
├── InfeasibleError          1, no plan can meet the limits
├── ViolationError           1, a plan that does not hold
├── NoPlanError              3, the limit came before a first plan
├── InterruptedSolve         130, stopped by the user before a first plan
└── SolverError              70, the solver failed or was refused by the guard
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from hubopt.text import Language, Text
from hubopt.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where it stands, what it is, why, and what to do.

    `row` is the row of the file as an editor shows it (the header is row 1); `code` is stable.
    Of a workbook, `sheet` and `cell` say where to look: together, such as demand!F8, they can be
    pasted into the name box of a spreadsheet. Where a file has the same fault in millions of rows,
    the last finding that is kept stands for so many `times`.
    """

    file: str
    reason: Text
    remedy: Text
    row: int | None = None
    column: str | None = None
    value: str | None = None
    nearest: str | None = None
    code: str = ""
    sheet: str | None = None
    cell: str | None = None
    times: int = 1

    def in_language(self, language: Language) -> str:
        """Return the finding as one line of text."""
        zh = language is Language.ZH
        place = "命令行" if zh and self.file == "command line" else self.file
        if self.sheet is not None and self.cell is not None:
            place += f" {in_spreadsheet(self.sheet)}!{self.cell}"
        elif self.sheet is not None:
            place += f" 工作表 {self.sheet}" if zh else f" sheet {self.sheet}"
        if self.row is not None and self.cell is None:
            place += f" 第 {self.row} 行" if zh else f" row {self.row}"
        if self.column:
            place += f" {self.column}"
        shown = "" if self.value is None else f'"{self.value}" '
        nearest = ""
        if self.nearest is not None:
            nearest = f'；最接近的是 "{self.nearest}"' if zh else f'; nearest "{self.nearest}"'
        colon, stop = ("：", "。") if zh else (": ", ". ")
        reason, remedy = self.reason.in_language(language), self.remedy.in_language(language)
        return f"{place}{colon}{shown}{reason}{nearest}{stop}{remedy}"


def in_spreadsheet(sheet: str) -> str:
    """Return the title of a sheet as it stands before the ! of an address, such as demand!F8."""
    quoted = sheet.replace("'", "''")
    return sheet if sheet.isidentifier() else f"'{quoted}'"


class HuboptError(Exception):
    """Any failure that hubopt reports; `message` is what the user reads."""

    exit_code: ClassVar[int] = 70
    status: ClassVar[Status] = Status.FAILED

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message

    def __reduce__(self) -> tuple[type[HuboptError], tuple[object, ...]]:
        """Return how a copy is made in another process: from both languages."""
        return type(self), (self.message,)


class InputError(HuboptError):
    """The input is wrong; `findings` holds everything that was found, in file order."""

    exit_code = 2
    status = Status.WRONG_INPUT

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        lines = {
            language: "\n".join(f.in_language(language) for f in self.findings)
            for language in Language
        }
        super().__init__(Text(lines[Language.EN], lines[Language.ZH]))

    def __reduce__(self) -> tuple[type[InputError], tuple[object, ...]]:
        """Return how a copy is made in another process: from the findings."""
        return type(self), (self.findings,)


class InfeasibleError(HuboptError):
    """No plan can meet the limits; confirmed by a second, elastic solve."""

    exit_code = 1
    status = Status.INFEASIBLE


class ViolationError(HuboptError):
    """A plan does not hold: the verifier found a broken constraint or a wrong figure."""

    exit_code = 1
    status = Status.UNVERIFIED


class NoPlanError(HuboptError):
    """The time limit came before a first plan."""

    exit_code = 3
    status = Status.NO_PLAN


class InterruptedSolve(HuboptError):  # noqa: N818  (an end, not an error)
    """The user stopped the solve before a first plan."""

    exit_code = 130
    status = Status.INTERRUPTED


class SolverError(HuboptError):
    """The solver failed, or the guard refused what was about to be sent to it."""

    exit_code = 70
