Feature: What a scenario leaves behind
  A scenario does not affect the next one. What it leaves behind is removed. If that may hide a fault,
  the scenario fails.

  Scenario: A process that is left running is ended, and its scenario fails
    Given a file "features/leak.feature" with:
      """
      Feature: Leak

        Scenario: Sloppy
          Given a step that leaves a process running

        Scenario: Next
          Given a step that passes
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "Leak: it left a process running: `sleep 60` (process "
    And standard output contains "; it was ended"
    And standard output contains "1 scenario passed, 1 failed, 0 skipped"
    When I run "bdd run --leaks warn"
    Then it exits with 0

  Scenario: A panic of any thread fails the scenario
    The thread may never be joined.

    Given a file "features/thread.feature" with:
      """
      Feature: Thread

        Scenario: Elsewhere
          Given a step whose thread panics with "not mine"
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "ThreadPanic: a thread panicked: not mine"
    And standard output contains "0 scenarios passed, 1 failed, 0 skipped"
    And standard output contains "1 step passed, 0 failed, 0 skipped"

  Scenario: A scenario may expect panics of threads
    Given a file "features/thread.feature" with:
      """
      Feature: Thread

        Scenario: Elsewhere
          Given threads may panic
          And a step whose thread panics with "not mine"
      """
    When I run "bdd run"
    Then it exits with 0
