@fixture.cup
Feature: Fixtures

  @fixture.plate
  Scenario: one
    Then the plate is white
    And there is a cup

  @fixture.red
  Scenario: with parameters
    Then the plate is red

  @fixture.table
  Scenario: composite
    Then the plate is blue

  @fixture.broken
  Scenario: breaks at once
    Then it counts

  @fixture.breaks_later
  Scenario: breaks later
    Then it counts

  @fixture.unknown
  Scenario: unknown
    Then it counts

  Scenario: gone
    Then there is a cup
    But it errs
