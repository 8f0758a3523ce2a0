Feature: Hooks after everything that fail

  Scenario: Passes
    When a step passes
