"""The outlets of the small web, one module a content system; each has answers() and strays()."""
