Feature: Stopping a run
  A run that gets a signal ends soon and in order: its reports are written and say what did not run. The
  exit code is 128 plus the number of the signal, as in a shell.

  Scenario Outline: <signal>
    Given a file "features/long.feature" with:
      """
      Feature: Long

        Scenario: Before
          Given a step that passes

        Scenario: Endless
          Given a step that prints "waiting"
          And a step that sleeps 50000 ms

        Scenario: After
          Given a step that passes
      """
    And a file "bdd.toml" with:
      """
      [steps]
      finish-timeout = "200ms"
      """
    When I run "bdd run --no-capture -f pretty -f junit:report.xml" and send it <signal> when it prints "waiting"
    Then it exits with <code>
    And standard output contains "1 scenario passed, 0 failed, 0 skipped"
    And standard output contains "not run"
    And the file "report.xml" contains "<testcase name="After""
    And the file "report.xml" contains "</testsuites>"

    Examples:
      | signal  | code |
      | SIGINT  | 130  |
      | SIGTERM | 143  |
      | SIGHUP  | 129  |
      | SIGQUIT | 131  |
