Feature: Expected failures
  A scenario with the tag `@expected_failure` fails because of a known fault, and the run does not fail.
  When the scenario passes, the fault is fixed and the tag must be removed: that fails the run.

  Scenario: An expected failure does not fail the run
    Given a file "features/known.feature" with:
      """
      Feature: Known faults

        @expected_failure
        Scenario: Division by zero
          Given a step that fails with "division by zero"

        Scenario: Addition
          Given a step that passes
      """
    When I run "bdd run --retries 2"
    Then it exits with 0
    And standard output contains "1 scenario passed, 0 failed, 0 skipped, 1 expected failure"

  Scenario: An unexpected pass fails the run
    Given a file "features/known.feature" with:
      """
      Feature: Known faults

        @expected_failure
        Scenario: Division by zero
          Given a step that passes
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output has these lines:
      """
      Failing scenarios:
        features/known.feature:4  Division by zero  # passed unexpectedly
      0 scenarios passed, 1 failed, 0 skipped
      """

  Scenario: Undefined steps are not an expected failure
    Given a file "features/known.feature" with:
      """
      @expected_failure
      Feature: Known faults
        Scenario: Division by zero
          Given a step that nobody has written
      """
    When I run "bdd run"
    Then it exits with 1

  Scenario: A failure beside an undefined step is not expected
    Given a file "features/known.feature" with:
      """
      Feature: Known faults
        @expected_failure
        Scenario: Division by zero
          Given a step that fails with "division by zero"
          Then a step that nobody has written
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "this is not an expected failure: something in the scenario is undefined"

  Scenario: bdd.toml names the tags
    Given a file "bdd.toml" with:
      """
      expected-failure-tags = "@xfail or @known"
      """
    And a file "features/known.feature" with:
      """
      Feature: Known faults
        @known
        Scenario: Division by zero
          Given a step that fails with "division by zero"
      """
    When I run "bdd run"
    Then it exits with 0
