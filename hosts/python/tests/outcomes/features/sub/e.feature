@skip_feature
Feature: Skipped as a whole
  Scenario: One
    Given 1 apples
