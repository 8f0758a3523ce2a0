Feature: Hooks that attach

  Scenario: Before and after
    When a step passes
