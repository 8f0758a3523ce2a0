Feature: Calculator
  Adding up on paper goes wrong sooner or later.

  Background:
    Given a cleared calculator

  Scenario: Add two numbers
    Given I have entered 50
    And I have entered 70
    When I press add
    Then the result should be 120

  Scenario Outline: Divide
    Given I have entered <dividend>
    And I have entered <divisor>
    When I press divide
    Then the result should be <quotient>

    Examples: Whole numbers
      | dividend | divisor | quotient |
      | 6        | 3       | 2        |
      | 7        | 2       | 3.5      |
