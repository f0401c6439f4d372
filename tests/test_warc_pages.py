"""Page files: every response as it was served, readable from its place and by any web archive tool."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import resource
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import brotli
import pytest
from sqlalchemy import text
from warcio.archiveiterator import ArchiveIterator

from astana_crawl.archive import Archive, ArchiveError
from astana_crawl.archive.pages import PageFiles, Place, Served, pages_row, payload, read_page

NOW = dt.datetime(2024, 1, 31, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
HTML = "<html><body><p>Стороны встретились в Астане.</p></body></html>".encode()


def served(path="1", body=HTML, status=200, **headers):
    fields = [("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    fields += [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Served(f"https://steppe.example/{path}", status, "OK", fields, body)


@pytest.fixture
def files(tmp_path):
    opened = PageFiles(tmp_path, "w1")
    yield opened
    opened.close()


def records(path):
    with path.open("rb") as stream:
        return [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.raw_stream.read(), record.digest_checker.passed)
            for record in ArchiveIterator(stream, check_digests="raise")
        ]  # fmt: skip


def test_a_page_comes_back_byte_for_byte_from_its_place(files, tmp_path):
    pages = [
        served(body=gzip.compress(HTML), Content_Encoding="gzip"),
        served("пусто?a=\n1", b"", 404),
        served("binary", bytes(range(256)) * 999, X_Odd="caf\xe9 \xff"),
        Served("https://steppe.example/bare", 503, "", [], b"\r\n\r\n\r\n"),
        served("chunked", HTML, Transfer_Encoding="chunked"),
    ]
    places = [files.append("steppe", page, NOW) for page in pages]
    files.sync()
    found = [read_page(tmp_path, place.warc_file, place.offset) for place in places]
    pages[1] = served("пусто?a= 1", b"", 404)
    assert found == pages
    assert {place.warc_file for place in places} == {"steppe/steppe-202402-w1.warc.gz"}


def test_the_files_are_warc_as_its_tools_read_it(files, tmp_path):
    bodies = [gzip.compress(HTML), b"", b"x" * 100_000]
    for number, body in enumerate(bodies):
        files.append("steppe", served(str(number), body), NOW)
    files.close()
    first, *others = records(tmp_path / "steppe/steppe-202402-w1.warc.gz")
    assert (first[0], first[2]) == ("warcinfo", b"software: astana-crawl\r\nformat: WARC File Format 1.1\r\n")
    assert others == [
        ("response", f"https://steppe.example/{number}", body, True) for number, body in enumerate(bodies)
    ]


def test_each_record_is_a_gzip_member_that_can_be_read_alone(files, tmp_path):
    places = [files.append("steppe", served(str(number)), NOW) for number in range(3)]
    files.sync()
    content = (tmp_path / places[1].warc_file).read_bytes()
    member = gzip.decompress(content[places[1].offset : places[2].offset])
    assert member.startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")
    assert b"WARC-Date: 2024-02-01T02:30:00Z\r\n" in member
    assert member.endswith(HTML + b"\r\n\r\n")


def test_there_is_one_file_per_site_month_and_writer(tmp_path):
    june = NOW.replace(month=6, day=1)
    for writer in ("w1", "w2"):
        files = PageFiles(tmp_path, writer)
        for site, now in (("steppe", NOW), ("steppe", june), ("news.example:8080", june), ("steppe", NOW)):
            files.append(site, served(), now)
        files.close()
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.gz"))
    assert names == [
        "news.example%3A8080/news.example%3A8080-202406-w1.warc.gz",
        "news.example%3A8080/news.example%3A8080-202406-w2.warc.gz",
        "steppe/steppe-202402-w1.warc.gz",
        "steppe/steppe-202402-w2.warc.gz",
        "steppe/steppe-202406-w1.warc.gz",
        "steppe/steppe-202406-w2.warc.gz",
    ]
    kinds = [record[0] for record in records(tmp_path / names[2])]
    assert kinds == ["warcinfo", "response", "response"]


def test_a_later_run_goes_on_in_the_file_and_takes_off_a_record_cut_at_any_byte(tmp_path):
    files = PageFiles(tmp_path, "w1")
    kept, torn = (files.append("steppe", served(name), NOW) for name in ("kept", "torn"))
    files.close()
    path = tmp_path / torn.warc_file
    whole = path.read_bytes()
    for cut in range(torn.offset, len(whole)):
        path.write_bytes(whole[:cut])
        files = PageFiles(tmp_path, "w1")
        later = files.append("steppe", served("later"), NOW)
        files.close()
        assert later == Place(torn.warc_file, torn.offset, later.digest)
    assert read_page(tmp_path, kept.warc_file, kept.offset) == served("kept")
    paths = [(record[1] or "").rpartition("/")[2] for record in records(path)]
    assert paths == ["", "kept", "later"]


def _packed_anew(content):
    return gzip.compress(gzip.decompress(content))


def _damaged_in_the_middle(content):
    middle = len(content) // 2
    start = content.rindex(b"\x1f\x8b\x08\x04", 0, middle)
    return content[:start] + b"\xff" * 20 + content[start + 20 :]


def _with_a_length_that_is_wrong(content):
    start = content.rindex(b"\x1f\x8b\x08\x04", 0, len(content) // 2)
    return content[: start + 16] + b"\xff\xff\xff\x7f" + content[start + 20 :]


def _with_more_behind(content):
    return content + b"a line that some other program added\n"


@pytest.mark.parametrize(
    "change", [_packed_anew, _damaged_in_the_middle, _with_a_length_that_is_wrong, _with_more_behind]
)
def test_nothing_is_taken_off_a_page_file_that_is_not_as_a_kill_leaves_it(tmp_path, change):
    files = PageFiles(tmp_path, "w1")
    for number in range(5):
        place = files.append("steppe", served(str(number)), NOW)
    files.close()
    path = tmp_path / place.warc_file
    path.write_bytes(change(path.read_bytes()))
    before = path.read_bytes()
    files = PageFiles(tmp_path, "w1")
    later = files.append("steppe", served("later"), NOW)
    files.close()
    assert path.read_bytes() == before
    assert later.warc_file == place.warc_file.replace("w1", "w1-2")
    assert read_page(tmp_path, later.warc_file, later.offset) == served("later")


def test_two_writers_of_one_name_do_not_write_into_one_another(tmp_path):
    one, other = PageFiles(tmp_path, "w1"), PageFiles(tmp_path, "w1")
    places = [files.append("steppe", served(str(number)), NOW) for number, files in enumerate((one, other, one, other))]
    one.close()
    other.close()
    assert [read_page(tmp_path, place.warc_file, place.offset) for place in places] == [
        served(str(n)) for n in range(4)
    ]
    assert [place.warc_file for place in places[:2]] == [
        "steppe/steppe-202402-w1.warc.gz",
        "steppe/steppe-202402-w1-2.warc.gz",
    ]


def test_a_write_that_fails_is_taken_back_and_the_next_one_succeeds(files, tmp_path):
    first = files.append("steppe", served("first"), NOW)
    size = (tmp_path / first.warc_file).stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 2000, limits[1]))
        with pytest.raises(OSError, match="File too large"):
            files.append("steppe", served("second", os.urandom(50_000)), NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / first.warc_file).stat().st_size == size
    third = files.append("steppe", served("third"), NOW)
    files.close()
    assert read_page(tmp_path, third.warc_file, third.offset) == served("third")
    assert len(records(tmp_path / first.warc_file)) == 3


WRITE = """
import datetime as dt, os, sys
from pathlib import Path
from astana_crawl.archive.pages import PageFiles, Served
files = PageFiles(Path(sys.argv[1]), "w1")
for number in range(10**6):
    page = Served(f"https://steppe.example/{number}", 200, "OK", [], os.urandom(20_000))
    place = files.append("steppe", page, dt.datetime(2024, 2, 1, tzinfo=dt.timezone.utc))
    files.sync()
    print(place.offset, flush=True)
"""


def test_what_was_synced_is_there_after_a_kill(tmp_path):
    root = Path(__file__).parent.parent
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True)
    acknowledged = [int(writer.stdout.readline()) for _ in range(20)]
    writer.kill()
    acknowledged += [int(line) for line in writer.communicate()[0].splitlines() if line]
    found = [read_page(tmp_path, "steppe/steppe-202402-w1.warc.gz", offset).url for offset in acknowledged]
    assert found == [f"https://steppe.example/{number}" for number in range(len(acknowledged))]


def test_a_missing_or_damaged_page_is_named_with_its_file_and_offset(files, tmp_path):
    place = files.append("steppe", served(), NOW)
    files.close()
    path = tmp_path / place.warc_file
    for offset in (place.offset + 1, path.stat().st_size):
        with pytest.raises(ArchiveError, match=rf"{path} has no sound record at offset {offset}"):
            read_page(tmp_path, place.warc_file, offset)
    with pytest.raises(ArchiveError, match=r"gone.warc.gz cannot be read: No such file"):
        read_page(tmp_path, "gone.warc.gz", 0)


def test_a_page_row_names_the_place_of_what_was_written(tmp_path):
    with Archive.open(f"sqlite:///{tmp_path / 'astana.db'}", kind="live") as archive, archive.writing() as db:
        place = Place("steppe/steppe-202402-w1.warc.gz", 321, "sha256:ABC")
        page_id = pages_row(db, "https://steppe.example/1", NOW, 200, "live", None, place)
        assert [tuple(row) for row in db.execute(text("SELECT * FROM pages"))] == [
            (
                page_id, "https://steppe.example/1", "2024-02-01T02:30:00Z", 200, "live", None,
                "steppe/steppe-202402-w1.warc.gz", 321, "sha256:ABC", None,
            )
        ]  # fmt: skip


# --- what a page says once it is unpacked


def _raw_deflate(content):
    deflate = zlib.compressobj(wbits=-15)
    return deflate.compress(content) + deflate.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("", HTML),
        ("identity", HTML),
        ("gzip", gzip.compress(HTML)),
        ("x-gzip", gzip.compress(HTML)),
        ("GZIP", gzip.compress(HTML[:20]) + gzip.compress(HTML[20:])),
        ("gzip", HTML),
        ("deflate", zlib.compress(HTML)),
        ("deflate", _raw_deflate(HTML)),
        ("br", brotli.compress(HTML)),
        ("br, gzip", gzip.compress(brotli.compress(HTML))),
    ],
)
def test_content_is_decoded_as_its_header_says(coding, body):
    assert payload(served(body=body, Content_Encoding=coding)) == HTML


def test_a_page_cut_short_gives_what_is_there_of_it():
    body = gzip.compress(os.urandom(5000))
    whole = gzip.decompress(body)
    part = payload(served(body=body[:3000], Content_Encoding="gzip"))
    assert len(part) > 2500
    assert whole.startswith(part)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_bomb_is_refused_before_it_fills_the_memory(coding):
    packer = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": lambda content: brotli.compress(content, quality=1),
    }
    body = packer[coding](b"\0" * (51 * 2**20))
    assert len(body) < 100_000
    with pytest.raises(ArchiveError, match=r"steppe.example/1: its content is larger than 50 MiB"):
        payload(served(body=body, Content_Encoding=coding))


@pytest.mark.parametrize(
    ("coding", "body", "complaint"),
    [
        ("sdch", b"x", "the coding 'sdch', which is not known"),
        ("deflate", b"\xff\xff\xff\xff", "its deflate content is broken"),
        ("br", b"\xff" * 50, "its br content is broken"),
    ],
)
def test_content_that_cannot_be_decoded_is_named(coding, body, complaint):
    with pytest.raises(ArchiveError, match=complaint) as refused:
        payload(served(body=body, Content_Encoding=coding))
    assert "https://steppe.example/1" in str(refused.value)


def test_a_record_from_another_tool_is_read_too(tmp_path):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path = tmp_path / "other.warc.gz"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record("https://a.example/", "response", payload=io.BytesIO(HTML), http_headers=http)
        )
    expected = Served("https://a.example/", 200, "OK", [("Content-Type", "text/html")], HTML)
    assert read_page(tmp_path, "other.warc.gz", 0) == expected
