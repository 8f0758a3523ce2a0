Feature: Only skipped
  @slow
  Scenario: One
    Given 1 apples
