Feature: Coroutines

  Scenario: waits
    Given it waits in a coroutine
    Then it has waited

  Scenario: fails
    Given it waits and fails

  Scenario: too long
    Given it waits too long
    Then it counts
