"""Asking the archive: search, sites, why, export. Each works on an opened archive and knows nothing of a crawl."""
