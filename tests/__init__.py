"""The tests of astana-crawl."""
