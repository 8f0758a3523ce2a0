Feature: Pending steps

  Scenario: pending
    Given it counts
    When it is pending
    Then it counts

  @wip
  Scenario: pending in progress
    When it is pending
    Then it counts

  @goes_on
  Scenario: pending, and goes on
    When it is pending
    Then it counts
