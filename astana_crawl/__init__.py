"""The path of an article, one step a line, each with the file that takes it.

discover   where a site offers addresses: feeds, sitemaps, WordPress, listings      discover/
ledger     every address, its state and the reason; the queue of a crawl            archive/ledger.py
fetch      pages as served, politely and safely; recordings replayed                fetch/, charset.py
extract    headline, body, authors, dates, with all candidates kept                 extract/
dates      a date text to a moment, a day, or nothing                               dates/
relevance  is it about the Astana process, which meeting, who and what it names     relevance/
identity   one address for one article                                              identity.py
archive    articles, revisions, stories, evidence, pages; search                    archive/
ask        why, sites, export                                                       ask/
"""

__version__ = "0.1.0"
