"""How well the lists of parties, people and topics do on labelled sentences: python -m tests.benchmarks.facets

Prints precision and recall by language and kind, and what was found wrongly or missed.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from astana_crawl.relevance.facets import facets

SENTENCES = Path(__file__).parent.parent / "facets" / "sentences.jsonl"


def rows() -> list[dict[str, list[str]]]:
    """The labelled sentences: language, text, the facets as kind/name, and why where it is a false friend."""
    return [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]


def found(text: str) -> set[str]:
    """The facets of a text as kind/name."""
    return {f"{one.kind}/{one.name}" for one in facets("", text)}


def counts() -> tuple[Counter[str], Counter[str], Counter[str], list[str]]:
    """Right, wrong and missed facets, by language, by kind and in all, and a line for each wrong or missed one."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    told = []
    for row in rows():
        here, labels = found(row["text"]), set(row["facets"])
        for counted, names in ((right, here & labels), (wrong, here - labels), (missed, labels - here)):
            counted.update(key for name in names for key in (row["language"], name.split("/")[0], "all"))
        told += [f"wrong  {name}: {row['text']}" for name in sorted(here - labels)]
        told += [f"missed {name}: {row['text']}" for name in sorted(labels - here)]
    return right, wrong, missed, told


def main() -> None:
    """Print the table."""
    right, wrong, missed, told = counts()
    print(f"{'':8} {'labels':>6} {'precision':>9} {'recall':>6}")
    for key in [*(key for key in right if key != "all"), "all"]:
        precision, recall = right[key] / (right[key] + wrong[key]), right[key] / (right[key] + missed[key])
        print(f"{key:8} {right[key] + missed[key]:6} {precision:9.3f} {recall:6.3f}")
    print(*told, sep="\n")


if __name__ == "__main__":
    main()
