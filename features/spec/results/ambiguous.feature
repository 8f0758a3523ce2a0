Feature: Ambiguous steps
  bdd does not choose between two definitions that match a step.

  Background:
    Given a file "features/ambiguous.feature" with:
      """
      Feature: Choice

        Scenario: Either
          Given a step that two definitions match

        Scenario: One
          Given a step that three definitions match
      """

  Scenario: It fails the run and names the definitions
    When I run "bdd run -v --format progress"
    Then it exits with 1
    And standard output has these lines:
      """
      Choice: Either ... AMBIGUOUS
      Choice: One ... ok
      2 step definitions match:
      ^a step that two definitions match$
      ^a step that (\w+) definitions match$
      1 scenario passed, 0 failed, 0 skipped, 1 ambiguous
      """
    And standard output contains "ambiguous.rs:"

  Scenario: --no-strict changes nothing
    When I run "bdd run --no-strict"
    Then it exits with 1
