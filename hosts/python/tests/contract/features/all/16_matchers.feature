Feature: Matchers

  Scenario: parse with own types
    Given 3 animals, cat: yes
    Then it saw (3, 'cat', True)

  Scenario: an unknown choice
    Given 3 animals, cow: yes

  Scenario: a type with a pattern
    Given 2.5 eur
    Then it saw (2.5, 'EUR')

  Scenario: cardinalities
    Given the list 1, 2, 3
    Then it saw [1, 2, 3]
    Given perhaps4.
    Then it saw 4
    Given perhaps.
    Then it saw None
    Given any of cat, dog;
    Then it saw ['cat', 'dog']

  Scenario: regular expressions
    When I eat 3
    Then it saw ('I', '3', None)
    When we drink 3 and 4
    Then it saw ('we', '3', '4')
    When positional a and b
    Then it saw ('a', 'b')
    When we drink 3 and 4 and 5

  Scenario: a matcher of the suite
    Then SHOUTED words
