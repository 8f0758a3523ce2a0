Feature: Retries
  `--retries N` runs a failed scenario again, with new fixtures. A scenario that then passes is flaky:
  the reports say so, and the run does not fail.

  Background:
    Given a file "features/retries.feature" with:
      """
      Feature: Weather

        Scenario: Sunny
          Given a step that passes

        Scenario: Changeable
          Given a step that passes from attempt 1 on

        Scenario: Rainy
          Given a step that fails with "it rains"
      """

  Scenario: Without retries a failure is final
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "1 scenario passed, 2 failed, 0 skipped"
    And standard output does not contain "flaky"

  Scenario: A flaky scenario passes
    When I run "bdd run --retries 2 --name Sunny --name Changeable"
    Then it exits with 0
    And standard output has these lines:
      """
      Flaky scenarios:
        features/retries.feature:6  Changeable  # passed in attempt 2
      2 scenarios passed, 0 failed, 0 skipped
      1 scenario is flaky: it failed, then passed
      """

  Scenario: A scenario that fails each time fails the run
    When I run "bdd run --retry 2 -f events:events.jsonl"
    Then it exits with 1
    And standard output has these lines:
      """
      Failing scenarios:
        features/retries.feature:9  Rainy  # failed, 3 attempts
      2 scenarios passed, 1 failed, 0 skipped
      """
    And the file "events.jsonl" contains ""retries":2"
    And the file "events.jsonl" contains ""will_be_retried":true"

  Scenario: A crash is retried too
    Given a file "features/crash.feature" with:
      """
      Feature: Crash
        Scenario: Crash
          Given a step that aborts
      """
    When I run "bdd run --retries 1 features/crash.feature -f pretty"
    Then it exits with 1
    And standard output contains "attempt 1 of 2, will be retried"
    And standard output contains "(1 crashed)"

  Scenario: bdd.toml sets the number of retries
    Given a file "bdd.toml" with:
      """
      retries = 1
      """
    When I run "bdd run --name Changeable"
    Then it exits with 0
    When I run "bdd run --name Changeable --retries 0"
    Then it exits with 1

  Scenario: Pending and undefined steps are not retried
    Given a file "features/open.feature" with:
      """
      Feature: Open
        Scenario: Pending
          Given a step that is pending
        Scenario: Undefined
          Given a step that nobody has written
      """
    When I run "bdd run --retries 2 features/open.feature -f events:events.jsonl"
    Then it exits with 1
    And the file "events.jsonl" does not contain ""will_be_retried":true"

  Scenario: A tag sets the number of retries of a scenario
    Given a file "features/tagged.feature" with:
      """
      Feature: Tagged
        @retry(2)
        Scenario: Stubborn
          Given a step that passes from attempt 2 on
        @retry(0)
        Scenario: Once is enough
          Given a step that passes from attempt 1 on
      """
    When I run "bdd run --retries 1 features/tagged.feature"
    Then it exits with 1
    And standard output has these lines in part:
      """
      features/tagged.feature:3  Stubborn  # passed in attempt 3
      features/tagged.feature:6  Once is enough
      1 scenario passed, 1 failed, 0 skipped
      """

  Scenario: Only scenarios with some tags are retried, after a delay
    Given a file "features/network.feature" with:
      """
      Feature: Network
        @network
        Scenario: Far away
          Given a step that passes from attempt 1 on
        Scenario: At hand
          Given a step that passes from attempt 1 on
      """
    When I run "bdd run --retries 1 --retry-tags @network --retry-delay 50ms features/network.feature"
    Then it exits with 1
    And standard output contains "1 scenario passed, 1 failed, 0 skipped"

  Scenario: Flaky scenarios may fail the run
    When I run "bdd run --retries 1 --flaky fail --name Changeable"
    Then it exits with 1
    And standard output contains "flaky: it failed, and passed only in attempt 2"
    And standard output contains "0 scenarios passed, 1 failed, 0 skipped"
