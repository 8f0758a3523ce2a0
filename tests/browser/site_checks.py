"""Looks at sites of `bdd docs` in a browser: `site_checks.py BDD GOLDEN-FOLDER`. A check that fails raises.

With BDD_SCREENSHOTS=FOLDER it leaves pictures there, for people to look at.
"""

import json
import os
import pathlib
import subprocess
import sys

from bait import BAIT, foreign, markup_does_nothing, reported
from chromium import Page
from serving import serve

BDD, _ = sys.argv[1:]
PICTURES = os.environ.get("BDD_SCREENSHOTS") and pathlib.Path(os.environ["BDD_SCREENSHOTS"]).resolve()

SHOP = """\
@shop @customer
Feature: Basket
  As a *customer* I want to collect articles.

  - nothing is lost
  - see [the rules](https://example.org/rules)

  Background: The shop is open
    Given a shop with these articles:
      | article | price | description                                                      |
      | tea     | 3     | a very long description that makes this table wider than a phone |

  @fast
  Scenario: An article is put into the basket
    When the customer puts "tea" into the basket
    Then the basket has 1 article

  Rule: Discounts are for large orders
    From **ten** articles on.

    @slow
    Scenario Outline: An order of <count> articles
      When the customer orders <count> articles
      Then the discount is <discount> %

      Examples: small and large
        | count | discount |
        | 9     | 0        |
        | 10    | 5        |

    Scenario: A letter
      Then the customer gets this letter:
        \"\"\"markdown
        Dear customer,
          you get 5 % <b>off</b>.
        \"\"\"
"""

ARABIC = """\
# language: ar
خاصية: سلة المشتريات
  سيناريو: إضافة منتج
    متى أضاف الزبون شايا
"""


def project():
    """The project of the check that runs."""
    return pathlib.Path.cwd() / "project"


def write(files, *arguments):
    """Writes a project and its site; the address of the site."""
    for name, text in files.items():
        path = project() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    made = subprocess.run([BDD, "docs", "site", *arguments], cwd=project(), capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    return (project() / "site").as_uri()


def shop():
    return write({"features/shop/basket.feature": SHOP, "features/arabic.feature": ARABIC,
                  "features/login.feature": "Feature: Sign in\n  @fast\n  Scenario: Wrong password\n    Given a guest\n"})


def picture(page, name):
    if PICTURES:
        page.screenshot(PICTURES / f"{name}.png")


FOUND = "Array.from(document.querySelectorAll('#results a'), link => link.textContent)"


def ask(page, words):
    page.run(f"byId('word').value = {json.dumps(words)}; byId('word').dispatchEvent(new Event('input'))")
    return page.run(FOUND)


def search():
    site = shop()
    with Page() as page:
        page.go(f"{site}/search.html")
        assert page.run(FOUND) == []
        assert ask(page, "wrong password") == ["Wrong password"]
        # Words may be in different places: the feature's title, a step, a tag, a table.
        assert ask(page, "basket DISCOUNT") == ["An order of <count> articles"]
        assert ask(page, "@fast") == ["Wrong password", "An article is put into the basket"]
        assert ask(page, "dear customer") == ["A letter"]
        assert ask(page, "nothing is lost")[0] in ("An article is put into the basket", "An order of <count> articles")
        assert ask(page, "الزبون") == ["إضافة منتج"]
        assert ask(page, "no such words") == []
        assert page.run("byId('found').textContent") == "Nothing has all these words."
        # A result leads to the scenario.
        ask(page, "wrong password")
        picture(page, "search")
        page.run("document.querySelector('#results a').click()")
        page.wait_for("Page.loadEventFired")
        assert page.run("document.querySelector(':target h2').textContent").startswith("Scenario Wrong password")
        # From any page the words go to the search, and the address keeps them.
        page.go(f"{site}/features/shop/basket.html")
        page.run("byId('word').focus()")
        page.type("50 % wrong")
        page.run("byId('find').requestSubmit()")
        page.wait_for("Page.loadEventFired")
        assert page.run("location.pathname").endswith("/site/search.html")
        assert page.run("byId('word').value") == "50 % wrong"
        assert not reported(page) and not foreign(page), reported(page)


def links():
    site = shop()
    with Page() as page:
        page.go(f"{site}/index.html")
        seen, waiting = set(), [page.run("location.href")]
        while waiting:
            address = waiting.pop()
            bare = address.split("#")[0]
            if bare not in seen:
                seen.add(bare)
                page.go(bare)
                assert page.run("document.querySelectorAll('h1').length") == 1, bare
                assert page.run("document.title"), bare
                found = page.run("Array.from(document.links, link => link.href)")
                waiting += [link for link in found if not link.startswith("https://example.org/")]
                repeated = page.run("(() => { const ids = Array.from(document.querySelectorAll('[id]'), one => one.id);"
                                    " return ids.length - new Set(ids).size })()")
                assert repeated == 0, bare
                assert not reported(page) and not foreign(page), (bare, reported(page))
            if "#" in address:
                page.go(bare)
                anchor = address.split("#")[1]
                assert page.run(f"document.getElementById({json.dumps(anchor)}) !== null"), address
        names = sorted(address.split("/site/")[1] for address in seen)
        assert names == ["features/arabic.html", "features/login.html", "features/shop/basket.html", "index.html",
                         "search.html", "tags.html", "tags/customer.html", "tags/fast.html", "tags/shop.html",
                         "tags/slow.html"], names
        # Each scenario and each row has an address, and it is the same in the next site.
        page.go(f"{site}/features/shop/basket.html")
        picture(page, "feature")
        anchors = "Array.from(document.querySelectorAll('[id^=s-], [id^=o-], [id^=r-]'), one => one.id)"
        before = page.run(anchors)
        assert len(before) == 6, before
        page.go(f"{shop()}/features/shop/basket.html")
        assert page.run(anchors) == before
        page.go(f"{site}/features/arabic.html")
        assert page.run("getComputedStyle(document.querySelector('main')).direction") == "rtl"
        # All that can be used has a name.
        tree = page.call("Accessibility.getFullAXTree")["nodes"]
        roles = ["button", "link", "textbox", "searchbox"]
        nameless = [node for node in tree if node.get("role", {}).get("value") in roles
                    and not node.get("ignored") and not node.get("name", {}).get("value")]
        assert not nameless, nameless[:3]
    with Page(script=False) as page:
        page.go(f"{site}/features/shop/basket.html")
        assert page.call("DOM.getDocument"), "without script"


def narrow():
    site = shop()
    pages = ["index", "search", "tags", "tags/fast", "features/shop/basket", "features/arabic", "features/login"]
    for width in [400, 1280]:
        with Page(width) as page:
            for name in pages:
                page.go(f"{site}/{name}.html")
                if name == "search":
                    ask(page, "customer")
                page.settle()
                wide = page.run("document.documentElement.scrollWidth")
                assert wide <= width, f"{name}: {wide} of {width}"
                assert not reported(page), (name, reported(page))
                picture(page, f"{name.replace('/', '-')}-{width}")
            page.media(scheme="dark")
            page.go(f"{site}/features/shop/basket.html")
            picture(page, f"dark-{width}")


def print():
    site = shop()
    with Page(800) as page:
        page.media(kind="print")
        page.go(f"{site}/features/shop/basket.html")
        shown = page.run("document.body.innerText")
        for text in ["Basket", "An article is put into the basket", "a very long description", "Dear customer", "10"]:
            assert text in shown, text
        for hidden in [".top", ".here", ".toc"]:
            assert page.run(f"getComputedStyle(document.querySelector('{hidden}')).display") == "none", hidden
        # Nothing is cut off at the edge of the paper.
        assert page.run("document.documentElement.scrollWidth") <= 800
        assert page.run("Array.from(document.querySelectorAll('.scroll'), one => one.scrollWidth > one.clientWidth + 1)"
                        ".some(Boolean)") is False
        assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        picture(page, "print")


def hostile():
    def quoted(bait):
        return bait.replace("|", "\\|")

    files = {}
    for number, bait in enumerate(BAIT):
        tag = "@" + bait.replace(" ", "").replace("#", "").replace("@", "")
        files[f"features/{number}<b>&'{chr(34)}#?%.feature"] = f"""\
{tag}
Feature: {bait}
  {bait}

  [x](javascript:window.bad=1) ![x](x"onerror=window.bad=1) <javascript:window.bad=1>

  ```{bait.replace('`', '')}
  {bait}
  ```

  Background: {bait}
    Given {bait}

  Rule: {bait}
    {bait}

    {tag}
    Scenario Outline: {bait} <a>
      {bait}

      When {bait}
        | {quoted(bait)} | <a> |
      Then <a>
        \"\"\"{bait.replace('`', '')}
        {bait} <a>
        \"\"\"

      {tag}
      Examples: {bait}
        | a | {quoted(bait)} |
        | {quoted(bait)} | 1 |
"""
    site = write(files, "--title", BAIT[0])
    root = project() / "site"
    pages = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.html"))
    assert len(pages) == 2 * len(BAIT) + 3, pages
    with Page() as page:
        for name in pages:
            page.go(f"{site}/{name}")
            if name == "search.html":
                for bait in BAIT:
                    ask(page, bait)
                    assert page.run("byId('results').children.length") > 0, bait
            page.settle()
            assert page.run("typeof window.bad") == "undefined", name
            assert page.run("document.querySelectorAll('script:not([type])').length") == 1, name
            for forbidden in ["iframe", "base", "form[action]", "[onclick]", "[onerror]", "[onload]", "object", "embed",
                              "img", "svg", "meta[http-equiv=refresh]", "[style]"]:
                assert page.run(f"document.querySelectorAll({json.dumps(forbidden)}).length") == 0, (name, forbidden)
            schemes = page.run("Array.from(new Set(Array.from(document.links, link => link.protocol)))")
            assert schemes == ["file:"], (name, schemes)
            assert not reported(page) and not foreign(page), (name, reported(page), foreign(page))
        page.go(f"{site}/{pages[0]}")
        titles = set()
        for name in pages:
            if name.startswith("features/"):
                page.go(f"{site}/{name}")
                titles.add(page.run("document.querySelector('h1').textContent").removeprefix("Feature "))
        assert titles == set(BAIT), titles ^ set(BAIT)
        markup_does_nothing(page)


def results():
    write({"features/shop/basket.feature": SHOP})
    asked = subprocess.run([BDD, "list", "--format", "json"], cwd=project(), capture_output=True, text=True)
    ids = [one["id"] for one in json.loads(asked.stdout)["scenarios"]]
    lines = ['{"bdd_history":2,"compacted":0}']
    for number, one in enumerate(ids):
        result = "failed" if number == 1 else "passed"
        lines.append(json.dumps({"id": one, "result": result, "at": 1767323045000000, "nanos": 1000}))
    (project() / ".bdd").mkdir()
    (project() / ".bdd" / "history.jsonl").write_text("\n".join(lines) + "\n")
    site = write({})
    with Page() as page:
        page.go(f"{site}/features/shop/basket.html")
        assert page.run("document.querySelector('.lr').innerText").startswith("Last results: 1 failed 3 passed")
        assert page.run("document.querySelector('table.ex tbody tr .f').textContent") == "failed 2026-01-02"
        assert page.run("document.querySelectorAll('table.ex tbody .p').length") == 1
        picture(page, "results")
        page.go(f"{site}/index.html")
        assert "1 failed 3 passed" in page.run("document.querySelector('.list').innerText")
        picture(page, "index-results")


serve([search, links, narrow, print, hostile, results])
