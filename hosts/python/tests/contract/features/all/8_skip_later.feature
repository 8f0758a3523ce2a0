Feature: Skipped while it runs

  Scenario: before
    Given it counts

  Scenario: skips the rest
    Given it skips the feature
    Then it fails

  Scenario: rest
    Given it fails
