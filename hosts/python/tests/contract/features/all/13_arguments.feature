Feature: Texts and tables

  Scenario: text
    Given the text is
      """
      first
        "second"

      last
      """
    And no text and no table

  Scenario: single quotes
    Given the text is
      '''
      first
        "second"

      last
      '''

  Scenario: empty text
    Given an empty text
      """
      """

  Scenario: with a colon
    Given the text is:
      """
      first
        "second"

      last
      """

  Scenario: table
    Given the table
      | name | value     |
      | a\|b |           |
      | c    | two words |
    And no text and no table

  Scenario: table with a colon
    When the table:
      | name | value     |
      | a\|b |           |
      | c    | two words |

  Scenario: wrong table
    When the table
      | name |
      | a    |
