Feature: Calculator
  To avoid silly mistakes our analysts work things out with a calculator.

  Entered numbers are kept in a list. An operation uses the last two of them.

  @smoke
  Scenario: Add two numbers
    Given I have entered 50 into the calculator
    And I have entered 70 into the calculator
    When I press add
    Then the result should be 120 on the screen

  Scenario: Go on with the result
    Given I have entered 2 into the calculator
    And I have entered 3 into the calculator
    When I press multiply
    And I enter 4 into the calculator
    And I press subtract
    Then the result should be 2 on the screen

  Scenario: Repeat an operation
    Given I have entered these numbers into the calculator:
      | 1  |
      | 10 |
      | 20 |
      | 30 |
    When I press add 3 times
    Then the result should be 61 on the screen

  Scenario Outline: Divide
    Whole numbers and fractions can be divided.

    Given I have entered <dividend> into the calculator
    And I have entered <divisor> into the calculator
    When I press divide
    Then the result should be <quotient> on the screen

    @smoke
    Examples: Regular numbers
      | dividend | divisor | quotient |
      | 3        | 2       | 1.5      |
      | 12       | 4       | 3        |

    @edge
    Examples: Signs and fractions
      | dividend | divisor | quotient |
      | -6       | 3       | -2       |
      | 0.5      | 0.25    | 2        |
      | 0        | 7       | 0        |

  @edge
  Scenario Outline: Impossible operations
    Given I have entered these numbers into the calculator:
      | <first>  |
      | <second> |
    When I press <button>
    Then the calculator complains: <complaint>

    Examples:
      | first | second | button | complaint               |
      | 10    | 0      | divide | cannot divide by zero   |
      | 0     | 0      | divide | cannot divide by zero   |
      | 1e308 | 1e308  | add    | the number is too large |

  @edge
  Scenario: An operation needs two numbers
    Given I have entered 5 into the calculator
    When I press add
    Then the calculator complains: two numbers are needed
