@hook_fails
Feature: The hook before the feature fails

  Scenario: never
    Given it counts

  Scenario Outline: never either
    Given it counts
    Examples:
      | n |
      | 1 |
      | 2 |
