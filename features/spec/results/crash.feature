Feature: Crashing steps
  A step may end the whole step program: it aborts, it overflows its stack, it exits. Only its scenario
  fails, and the report names the step.

  Scenario Outline: A step that <what>
    Given a file "features/crash.feature" with:
      """
      Feature: Crash

        Scenario: Before
          Given a step that passes

        Scenario: Culprit
          Given a step that prints "famous last words"
          When a step that <what>
          Then a step that passes

        Scenario: After
          Given a step that passes
      """
    When I run "bdd run -v --format progress --format junit:report.xml"
    Then it exits with 1
    And standard output has these lines:
      """
      Crash: Before ... ok
      Crash: Culprit ... ERROR
      Crash: After ... ok
      ERROR: Crash: Culprit
      When a step that <what>
      Crash: the step program <message> while this step ran
      famous last words
      features/crash.feature:6  Culprit
      2 scenarios passed, 1 failed, 0 skipped (1 crashed)
      """
    And the file "report.xml" contains "errors="1""
    And the file "report.xml" contains "famous last words"

    Examples:
      | what                | message                          |
      | aborts              | was killed by signal 6 (SIGABRT) |
      | overflows the stack | was killed by signal 6 (SIGABRT) |
      | exits with 0        | exited with code 0               |
      | exits with 3        | exited with code 3               |

  Scenario: Repeated crashes do not affect other scenarios
    Given features with these scenarios:
      | file               | scenario |
      | features/1.feature | First    |
      | features/3.feature | Third    |
    And a file "features/2.feature" with:
      """
      Feature: 2

        Scenario Outline: Crash
          Given a step that exits with <code>

          Examples:
            | code |
            | 1    |
            | 2    |
            | 3    |
            | 4    |
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "2 scenarios passed, 4 failed, 0 skipped (4 crashed)"
