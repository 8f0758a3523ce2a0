Feature: Skipped scenarios
  A step may find that its scenario cannot run: on this machine, on this day. The scenario is skipped,
  and the run does not fail.

  Scenario: The reason is shown
    Given a file "features/skipped.feature" with:
      """
      Feature: Elsewhere

        Scenario: Print
          Given a step that is skipped because of "no printer"
          Then a step that fails with "never reached"
      """
    When I run "bdd run --format pretty"
    Then it exits with 0
    And standard output contains "no printer"
    And standard output contains "0 scenarios passed, 0 failed, 1 skipped"
    And standard output contains "0 steps passed, 0 failed, 2 skipped"
