@more_rows
Feature: A hook adds rows

  Scenario: first
    Given it counts

  @row.<n>
  Scenario Outline: rows <n>
    Given the row has n <n>
    And the row has name <name>

    Examples:
      | n | name |
      | 1 | one  |
      | 2 | two  |
