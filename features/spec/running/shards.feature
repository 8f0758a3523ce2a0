Feature: Shards
  Several machines share the scenarios: each runs a shard and writes an events report. `bdd merge` joins
  these into any report, as if it were one run.

  Background:
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Browse
          Given a step that passes

        Scenario: Pay
          When a step that fails with "no money"

        Scenario: Leave
          Then a step that passes
      """
    And a file "features/stock.feature" with:
      """
      Feature: Stock

        Scenario: Order
          Given a step that passes
      """

  Scenario: Two machines, one report
    When I run "bdd run -v --shard slice:1/2 -f progress -f events:one.jsonl"
    Then it exits with 1
    And exactly these scenarios ran:
      | Shop: Browse |
      | Shop: Pay    |
    And standard output contains "Shard: slice:1/2 (2 of 4 scenarios)"
    When I run "bdd run -v --shard slice:2/2 -f progress -f events:two.jsonl"
    Then it exits with 0
    And exactly these scenarios ran:
      | Shop: Leave  |
      | Stock: Order |
    When I run "bdd merge two.jsonl one.jsonl -f progress -f junit:junit.xml"
    Then it exits with 1
    And standard output has these lines:
      """
      Failing scenarios:
        features/shop.feature:6  Pay
      1 feature passed, 1 failed, 0 skipped
      3 scenarios passed, 1 failed, 0 skipped
      """
    And the file "junit.xml" contains "<testsuites name="bdd" tests="4" failures="1""

  Scenario: A machine is lost
    When I run "bdd run --shard slice:1/2 -f events:one.jsonl"
    And I run "bdd merge one.jsonl"
    Then it exits with 2
    And standard error has these lines:
      """
      error: 1 shard is missing: slice:2/2; without a result are 2 scenarios:
        features/shop.feature::Leave
        features/stock.feature::Order
      """

  Scenario: More machines than scenarios
    When I run "bdd run --shard slice:1/9"
    Then it exits with 0
    And standard error contains "nothing to run: the shard slice:1/9 is empty"

  Scenario: By the durations of scenarios
    When I run "bdd run -f events:times.jsonl"
    And I run "bdd list --shard balanced:1/2 --durations-from times.jsonl"
    Then it exits with 0
    And standard output contains "(shard balanced:1/2 of 4 scenarios)"
