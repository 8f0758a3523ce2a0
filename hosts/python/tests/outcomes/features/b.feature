@feature_hook_fails
Feature: Hook of a feature fails
  Scenario: One
    Given 1 apples
  Scenario: Two
    Given 1 apples
