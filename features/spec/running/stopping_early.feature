Feature: Stopping early
  A run can stop after the first failures. The reports list the scenarios that did not run, and why.

  Background:
    Given a file "features/ladder.feature" with:
      """
      Feature: Ladder

        Scenario: First rung
          Given a step that passes

        Scenario: Second rung
          Given a step that fails with "it is loose"

        Scenario: Third rung
          Given a step that fails with "it is gone"

        Scenario: Fourth rung
          Given a step that passes
      """

  Scenario Outline: <flags>
    When I run "bdd run -j 1 <flags> -f progress -f junit:report.xml"
    Then it exits with 1
    And standard output contains "<counts>"
    And standard output contains "<not run>: the run was stopped after <failures>"
    And the file "report.xml" contains "<testcase name="Fourth rung""

    Examples:
      | flags            | counts                                            | not run             | failures          |
      | -x               | 1 scenario passed, 1 failed, 0 skipped, 2 not run | 2 scenarios not run | the first failure |
      | --fail-fast      | 1 scenario passed, 1 failed, 0 skipped, 2 not run | 2 scenarios not run | the first failure |
      | --max-failures 2 | 1 scenario passed, 2 failed, 0 skipped, 1 not run | 1 scenario not run  | 2 failures        |

  Scenario: Fewer failures than the limit do not stop the run
    When I run "bdd run --max-failures 3"
    Then it exits with 1
    And standard output contains "2 scenarios passed, 2 failed, 0 skipped"
