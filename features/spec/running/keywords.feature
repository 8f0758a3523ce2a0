Feature: Keywords of definitions
  A definition matches a step with any keyword: a `When` of one scenario is a `Given` of another.
  `--strict-keywords` makes keywords count.

  Background:
    Given a file "features/sums.feature" with:
      """
      Feature: Sums

        Scenario: The result of before
          Given I have entered 1 into the calculator
          And I have entered 2 into the calculator
          And I press add
          Then the result should be 3 on the screen

        Scenario: In order
          Given I have entered 1 into the calculator
          And I have entered 2 into the calculator
          When I press add
          Then the result should be 3 on the screen
      """

  Scenario: The keyword does not matter
    When I run "bdd run"
    Then it exits with 0

  Scenario: With --strict-keywords it does
    When I run "bdd run -v --strict-keywords --format progress"
    Then it exits with 1
    And standard output has these lines:
      """
      Sums: The result of before ... UNDEFINED
      Sums: In order ... ok
      """
