"""Content codings: a response is unpacked whole or not at all.

Scrapy's HttpCompression takes what is there of a body that is cut short, and its Response.replace guesses a charset of
the bytes still packed (1 ms a page); what a page's charset is, astana_crawl.charset says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse
from scrapy.responsetypes import responsetypes

from astana_crawl.archive.payload import TooLarge, unpacked
from astana_crawl.charset import decode
from astana_crawl.fetch import Refused

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response

ACCEPTED = b"gzip, deflate, br, zstd"


class Decoding:
    """Unpacks responses, up to the most bytes that `download_maxsize` of the request or DOWNLOAD_MAXSIZE allows."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it for one crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Say which codings are understood."""
        request.headers.setdefault(b"Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response with its content unpacked; Refused when that cannot be done and the content matters.

        A page of links is told its charset too; that of an article is found as it is read.
        """
        codings = b",".join(response.headers.getlist(b"Content-Encoding")).decode("latin-1")
        if codings and response.body:
            response = self._unpacked(request, response, codings)
        if isinstance(response, HtmlResponse) and "address_id" not in request.meta:
            response = _again(response, HtmlResponse, response.headers, response.body, encoding=self._charset(response))
        return response

    def _unpacked(self, request: Request, response: Response, codings: str) -> Response:
        try:
            body = unpacked(response.body, codings, most=request.meta.get("download_maxsize", self.most), whole=True)
        except TooLarge as error:
            raise Refused("failed", str(error)) from None
        except ValueError as error:
            if response.status != 200:
                return response
            raise Refused("pending", str(error)) from None
        headers = response.headers.copy()
        del headers[b"Content-Encoding"]
        return _again(response, responsetypes.from_args(headers=headers, url=response.url, body=body), headers, body)

    def _charset(self, response: Response) -> str:
        spider, kind = self.crawler.spider, (response.headers.get(b"Content-Type") or b"").decode("latin-1")
        hint, language = getattr(spider, "charset", None), getattr(spider, "language", None)
        return decode(response.body, kind, hint=hint, language=language).charset


def _again(response: Response, made: type[Response], headers: Headers, body: bytes, **more: str) -> Response:
    return made(
        response.url, response.status, headers, body, response.flags, response.request, response.certificate,
        response.ip_address, response.protocol, **more,
    )  # fmt: skip
