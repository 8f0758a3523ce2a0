Feature: Running what failed
  bdd records the results of runs in the folder `.bdd` of the project. `--failed` selects only the
  scenarios that failed or did not run last time. `--order failed-first` begins with them.

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

  Scenario: Until nothing is left
    When I run "bdd run"
    And I run "bdd run -v --failed"
    Then it exits with 1
    And exactly these scenarios ran:
      | Shop: Pay |
    Given a file "features/shop.feature" with:
      """
      Feature: Shop
        Scenario: Pay
          When a step that passes
      """
    When I run "bdd run -v --failed"
    Then it exits with 0
    And exactly these scenarios ran:
      | Shop: Pay |
    When I run "bdd run --failed"
    Then it exits with 0
    And standard error contains "nothing to run: no selected scenario failed last time"

  Scenario: Scenarios that a run did not reach count as not run
    When I run "bdd run --fail-fast"
    And I run "bdd list --failed"
    Then standard output contains "Pay"
    And standard output contains "Leave"
    And standard output does not contain "Browse"

  Scenario: Failed scenarios first
    When I run "bdd run"
    And I run "bdd run -v --order failed-first"
    Then exactly these scenarios ran:
      | Shop: Pay    |
      | Shop: Browse |
      | Shop: Leave  |

  Scenario: Before the first run
    When I run "bdd run -v --failed"
    Then it exits with 1
    And standard output contains "there is no record of an earlier run: --failed takes all scenarios"
    And exactly these scenarios ran:
      | Shop: Browse |
      | Shop: Pay    |
      | Shop: Leave  |

  Scenario: A run without a record
    When I run "bdd run --no-history"
    Then it exits with 1
    And there is no file ".bdd/history.jsonl"
