Feature: Backgrounds
  The steps of a background run before those of every scenario of its feature or rule.

  Scenario: Before every scenario
    Given a file "features/sums.feature" with:
      """
      Feature: Sums

        Background:
          Given I have entered 2 into the calculator

        Scenario: Double
          When I enter 2 into the calculator
          And I press add
          Then the result should be 4 on the screen

        Scenario: Square
          When I enter 2 into the calculator
          And I press multiply
          Then the result should be 4 on the screen
      """
    When I run "bdd run --format pretty"
    Then it exits with 0
    And standard output has these lines:
      """
      Scenario: Double
      Given I have entered 2 into the calculator
      When I enter 2 into the calculator
      Scenario: Square
      Given I have entered 2 into the calculator
      When I enter 2 into the calculator
      """
    And standard output contains "8 steps passed"

  Scenario: First the background of the feature, then that of the rule
    Given a file "features/order.feature" with:
      """
      Feature: Order

        Background:
          Given a step that prints "feature first"

        Scenario: Outside
          Then a step that fails with "look"

        Rule: Inside

          Background:
            Given a step that prints "rule second"

          Example: Both
            Then a step that fails with "look"
      """
    When I run "bdd run --format pretty"
    Then standard output has these lines:
      """
      Scenario: Outside
      feature first
      Rule: Inside
      Example: Both
      Given a step that prints "feature first"
      Given a step that prints "rule second"
      Then a step that fails with "look"
      feature first
      rule second
      """

  Scenario: A failing background fails each of its scenarios
    Given a file "features/cold.feature" with:
      """
      Feature: Cold start

        Background:
          Given a step that fails with "out of fuel"

        Scenario: Left
          When a step that passes

        Scenario: Right
          When a step that passes
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "0 scenarios passed, 2 failed, 0 skipped"
    And standard output contains "0 steps passed, 2 failed, 2 skipped"
