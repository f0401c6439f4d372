"""The Scrapy side of a run: the writer, the run of a site, its outcome and what a person sees of it."""
