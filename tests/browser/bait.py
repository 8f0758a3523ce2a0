"""Texts that would run code if a page took any of them for markup. They set `window.bad`."""

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
