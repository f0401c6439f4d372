"""Keeps the response to an article's address as it was served, before its content is decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astana_crawl.archive.pages import Served

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class Capture:
    """Puts the served response into request.meta["served"]; stands below Decoding."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Hand the response on unchanged."""
        if "address_id" in request.meta:
            request.meta["served"] = served(response)
        return response


def served(response: Response) -> Served:
    """The response as a record to keep; its headers in the order and number they came."""
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
        if name.lower() != b"transfer-encoding"
    ]
    return Served(url=response.url, status=response.status, reason="", headers=headers, body=response.body)
