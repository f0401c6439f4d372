"""Settings: ITEM_PIPELINES is the path of an article; every other line departs from a default, and says why."""

from pathlib import Path

from astana_crawl import __version__

BOT_NAME = "astana_crawl"
SPIDER_MODULES = ["astana_crawl.spiders"]
NEWSPIDER_MODULE = "astana_crawl.spiders"
COMMANDS_MODULE = "astana_crawl.commands"
TEMPLATES_DIR = str(Path(__file__).parent / "templates")

# --- The project's own settings; each may come from the environment as ASTANA_<NAME>
ARCHIVE_URL = None  # default: data/astana.db, or data/<name of the recording>.db when a recording is replayed
PAGES_DIR = None  # default: data/pages, or data/<name of the recording>.pages
REPLAY = None  # WARC files or a folder, comma separated: read from them and open no connection
ALLOW_PRIVATE_HOSTS = None  # host names or addresses that need not be public, comma separated
PROXY = None  # a proxy to go through, http://host:port; it looks names up itself, past the guard
CONTACT = None  # an address or page where the owner of a site can reach you; stands in the user agent

ADDONS = {"astana_crawl.run.environment.Environment": 0, "astana_crawl.fetch.fixed.Fixed": 10}

# --- The path of an article
ITEM_PIPELINES = {
    "astana_crawl.pipelines.NormaliseDates": 100,
    "astana_crawl.pipelines.JudgeRelevance": 200,
    "astana_crawl.pipelines.DropDuplicates": 300,
    "astana_crawl.pipelines.Store": 400,
}
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # default WARNING: a page on another subject is no surprise

# --- Manners: one visitor that says who it is and takes its time
USER_AGENT = f"astana-crawl/{__version__} (archive of news on the Astana process on Syria)"
ROBOTSTXT_USER_AGENT = "astana-crawl"  # default: the whole USER_AGENT, which no robots.txt names
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # default 8
DOWNLOAD_DELAY = 2  # seconds, default 0; the jitter stays at Scrapy's half
COOKIES_ENABLED = False  # an archive has no session with anybody
REFERRER_POLICY = "no-referrer"  # where an address was found is nobody else's business

# --- The web is hostile
DOWNLOAD_HANDLERS = {
    "http": "astana_crawl.fetch.handler.Guarded",
    "https": "astana_crawl.fetch.handler.Guarded",
    **dict.fromkeys(("data", "file", "ftp", "s3")),  # only http and https exist
}
DOWNLOAD_VERIFY_CERTIFICATES = True  # default False
DOWNLOAD_MAXSIZE = 50 * 1024 * 1024  # default 1 GiB; the largest sitemap the standard allows
DOWNLOAD_TIMEOUT = 30  # seconds in total, default 180
HTTPPROXY_ENABLED = False  # takes proxies from the environment; ours is named by PROXY
METAREFRESH_ENABLED = False  # the refresh of a page that reloads itself is no redirect
REDIRECT_MAX_TIMES = 8  # default 20
MEMUSAGE_LIMIT_MB = 1024  # default 0, no limit; the largest pages and sources take some 250
CLOSESPIDER_PAGECOUNT = 50_000  # default 0; no run is endless, whatever a site invents, and the next one goes on
CLOSESPIDER_TIMEOUT = 24 * 60 * 60  # seconds, default 0
TELNETCONSOLE_ENABLED = False  # no open ports
REMOTE_CONTROL_ENABLED = False  # runs code for whoever reads its token
TWISTED_DNS_RESOLVER = "astana_crawl.fetch.guard.GuardedResolver"  # refuses addresses that are not public
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops silently; OwnHosts says so
    "astana_crawl.fetch.guard.OwnHosts": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # lets all pass when robots.txt fails
    "astana_crawl.fetch.robots.Robots": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # half a body passes
    "astana_crawl.fetch.decoding.Decoding": 590,
    "astana_crawl.fetch.capture.Capture": 595,  # below Decoding: sees the response as served
}

# --- The ledger is the queue and the only authority on repeats and retries
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
RETRY_TIMES = 1  # once, at once, for connection errors only
RETRY_HTTP_CODES: list[int] = []
RETRY_EXCEPTIONS = [  # default: also time-outs, which had their whole time
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # default ERROR: the ledger keeps the reason, and the address comes back
HTTPERROR_ALLOW_ALL = True  # every status reaches NewsSpider, which settles it

EXTENSIONS = {"astana_crawl.run.logs.HarmlessLogs": 0}  # titles and addresses stand in log lines
LOG_LEVEL = "WARNING"  # default DEBUG; what a person should know, the closing table says
LOG_VERSIONS: list[str] = []
