"""Texts from the web made harmless where they leave: for a terminal, for JSON, for a cell of a spreadsheet."""

from __future__ import annotations

import json
import re
from typing import Any

# ECMA-48: strings (OSC, DCS, SOS, PM, APC) up to their terminator, control sequences (CSI), other escapes.
_SEQUENCES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)
_BREAKS = re.compile(r"\s*[\t\n\x0b\x0c\r\x85\u2028\u2029]\s*")
# Bidi embeddings, overrides and isolates reorder the text around them (CVE-2021-42574); tag characters are invisible.
# The marks that Arabic, Persian and Hebrew need (U+200C-U+200F, U+061C) stay.
_UNSAFE = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f"
_CONTROLS = re.compile(f"[{_UNSAFE}]")
_CONTROLS_OR_BREAKS = re.compile(f"[\\t\\n{_UNSAFE}]")
_FORMULA = re.compile(r"""[\s"'“”‘’«»\u200b-\u200f\u2060\ufeff]*[=+\-@\t\r\n＝＋－＠−﹢﹣﹦﹫]|[\t\r\n]""")


def clean(text: str | None, *, lines: bool = False) -> str:
    """Return a text that a terminal only shows: no control characters, escape sequences or bidi overrides.

    In one line unless `lines`; None is the empty text.
    """
    if not text:
        return ""
    text = _SEQUENCES.sub("", text)
    if lines:
        return _CONTROLS.sub("", text.replace("\r\n", "\n"))
    return _CONTROLS_OR_BREAKS.sub("", _BREAKS.sub(" ", text)).strip()


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Return JSON in UTF-8 letters; what a terminal would act on is written as \\uXXXX, so that nothing is lost."""
    return _CONTROLS.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent))


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def cell(value: Any) -> Any:
    """Return a value for a cell of a CSV file: numbers as they are, lists joined by `; `, None as the empty text.

    A text that a spreadsheet would run as a formula gets a `'` in front (OWASP, "CSV Injection"), also when blanks or
    quotes precede the formula; control characters are taken out, line ends stay.
    """
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{text}" if _FORMULA.match(text := clean(value, lines=True)) else text
