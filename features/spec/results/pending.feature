Feature: Pending steps
  A step whose author says that it is not written yet is pending.

  Background:
    Given a file "features/pending.feature" with:
      """
      Feature: Plans

        Scenario: Some day
          Given a step that is pending
          Then a step that passes
      """

  Scenario: It fails the run and gives its reason
    When I run "bdd run -v --format progress"
    Then it exits with 1
    And standard output has these lines:
      """
      Plans: Some day ... PENDING
      not written yet
      0 scenarios passed, 0 failed, 0 skipped, 1 pending
      0 steps passed, 0 failed, 1 skipped, 1 pending
      """

  Scenario: With --no-strict the run does not fail
    When I run "bdd run --no-strict"
    Then it exits with 0
    And standard output contains "1 pending"
