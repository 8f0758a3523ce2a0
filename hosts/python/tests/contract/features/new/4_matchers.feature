Feature: Newer matchers

  Scenario: re0
    Given the regular word of re0
    Then it saw 'word'

  Scenario: cucumber expressions
    Given 3 cucumbers at green
    Then it saw (3, 'GREEN')
    Given 1 cucumber in red
    Then it saw (1, 'RED')
    Given the string "a b" and word and 2.5
    Then it saw ('a b', 'word', 2.5)
    Given 3 cucumbers at blue
