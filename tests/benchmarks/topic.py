"""How well the judge tells what belongs and which meeting it is about: precision, recall and F1 by language, and what is wrong.

    PYTHONPATH=. python tests/benchmarks/topic.py [CORPUS]

Measured on the rows of tests/relevance, and on relevance.jsonl of the folder CORPUS when it is given (rows whose text
alone cannot show their label, marked `needs`, are left out). There a round counts as met when a row dated to the day is
tied to it as main or announced.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from astana_crawl.relevance import judge, ties

OWN = Path(__file__).parent.parent / "relevance"
QUESTIONS = {"relevant": {"core", "related"}, "core": {"core"}}

Row = dict[str, Any]


def main() -> None:
    """Print one part after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, metavar="CORPUS")
    corpus = parser.parse_args().corpus
    own = [
        {**row, "language": path.stem}
        for path in sorted(OWN.glob("*.jsonl"))
        if path.stem != "meetings"
        for row in rows_of(path)
    ]
    labels("own rows", own)
    meetings("meetings, own rows", rows_of(OWN / "meetings.jsonl"), is_right)
    if corpus:
        rows = [with_texts(row) for row in rows_of(corpus / "relevance.jsonl") if not row["needs"]]
        labels("corpus", rows)
        meetings("rounds, corpus", [row for row in rows if row["round"] and row["published_on"]], is_met)
    speed(own)


def rows_of(path: Path) -> list[Row]:
    """The rows of a file with one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def with_texts(row: Row) -> Row:
    """A row of the corpus with the names that our own rows use; only a date with its day is one."""
    day = row["date"] if len(row["date"] or "") == len("2024-01-25") else None
    return {**row, "title": row["title"] or "", "body": row["text"] or "", "published_on": day}


def labels(name: str, rows: list[Row]) -> None:
    """Judge the rows; print the measures of each language and the rows judged otherwise than labelled."""
    judged = [(row, judge(row["title"], row["body"], row["language"])) for row in rows]
    print(
        f"\n{name}\n{'':10}{'rows':>6}"
        + "".join(f"{question:>12} {'P':>4} {'R':>5} {'F1':>5}" for question in QUESTIONS)
    )
    for language in ["all", *sorted({row["language"] for row in rows})]:
        pairs = [(row["label"], verdict.label) for row, verdict in judged if language in ("all", row["language"])]
        print(
            f"{language:10}{len(pairs):>6}"
            + "".join(f"{'':>12} {measures(pairs, labels)}" for labels in QUESTIONS.values())
        )
    for row, verdict in judged:
        if row["label"] != verdict.label:
            print(f"  {row['label']} -> {verdict.label} ({verdict.score}) {row['language']}: {text(row)}")


def measures(pairs: Iterable[tuple[str, str]], labels: set[str]) -> str:
    """Precision, recall and F1 of the labels in (true, judged) pairs; "-" where there is nothing to divide by."""
    pairs = list(pairs)
    hit = sum(true in labels and said in labels for true, said in pairs)
    true, said = (sum(pair[place] in labels for pair in pairs) for place in (0, 1))
    shares = ((hit, said), (hit, true), (2 * hit, said + true))
    return " ".join(f"{part / whole:.3f}" if whole else "    -" for part, whole in shares)


def meetings(name: str, rows: list[Row], right: Callable[[Row, list[str]], bool]) -> None:
    """Tie the rows to meetings; print the share that is right in each language, and the others."""
    found = []
    for row in rows:
        title, body, day = row["title"], row["body"], row["published_on"]
        tied = ties.tie(judge(title, body), title, body, day and dt.date.fromisoformat(day))
        found.append((row, [f"{one.meeting_id} {one.role} {one.basis}" for one in tied]))
    print(f"\n{name}")
    for language in ["all", *sorted({row["language"] for row in rows})]:
        results = [right(row, tied) for row, tied in found if language in ("all", row["language"])]
        print(f"{language:10}{len(results):>6}  right {sum(results) / len(results):.3f}")
    for row, tied in found:
        if not right(row, tied):
            print(
                f"  {row.get('ties', row.get('round'))} -> {tied} {row['published_on']} {row['language']}: {text(row)}"
            )


def is_right(row: Row, tied: list[str]) -> bool:
    """Whether these are all the ties the row should have, with role and basis."""
    return sorted(tied) == sorted(row["ties"])


def is_met(row: Row, tied: list[str]) -> bool:
    """Whether the row is tied to its round, as its subject or as announced."""
    wanted = {f"round-{row['round']} {role}" for role in ("main", "announced")}
    return any(one.rpartition(" ")[0] in wanted for one in tied)


def text(row: Row) -> str:
    """The beginning of headline and text on one line."""
    return " ".join(f"{row['title']} | {row['body']}".split())[:160]


def speed(rows: list[Row]) -> None:
    """Print the CPU time of judging an article of 600 words, made of the rows' own texts."""
    words = " ".join(row["body"] for row in rows if row["language"] != "others").split()
    texts = [" ".join(words[start : start + 600]) for start in range(0, len(words) - 600, 300)]
    started = time.process_time()
    for body in texts:
        judge("", body)
    print(
        f"\n{(time.process_time() - started) / len(texts) * 1000:.2f} ms an article of 600 words ({len(texts)} articles)"
    )


if __name__ == "__main__":
    main()
