"""Scenarios on the command line: which are meant, and all checked first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from hubopt.cli import show
from hubopt.text import Text, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hubopt.instance.scenario import Scenario
    from hubopt.instance.tables import Instance
    from hubopt.solve.answer import Answer

ITSELF = Text("the instance itself", "算例本身")
"""The title of `base`."""

EVERY = "all"
"""The word for the instance itself and all its scenarios."""

Names = Annotated[
    tuple[str, ...],
    Parameter(
        name="--scenario",
        help=Text(
            "scenario of the folder scenarios/, or all; may be repeated",
            "scenarios/ 中的情景名，或 all（全部），可重复",
        ).in_language(language_from_environment()),
    ),
]


def asked_for(names: tuple[str, ...]) -> list[str] | None:
    """Return the scenarios that a command line names, `None` for all of them and `base`."""
    from hubopt.instance.scenario_files import ALL, BASE  # noqa: PLC0415

    return None if ALL in names else list(dict.fromkeys(names)) or [BASE]


def meant(folder: Path, names: tuple[str, ...]) -> list[str]:
    """Return the scenarios that a command line names: `base` for none, base and all for `all`."""
    from hubopt.instance.scenario_files import BASE, scenario_names  # noqa: PLC0415

    wanted = asked_for(names)
    return [BASE, *scenario_names(folder)] if wanted is None else wanted


def check_all(folder: Path, instance: Instance, names: tuple[str, ...], *, as_json: bool) -> int:
    """Print what each scenario is and how much it changes; raises `InputError` for all faults."""
    from hubopt.instance.scenario import all_overlaid, read_scenarios  # noqa: PLC0415

    made = all_overlaid(folder, asked_for(names), instance)
    found = read_scenarios(folder, [*made])
    checked = [Checked.of(name, found.get(name), one) for name, one in made.items()]
    if as_json:
        rows = [
            {"scenario": x.name, "title": show.said(x.title), "entries": x.entries,
             "notes": [show.said(note) for note in x.notes]}
            for x in checked
        ]  # fmt: skip
        head = {"valid": True, "instance": instance.settings.name}
        show.as_json_text({**head, "scenarios": rows})
        return 0
    heads = (Text("scenario", "情景"), Text("changes", "更改数"), Text("title", "标题"))
    rows_of_grid = [(x.name, x.entries, show.said(x.title)) for x in checked]
    show.grid("", [show.said(head) for head in heads], rows_of_grid)
    for note in checked[0].notes if len(checked) == 1 else ():
        show.line(note)
    show.line(Text("no problem found", "未发现问题"))
    return 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A scenario without faults: how many changes it makes, what to know before solving it."""

    name: str
    title: Text
    entries: int
    notes: tuple[Text, ...]

    @classmethod
    def of(cls, name: str, scenario: Scenario | None, instance: Instance) -> Checked:
        """Return what a check says of a scenario, `None` being the instance itself."""
        from hubopt.instance.capacity_notes import capacity_notes  # noqa: PLC0415

        notes = tuple(capacity_notes(instance))
        if scenario is None:
            return cls(name, ITSELF, 0, notes)
        return cls(name, scenario.title, len(scenario.operations), notes)


class Batch:
    """The scenarios of one command: all are read and checked together before the first solve."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        """Take the scenarios that are meant."""
        self.folder = folder
        self.asked, self.names = asked_for(names), meant(folder, names)
        self.titles: dict[str, Text] = {}

    @property
    def several(self) -> bool:
        """Whether there is more than one scenario."""
        return len(self.names) > 1

    def instances(self, read: Callable[[], Instance]) -> dict[str, Instance]:
        """Return the instance in each scenario, by name; raises `InputError` for all faults."""
        from hubopt.instance.scenario import all_overlaid, read_scenarios  # noqa: PLC0415

        made = all_overlaid(self.folder, self.asked, read())
        found = read_scenarios(self.folder, self.names)
        self.titles = {name: scenario.title for name, scenario in found.items()}
        return made

    def show(
        self, instance: Instance, result: Answer, folder: Path, seconds: float, *, as_json: bool
    ) -> None:
        """Print a plan, under the title of its scenario."""
        name = result.plan.scenario
        if name in self.titles and not as_json:
            title = self.titles[name]
            show.line(Text(f"scenario {name}: {title.en}", f"情景 {name}：{title.zh}"))
        show.answer(instance, result, folder, seconds, as_json=as_json)
