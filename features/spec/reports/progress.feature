Feature: The report "progress"
  It shows a character for each scenario, and all failures after the run. It is the default when
  standard output is not a terminal.

  Background:
    Given a file "features/every.feature" with:
      """
      Feature: Every

        Scenario: Passed
          Given a step that passes

        Scenario: Failed
          Given a step that fails with "no money"

        Scenario: Undefined
          Given nobody has defined this

        Scenario: Pending
          Given a step that is pending

        Scenario: Skipped
          Given a step that is skipped because of "no printer"

        Scenario: Ambiguous
          Given a step that two definitions match
      """

  Scenario: A character for each scenario, then the failures
    When I run "bdd run --format progress"
    Then it exits with 1
    And standard output has these lines:
      """
      .FUPSA
      ======================================================================
      FAIL: Every: Failed
      ----------------------------------------------------------------------
      features/every.feature:6
      Given a step that fails with "no money"
      Error: no money
      UNDEFINED: Every: Undefined
      PENDING: Every: Pending
      AMBIGUOUS: Every: Ambiguous
      Failing scenarios:
      features/every.feature:6  Failed
      Code for the undefined steps:
      0 features passed, 1 failed, 0 skipped
      1 scenario passed, 1 failed, 1 skipped, 1 undefined, 1 ambiguous, 1 pending
      1 step passed, 1 failed, 1 skipped, 1 undefined, 1 ambiguous, 1 pending
      """
    And standard output does not contain "Scenario: Passed"

  Scenario: -v gives each scenario a line
    When I run "bdd run --format progress -v"
    Then standard output has these lines:
      """
      Every: Passed ... ok
      Every: Failed ... FAIL
      Every: Undefined ... UNDEFINED
      Every: Pending ... PENDING
      Every: Skipped ... SKIP
      Every: Ambiguous ... AMBIGUOUS
      """

  Scenario: It is the default for files and pipes
    When I run "bdd run"
    Then standard output has these lines:
      """
      .FUPSA
      """
