Feature: bdd steps
  It shows the step definitions of a project: patterns, documentation and uses. No step runs, and nothing is built.

  Background:
    Given the step program is "program"
    And a file "bdd.toml" with:
      """
      [steps]
      path = "program"
      """
    And a file "features/sums.feature" with:
      """
      Feature: Sums

        Scenario: Add
          Given I have entered 1 into the calculator
          When I press add
          Then the result should be 1 on the screen
      """

  Scenario: Find a step in your own words
    When I run "bdd steps --search 'the user types a number into the calculator'"
    Then it exits with 0
    And standard output contains "^I (?:have entered|enter) (\S+) into the calculator$"

  Scenario: See what a step would run
    When I run "bdd steps --match 'When I press add'"
    Then it exits with 0
    And standard output contains "`I press add` runs:"
    And standard output contains "argument 1: add"

  Scenario: A slip gets the nearest definition
    When I run "bdd steps --match 'I have enterd 1 into the calculator'"
    Then it exits with 1
    And standard output contains "hint: did you mean `^I (?:have entered|enter) (\S+) into the calculator$`?"

  Scenario: A page to send
    When I run "bdd steps --format markdown"
    Then it exits with 0
    And standard output contains "# Step definitions"
