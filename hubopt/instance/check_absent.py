"""Files that are not there although other tables need them: said once each, instead of per row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.rows import Capacity, Demand, Handling, Link, Module, Product, Site, Transfer
from hubopt.instance.schema import TABLE_OF
from hubopt.text import Text
from hubopt.vocabulary import NOT_HANDLING, Access, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.draft import Draft
    from hubopt.instance.schema import Row

STANDING = frozenset({SiteStatus.EXISTING, SiteStatus.REQUIRED})


def without_absent(draft: Draft) -> tuple[Draft, list[Finding]]:
    """Return a draft in which absent tables that are needed count as unknown, and say so."""
    findings = []
    sheets = dict(draft.sheets)
    for name, (record, row) in sorted(needs(draft).items()):
        sheet = sheets[name]
        if sheet.absent and sheet.whole:
            sheets[name] = replace(sheet, whole=False)
            findings.append(missing(sheet.table.file, TABLE_OF[record].file, row))
    return (replace(draft, sheets=sheets), findings) if findings else (draft, [])


def needs(draft: Draft) -> dict[str, tuple[type[Row], int]]:
    """Return the tables that others need, each with the first row that does."""
    found: dict[str, tuple[type[Row], int]] = {}
    for name, record, row in needed_rows(draft):
        found.setdefault(name, (record, row))
    return found


def needed_rows(draft: Draft) -> Iterator[tuple[str, type[Row], int]]:
    """Yield (table, record and row that needs it) of every need for a table that may be absent."""
    yield from needed_by_sites(draft)
    for row, transfer in draft.rows(Transfer):
        if transfer.site is not None:
            yield "capacities", Transfer, row
    shipped = {product for _, product in draft.sheet(Demand).values("product")}
    for row, product in draft.rows(Product):
        if product.chain and product.id in shipped:
            yield "capacities", Product, row
    for row, link in draft.rows(Link):
        if link.access is Access.SCHEDULED:
            yield "services", Link, row


def needed_by_sites(draft: Draft) -> Iterator[tuple[str, type[Row], int]]:
    """Yield what the tables of sites need of each other."""
    for record in (Handling, Module, Capacity, Transfer):
        for row, _ in draft.sheet(record).values("site"):
            yield "sites", record, row
    for row, site in draft.rows(Site):
        if site.status in STANDING:
            yield "modules", Site, row
    for row, capacity in draft.rows(Capacity):
        yield "modules", Capacity, row
        if capacity.function not in NOT_HANDLING:
            yield "handling", Capacity, row


def missing(file: str, user: str, row: int) -> Finding:
    """Return the finding for a file without which a row of another makes no sense."""
    return Finding(
        file,
        Text(
            f"the file is missing, but {user} row {row} needs it",
            f"缺少该文件，但 {user} 第 {row} 行需要它",
        ),
        Text(
            "add it (hubopt new writes a template), or delete the rows that need it",
            "请补上（hubopt new 可生成模板），或删除需要它的各行",
        ),
        code=Code.MISSING_FILE,
    )
