Feature: Fixtures
  Steps share values in fixtures. By default a fixture lives as long as the scenario.

  Scenario: Scenarios do not see the state of each other
    Given a file "features/sums.feature" with:
      """
      Feature: Sums

        Scenario: One
          Given I have entered 1 into the calculator
          And I have entered 2 into the calculator
          When I press add
          Then the result should be 3 on the screen

        Scenario: Two
          Given I have entered 5 into the calculator
          When I press add
          Then the calculator complains: two numbers are needed
      """
    When I run "bdd run"
    Then it exits with 0
    And standard output contains "2 scenarios passed"
