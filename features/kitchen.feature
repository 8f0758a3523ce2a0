@kitchen
Feature: Boiling water
  Steps, hooks and fixtures can be async functions. The tasks that they start continue while other steps run.

  Scenario: Wait for the kettle
    Given a kettle with water of 90 degrees
    When I switch the kettle on
    And I wait for the kettle at most 60 seconds
    Then the water has 100 degrees

  Scenario: Do something else meanwhile
    Given a kettle with water of 90 degrees
    When I switch the kettle on
    And I read the newspaper until the water boils
    Then the water has 100 degrees

  Scenario: Every scenario has a kettle of its own
    Given a kettle with water of 20 degrees
    Then the water has 20 degrees
