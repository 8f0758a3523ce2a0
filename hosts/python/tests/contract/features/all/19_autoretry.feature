@autoretry
Feature: The suite retries

  Scenario: third time lucky
    Given it works the third time

  Scenario: hopeless
    Given it fails
