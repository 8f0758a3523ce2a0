"""Texts that would run code if a page took any of them for markup, which set `window.bad`; and what a page did."""

BAIT = [
    "<script>window.bad = 1</script>",
    "\"><img src=x onerror=\"window.bad=1\">",
    "'><svg onload=window.bad=1>",
    "</script><script>window.bad=1</script>",
    "</textarea></style></title><script>window.bad=1</script>",
    "<!--<script>",
    "javascript:window.bad=1",
    "&lt;script&gt;window.bad=1&lt;/script&gt;",
    "<a href='javascript:window.bad=1' onclick=window.bad=1>x</a>",
    "<base href=//evil.example/><meta http-equiv=refresh content=0;url=//evil.example>",
    "<b <i <!-- --!> ]]> <![CDATA[ </",
    "</details></div><form action=//evil.example><button>",
    "<iframe srcdoc='<script>parent.bad=1</script>'></iframe>",
]


def reported(page):
    """What the browser has to say about the pages."""
    kinds = ("Log.entryAdded", "Runtime.exceptionThrown", "Page.javascriptDialogOpening")
    return [event["params"] for event in page.events if event.get("method") in kinds]


def foreign(page):
    """What was asked of anything but the page's own files."""
    asked = [event["params"]["request"]["url"] for event in page.events
             if event.get("method") == "Network.requestWillBeSent"]
    return [url for url in asked if not url.startswith(("data:", "file:", "about:"))]


def markup_does_nothing(page):
    """Even markup that got into a page could do nothing."""
    page.run("document.body.insertAdjacentHTML('beforeend', '<img src=data:, onerror=\"window.bad=2\">"
             "<style>body{display:none}</style>')")
    page.run("document.body.append(Object.assign(document.createElement('script'), "
             "{ textContent: 'window.bad = 3' }))")
    page.settle()
    assert page.run("typeof window.bad") == "undefined"
    assert page.run("getComputedStyle(document.body).display") == "block"
