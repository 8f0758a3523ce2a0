Feature: Captured output
  The output of steps is captured, and shown only with a scenario that fails: complete, and never that
  of another scenario.

  Background:
    Given a file "features/talk.feature" with:
      """
      Feature: Talk

        Scenario: Well
          Given a step that prints "all is well"

        Scenario: Badly
          Given a step that prints "to standard output"
          And a step that complains "to standard error"
          And a step whose child process prints "from a child"
          Then a step that fails with "enough"
      """

  Scenario: The output of a failing scenario is shown with it
    When I run "bdd run --format pretty"
    Then it exits with 1
    And standard output has these lines:
      """
      Scenario: Badly
      Error: enough
      ---- captured output ----
      to standard output
      to standard error
      from a child
      -------------------------
      """

  Scenario: The output of a passing scenario is not
    When I run "bdd run features/talk.feature:3"
    Then it exits with 0
    And standard output does not contain "all is well"

  Scenario: --no-capture prints it as steps run
    When I run "bdd run --no-capture --format pretty"
    Then it exits with 1
    And standard output has these lines:
      """
      all is well
      to standard output
      from a child
      """
    And standard error contains "to standard error"
    And standard output does not contain "captured output"

  Scenario: --no-capture needs one worker
    When I run "bdd run --no-capture --jobs 2"
    Then it exits with 2
    And standard error contains "--no-capture needs one worker"

  Scenario: Binary output
    Given a file "features/talk.feature" with:
      """
      Feature: Talk

        Scenario: Noise
          Given a step that prints 100000 bytes of binary
          Then a step that fails with "look at the noise"

        Scenario: Silence
          Given a step that passes
      """
    When I run "bdd run --format progress --format junit:report.xml"
    Then it exits with 1
    And standard output contains "look at the noise"
    And standard output contains "1 scenario passed, 1 failed, 0 skipped"
    And the file "report.xml" contains "look at the noise"
