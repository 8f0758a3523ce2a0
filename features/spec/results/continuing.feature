Feature: Continuing after a failure
  Usually the steps after a failed step are skipped. With a tag they still run.

  Scenario Outline: <tag>
    Given a file "features/checks.feature" with:
      """
      Feature: Checks
        <tag>
        Scenario: Several checks
          Given a step that prints "set up"
          Then a step that fails with "the first check"
          And a step that fails with "the second check"
          And a step that passes
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "<steps>"

    Examples:
      | tag                     | steps                               |
      | @some_tag               | 1 step passed, 1 failed, 2 skipped  |
      | @continue_after_failure | 2 steps passed, 2 failed, 0 skipped |

  Scenario: A pending step still ends the scenario
    Given a file "features/checks.feature" with:
      """
      Feature: Checks
        @continue_after_failure
        Scenario: Several checks
          Then a step that fails with "the first check"
          And a step that is pending
          And a step that passes
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "0 steps passed, 1 failed, 1 skipped, 1 pending"
