"""Spiders that fail on purpose, one in each place where code of a site may stand."""
