Feature: An ambiguous step is no reason to try again

  Scenario: Ambiguous
    Given a step with two definitions
