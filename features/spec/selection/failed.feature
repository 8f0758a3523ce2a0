Feature: Running what failed
  What failed or did not run last time is what one wants to see again first. bdd keeps the results of
  runs in the folder `.bdd` of the project: `--failed` takes nothing but what failed or did not run, and
  `--order failed-first` begins with it.

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

  Scenario: What the run did not reach did not run
    When I run "bdd run --fail-fast"
    And I run "bdd list --failed"
    Then standard output contains "Pay"
    And standard output contains "Leave"
    And standard output does not contain "Browse"

  Scenario: First what failed
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
