@after_fails
Feature: The hook after the feature fails

  Scenario: passes before it
    Given it counts
