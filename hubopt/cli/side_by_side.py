"""`hubopt solve` of several scenarios: each in a process of its own, some at a time."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hubopt.cli import show
from hubopt.cli.entry import of_the_system
from hubopt.cli.interrupt import stop_on_signals
from hubopt.cli.run_record import same_question
from hubopt.cli.side_child import Ended, with_a_plan, without_a_plan, work
from hubopt.cli.side_display import SideDisplay
from hubopt.cli.side_words import print_summary
from hubopt.cli.solving import READING, Task
from hubopt.cli.work import INTERRUPTED, OK, loaded
from hubopt.errors import HuboptError, InterruptedSolve, SolverError
from hubopt.instance.scenario import BASE
from hubopt.solver.platform import cores, free_memory_mb, how_it_ended
from hubopt.study.side_by_side import Crew
from hubopt.text import Text, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hubopt.cli.scenarios import Batch
    from hubopt.cli.solving import SolveRequest
    from hubopt.instance.tables import Instance
    from hubopt.publish.kept import Kept
    from hubopt.solve.answer import Question
    from hubopt.solve.own_rules import OwnRules
    from hubopt.solve.warm import WarmStart

ROOM_MB = 3_000
"""Memory that a solve of a large instance takes, with the program around it."""

FREE_SHARE = 0.9
"""So much of the free memory is shared out among the solvers."""

MOST_NAMED = 3
"""Folders that are named one by one."""

GRACE_S = 60.0
"""Time for all to write what they have once they are told to stop; a plan takes a second or two."""


def solve_all(
    request: SolveRequest, question: Question, batch: Batch, rules: OwnRules | None
) -> int:
    """Solve what is not there yet of several scenarios, show all, and return the first code not 0.

    All are read and checked before the first solve. A stop, which keeps the best plan of each
    under way, gives 130.
    """
    language = language_from_environment()
    with (
        stop_on_signals() as stop,
        SideDisplay(
            language, len(batch.names), quiet=request.quiet, as_json=request.as_json
        ) as display,
    ):
        display.phase(READING)
        side = SideBySide(request, question, rules, display)
        side.prepare(batch)
        stop.keeping = True
        with suppress(KeyboardInterrupt):  # again, after a while: those under way were killed
            for names in side.in_turn(batch):
                waiting = side.waiting(names)
                jobs = jobs_of(request.jobs, len(waiting))
                side.share_memory(jobs)
                Crew(work, side, jobs=jobs, stop=stop, grace_s=GRACE_S).do(waiting)
    ends = [(name, side.ended.get(name) or side.unfinished(name)) for name in batch.names]
    try:
        print_ends(request, ends, batch.titles)
    except KeyboardInterrupt:
        show.warnings([Text("stopped; all results are kept", "已中断；全部结果均已保留")])
        return INTERRUPTED
    return code_of_all([ended.code for _, ended in ends])


def jobs_of(asked: int | None, number: int) -> int:
    """Return how many solves to run at a time: as asked, else as cores and memory allow."""
    if asked is None:
        asked = min(cores(), int(free_memory_mb() // ROOM_MB))
    return max(1, min(asked, number))


def code_of_all(codes: list[int]) -> int:
    """Return 130 if anything was stopped, for not all was tried then, else the first code not 0."""
    return INTERRUPTED if INTERRUPTED in codes else next((code for code in codes if code), OK)


class SideBySide:
    """The scenarios of one command: handed out, heard of, and how each ended."""

    def __init__(
        self,
        request: SolveRequest,
        question: Question,
        rules: OwnRules | None,
        display: SideDisplay,
    ) -> None:
        self.request, self.question, self.display = request, question, display
        self.rules = None if rules is None else rules.record()
        self.instances: dict[str, Instance] = {}
        self.warm: WarmStart | None = None
        self.ended: dict[str, Ended] = {}
        self.begun: set[str] = set()
        self.there: dict[str, Kept | None] = {}

    def prepare(self, batch: Batch) -> None:
        """Read and check all scenarios.

        The start is read here, once, lest it be a result that this very command replaces.
        """
        from hubopt.publish.results import refuse_early  # noqa: PLC0415  (each loads on use)
        from hubopt.publish.warm_files import read_warm  # noqa: PLC0415
        from hubopt.solve.warm import refuse_other_instance  # noqa: PLC0415

        request = self.request
        self.instances = batch.instances(lambda: loaded(request.folder, request.encoding))
        self.warm = None if request.warm is None else read_warm(request.warm)
        for name in batch.names:
            found = None if request.again else self.kept(name)
            if found is None:
                refuse_early(request.out, self.instances[name], name, request.folder)
            if self.warm is not None:
                refuse_other_instance(self.instances[name], self.warm)
            self.there[name] = found

    def in_turn(self, batch: Batch) -> Iterator[Sequence[str]]:
        """Yield the scenarios that may be solved at the same time: the base before all others.

        These start from its plan and stay near to it, so that what differs has a reason in the
        data; unless another start is given, or the base has no plan, or one found in a special
        way, which takes no start.
        """
        if BASE not in batch.names or self.warm is not None:
            yield batch.names
            return
        yield [BASE]
        self.warm = self.start_from(self.ended.get(BASE))
        yield [name for name in batch.names if name != BASE]

    def start_from(self, base: Ended | None) -> WarmStart | None:
        """Return the start that the result of the base gives, if it gives one."""
        from hubopt.publish.manifest import read_manifest  # noqa: PLC0415  (each loads on use)
        from hubopt.publish.warm_files import read_warm  # noqa: PLC0415
        from hubopt.solve.short_ways import WAYS  # noqa: PLC0415

        if base is None or base.folder is None or base.code != OK:
            return None
        record = read_manifest(base.folder) or {}
        return None if record.get("engine") in WAYS else read_warm(base.folder)

    def waiting(self, names: Sequence[str]) -> list[str]:
        """Return those of some scenarios that must be solved; those near to the start are kept."""
        near = None if self.warm is None else self.warm.digest
        wanted = []
        for name in names:
            found = self.there[name]
            if found is None or found.near != near:
                wanted.append(name)
            else:
                self.end(name, ended_before(self.instances.pop(name), found))
        return wanted

    def kept(self, name: str) -> Kept | None:
        """Return the result of a scenario if it is there and answers what is asked."""
        from hubopt.publish.kept import Asked, kept  # noqa: PLC0415  (each loads on use)
        from hubopt.publish.results import folder_name  # noqa: PLC0415

        request, instance = self.request, self.instances[name]
        options = same_question(request)
        asked = Asked(
            instance, request.folder, name, request.gap, request.time_s, options, self.rules
        )
        return kept(request.out / folder_name(instance.settings.name) / folder_name(name), asked)

    def share_memory(self, jobs: int) -> None:
        """Let all solvers together take no more than is free; one alone is limited as asked."""
        if jobs > 1:
            share = max(1, int(FREE_SHARE * free_memory_mb() / jobs))
            asked = self.question.memory_mb
            self.question = replace(self.question, memory_mb=min(asked, share))

    def handed(self, name: str) -> tuple[Task, Mapping[str, str] | None]:
        """Return what the process of a scenario, which begins now, needs."""
        self.begun.add(name)
        self.display.begins(name)
        question = replace(self.question, scenario=name)
        return Task(self.request, question, self.instances.pop(name), self.warm), self.rules

    def hears(self, name: str, message: Any) -> None:  # noqa: ANN401  (one of several kinds)
        """Hear how a scenario goes, how it ended, or that the system had no room for it."""
        if isinstance(message, Ended):
            self.end(name, message)
        elif isinstance(message, Exception):
            why = of_the_system(message) or Text(str(message), str(message))
            self.end(name, without_a_plan(name, HuboptError, why))
        else:
            self.display.told(name, message)

    def ends(self, name: str, exit_code: int | None) -> None:
        """Hear that the process of a scenario is over; one without a word has died."""
        if name not in self.ended:
            self.end(name, without_a_plan(name, SolverError, died(exit_code)))

    def looks(self) -> None:
        """Show how far all are."""
        self.display.looks()

    def end(self, name: str, ended: Ended) -> None:
        """Note and show how a scenario ended."""
        self.ended[name] = ended
        self.display.ends(name, ended)

    def unfinished(self, name: str) -> Ended:
        """Return how a scenario ended that was stopped before it could end, or before it began."""
        why = KILLED if name in self.begun else NOT_BEGUN
        return without_a_plan(name, InterruptedSolve, why)


KILLED = Text(
    "did not end in time once it was stopped; a result that is there stands",
    "中断后未能及时结束；已有的结果不变",
)
NOT_BEGUN = Text(
    "not begun; the same command goes on from here", "尚未开始；重新运行同一命令即可继续"
)


def died(exit_code: int | None) -> Text:
    """Return why a process said no more; the system ends one for want of memory without a word."""
    how = "?" if exit_code is None else how_it_ended(exit_code)
    return Text(
        f"its process ended without a word ({how}); was there too little memory? Try fewer --jobs:"
        " what is done is kept",
        f"其进程意外结束（{how}）；是否内存不足？请减小 --jobs 后重试，已完成的情景会保留",
    )


def ended_before(instance: Instance, found: Kept) -> Ended:
    """Return how a scenario ended whose result was there already."""
    from hubopt.cli.plan_view import plan_record  # noqa: PLC0415  (loads on use)

    why, notes = found.why, []
    language = language_from_environment().value
    if found.language != language:
        notes.append(
            Text(
                f"its map is in another language ({found.language}); to draw it anew run: hubopt"
                f" map {found.folder} --lang {language}",
                f"其地图为另一种语言（{found.language}）；如需重绘，请运行 hubopt map"
                f" {found.folder} --lang {language}",
            )
        )
    more = {"warnings": [], "folder": str(found.folder), "seconds": 0.0, "kept": True}
    record = {**plan_record(instance, found.plan), **more}
    return with_a_plan(found.plan, found.folder, record, message=why, warnings=notes, kept=True)


def print_ends(
    request: SolveRequest, ends: list[tuple[str, Ended]], titles: Mapping[str, Text]
) -> None:
    """Print how all ended: one list as JSON, or a table and what to do next."""
    if request.as_json:
        show.as_json_text([ended.record for _, ended in ends])
        return
    print_summary(ends, titles)
    folders = [ended.folder for _, ended in ends if ended.folder is not None]
    if folders:
        show.line(where(folders))
    if any(ended.code == INTERRUPTED for _, ended in ends):
        show.line(
            Text(
                "stopped: the same command goes on with what is left",
                "已中断：重新运行同一命令，将继续其余情景",
            )
        )


def where(folders: list[Path]) -> Text:
    """Return where results lie, and how to see them beside each other."""
    if len(folders) == 1:
        return Text(f"the result is in {folders[0]}", f"结果在 {folders[0]}")
    above = folders[0].parent
    names = f"{above}{os.sep}*" if len(folders) > MOST_NAMED else " ".join(map(str, folders))
    return Text(
        f"results are in {above}; to compare them: hubopt compare {names}",
        f"结果在 {above}；对比请运行 hubopt compare {names}",
    )
