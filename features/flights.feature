@flights
Feature: Flights
  A parameter type gives a name to what a text in a step means. Patterns use the name in braces, or
  the function just has a parameter of the Rust type.

  Background:
    Given LHR-CDG leaves at 17:45

  Scenario: A delay
    When LHR-CDG is 45 minutes late
    Then the board shows 18:30 for LHR-CDG

  Scenario: A long delay
    When LHR-CDG is 2 hours late
    And LHR-CDG is 1 minute late
    Then the board shows 19:46 for LHR-CDG

  Scenario: Seats
    Given an economy seat on LHR-CDG
    And a business seat on CDG-JFK
    Then a seat from LHR is in economy class
    And a seat from CDG is in business class
