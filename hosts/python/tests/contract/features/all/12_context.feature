@a @b
Feature: The context

  @c
  Scenario: layers
    Given the level is scenario
    Then the tags are a b c
    And it forgets
    And it cannot forget the feature's

  Scenario: captured output
    Given it prints and logs
    Then it has captured stdout
    And it has captured stderr
    And it has captured the log

  Scenario: captured anew
    Then it has captured stdout

  Scenario: attachments
    Given it attaches

  Scenario: userdata
    Then userdata has colour green
    And userdata has size 3
    And userdata has flag on

  Scenario: keywords
    Given one keyword
    Then the keyword was "given"
    When one keyword
    Then the keyword was "when"
    And one keyword
