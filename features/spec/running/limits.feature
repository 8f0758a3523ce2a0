Feature: Time limits
  Steps, scenarios and runs can have time limits. When a step hangs, only its scenario fails. The report
  says what took too long, and what was printed until then.

  Background:
    Given a file "features/weather.feature" with:
      """
      Feature: Weather

        Scenario: Sunny
          Given a step that passes

        Scenario: Endless rain
          Given a step that prints "it rains"
          When a step that sleeps 50000 ms
          Then a step that passes

        Scenario: Windy
          Given a step that passes
      """

  Scenario: A step that hangs is ended
    When I run "bdd run -j 1 --step-timeout 400ms -f pretty -f junit:report.xml"
    Then it exits with 1
    And standard output has these lines in part:
      """
      the step `When a step that sleeps 50000 ms` is slow: it has been running for 200ms
      Timeout: the step took longer than 400ms (`step-timeout`)
      it rains
      2 scenarios passed, 1 failed, 0 skipped (1 timed out)
      """
    And the file "report.xml" contains "type="Timeout""

  Scenario: A whole scenario has a limit, too
    When I run "bdd run --scenario-timeout 400ms"
    Then it exits with 1
    And standard output contains "the scenario took longer than 400ms (`scenario-timeout`)"
    And standard output contains "2 scenarios passed, 1 failed, 0 skipped (1 timed out)"

  Scenario Outline: A tag says how long a scenario may take, and wins over the limit of steps
    Given a file "features/tagged.feature" with:
      """
      @timeout(<limit>)
      Feature: Tagged
        Scenario: Slow
          Given a step that sleeps 300 ms
      """
    When I run "bdd run --step-timeout 100ms features/tagged.feature"
    Then it exits with <code>

    Examples:
      | limit | code |
      | 200ms | 1    |
      | 20s   | 0    |

  Scenario: After the limit of the whole run, the remaining scenarios do not run
    Given a file "bdd.toml" with:
      """
      [steps]
      finish-timeout = "200ms"
      """
    When I run "bdd run -j 1 --run-timeout 400ms features/weather.feature:6:11"
    Then it exits with 1
    And standard output contains "the run took longer than 400ms (`run-timeout`)"
    And standard output contains "0 scenarios passed, 0 failed, 0 skipped, 2 not run"

  Scenario: The output of a scenario has a limit
    Given a file "features/noise.feature" with:
      """
      Feature: Noise
        Scenario: Loud
          Given a step that prints 5000 bytes of binary
      """
    When I run "bdd run --output-limit 1KB features/noise.feature"
    Then it exits with 1
    And standard output contains "the scenario printed more than 1 KB (`output-limit`)"
