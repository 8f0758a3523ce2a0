#!/usr/bin/env python3
"""How long `bdd docs` takes: `benches/site.py [BDD [FEATURES]]`. Without BDD, cargo builds it with optimizations.

Each feature has prose, a background, five scenarios and an outline with ten rows, and all have results on record.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

SCENARIO = """
  @area-{area} @ticket-{feature}-{number}
  Scenario: The customer orders article {number} of feature {feature}
    The order is *confirmed* by mail.

    When the customer puts article {number} into the basket
      | article | price | amount |
      | tea     | 3     | 1      |
      | coffee  | 4     | 2      |
    And the customer pays with card {number}
    Then the order {feature}-{number} is confirmed
"""


def feature(number):
    area = number % 40
    scenarios = "".join(SCENARIO.format(area=area, feature=number, number=one) for one in range(5))
    rows = "".join(f"      | {row} | {row * 2} |\n" for row in range(10))
    return (f"@module-{number % 7}\nFeature: Orders of the area {area}, part {number}\n  As a **customer** I want to order\n"
            f"  - quickly\n  - without mistakes\n\n  Background:\n    Given a shop\n    And a customer\n{scenarios}\n"
            f"  Scenario Outline: An order of <count> articles\n    When the customer orders <count> articles\n"
            f"    Then the price is <price>\n\n    Examples:\n      | count | price |\n{rows}")


def main():
    if len(sys.argv) > 1:
        bdd = str(pathlib.Path(sys.argv[1]).resolve())
    else:
        subprocess.run(["cargo", "build", "--release", "--quiet", "--bin", "bdd"], cwd=ROOT, check=True)
        bdd = str(ROOT / "target/release/bdd")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    with tempfile.TemporaryDirectory() as name:
        project = pathlib.Path(name)
        for number in range(count):
            path = project / "features" / f"area{number % 40}" / f"{number}.feature"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(feature(number))
        listed = subprocess.run([bdd, "list", "--format", "json"], cwd=project, capture_output=True, check=True)
        (project / ".bdd").mkdir()
        with open(project / ".bdd/history.jsonl", "w") as record:
            print('{"bdd_history":2,"compacted":0}', file=record)
            for one in json.loads(listed.stdout)["scenarios"]:
                line = {"id": one["id"], "result": "passed", "at": 1767323045000000, "nanos": 1000}
                print(json.dumps(line), file=record)
        for what in ["a new site", "an earlier site"]:
            began = time.monotonic()
            made = subprocess.run([bdd, "docs", "site"], cwd=project, capture_output=True, text=True, check=True)
            took = time.monotonic() - began
            size = sum(path.stat().st_size for path in (project / "site").rglob("*.html"))
            print(f"{what}: {took:.2f} s; {made.stdout.strip()}; {size / 1e6:.1f} MB")


main()
