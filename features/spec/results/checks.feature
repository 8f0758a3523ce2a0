Feature: Checks
  A check is an assertion that does not end its step. The step continues and fails at its end, with all
  failed checks.

  Scenario: All failed checks are listed with their places
    Given a file "features/pairs.feature" with:
      """
      Feature: Pairs

        Scenario: Two are wrong
          Then a step that checks that 1 is 2 and 3 is 4
          And a step that passes
      """
    When I run "bdd run --format pretty"
    Then it exits with 1
    And standard output has these lines:
      """
      AssertionError: 2 failures in this step:
      1. assertion `left == right` failed: the first pair
      left: 1
      right: 2
      2. assertion failed: c == d
      features/pairs.feature:4
      it went on
      0 steps passed, 1 failed, 1 skipped
      """
    And standard output contains "/steps-examples/src/failures.rs:"

  Scenario: The failure that ends the step comes last
    Given a file "features/end.feature" with:
      """
      Feature: End

        Scenario: A panic
          Then a step that checks and then panics
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output has these lines:
      """
      1. assertion `left != right` failed
      2. Error: it is over
      """

  Scenario: Checks that pass are not shown
    Given a file "features/pairs.feature" with:
      """
      Feature: Pairs

        Scenario: Both are right
          Then a step that checks that 1 is 1 and 2 is 2
      """
    When I run "bdd run"
    Then it exits with 0

  Scenario Outline: A check <where> panics
    Given a file "features/elsewhere.feature" with:
      """
      Feature: Elsewhere

        Scenario: Nobody collects it
          Given <step>
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "<message>"

    Examples:
      | where                        | step                                     | message            |
      | on another thread            | a step that checks on another thread     | checked elsewhere  |
      | in a fixture that is dropped | a fixture that checks when it is dropped | checked at the end |
