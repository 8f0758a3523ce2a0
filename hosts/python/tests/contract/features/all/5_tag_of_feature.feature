@tag_fails
Feature: The hook of the feature's tag fails

  Scenario: before the feature
    Given it counts
