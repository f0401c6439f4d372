"""Write data/sample.warc.gz, the recording of tests/web: `python tests/make_sample.py [FILE]`.

The same web gives the same records: dates are fixed and record ids follow from the addresses.
"""

from __future__ import annotations

import io
import sys
import uuid
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.web import Answer, web  # noqa: E402
from tests.web.served import RECORDED, answer  # noqa: E402

SAMPLE = ROOT / "data" / "sample.warc.gz"
ABOUT_URL = "https://sample.example/about.html"
ABOUT = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>About this recording</title></head><body>
<h1>About this recording</h1>
<p>The pages in this file are replicas, written by the authors of astana-crawl for its tests and for demonstration.
They imitate the markup and the addresses of news outlets; their texts are not the outlets' texts and no outlet
has published them. Meetings, dates and places are real, the wording and the smaller details are invented.
Do not cite anything here as news.</p></body></html>
"""
REASONS = {200: "OK", 301: "Moved Permanently", 400: "Bad Request", 404: "Not Found"}


def sample() -> bytes:
    """The whole recording: warcinfo, the page about it, then every address of the web in alphabetical order."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    lines = ("software: astana-crawl", "format: WARC File Format 1.0", "description: self-written replicas")
    info = "".join(f"{line}\r\n" for line in lines).encode()
    writer.write_record(
        writer.create_warc_record(
            "", "warcinfo", payload=io.BytesIO(info), length=len(info), warc_headers_dict=_labels("warcinfo")
        )
    )
    _write(writer, ABOUT_URL, answer(ABOUT))
    for url, served in sorted(web().items()):
        _write(writer, url, served)
    return out.getvalue()


def _write(writer: WARCWriter, url: str, served: Answer) -> None:
    head = StatusAndHeaders(
        f"{served.status} {REASONS[served.status]}", list(served.headers), protocol="HTTP/1.1", is_http_request=False
    )
    payload = io.BytesIO(served.body)
    record = writer.create_warc_record(
        url, "response", payload=payload, length=len(served.body), http_headers=head, warc_headers_dict=_labels(url)
    )
    writer.write_record(record)


def _labels(url: str) -> dict[str, str]:
    return {
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>",
        "WARC-Date": f"{RECORDED:%Y-%m-%dT%H:%M:%SZ}",
    }


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    target.write_bytes(sample())
    print(f"{target}: {target.stat().st_size} bytes, {len(web()) + 2} records")
