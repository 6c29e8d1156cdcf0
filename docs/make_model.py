"""Make model.md and model.zh-CN.md: the model in words, with rows of the golden LP files.

    python docs/make_model.py

All words come from the package, as in `hubopt describe --markdown`; the examples are the rows of
tests/golden/*.lp, which the tests compare with what the model writes for a pair of cities.
"""  # noqa: INP001

from __future__ import annotations

from pathlib import Path

from hubopt.model.document import document
from hubopt.text import Language, Text

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "tests" / "golden"
FILES = {Language.EN: HERE / "model.md", Language.ZH: HERE / "model.zh-CN.md"}
MADE = Text(
    "[中文](model.zh-CN.md). Made by `python docs/make_model.py` from the code that builds the"
    " model and from the rows of `tests/golden/`; do not edit. `hubopt describe --markdown` prints"
    " the same without those rows, and with the sizes for an instance if one is given.",
    "[English](model.md)。由 `python docs/make_model.py` 从构建模型的代码和 `tests/golden/` 中的"
    "LP 行生成，请勿编辑。`hubopt describe --markdown --lang zh` 打印同样的内容，不含这些行；"
    "若给出算例则含其规模。",
)


def example(file: Path) -> str:
    """Return the first row of a constraint, or what a cost term charges, with the file's name.

    A row with two bounds stands in the file as two.
    """
    objective, _, rest = file.read_text(encoding="utf-8").partition("s.t.")
    if file.stem.startswith("cost_"):
        row = objective.partition("term:")[2]
    else:
        rows = rest.strip().split("\n\n")
        row = "\n\n".join(rows[: 2 if rows[0].startswith("r_l_") else 1])
    return f"\\ tests/golden/{file.name}\n{row.strip()}"


def made(language: Language) -> str:
    """Return the document in one language."""
    examples = {file.stem: example(file) for file in sorted(GOLDEN.glob("*.lp"))}
    return document(language, made=MADE, examples=examples)


def main() -> None:
    """Write both documents."""
    for language, file in FILES.items():
        file.write_text(made(language), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
