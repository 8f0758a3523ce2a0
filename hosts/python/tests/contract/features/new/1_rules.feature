@f
Feature: Rules

  Background: of the feature
    Given it counts

  Scenario: before the rules
    Then the count is 1

  @r
  Rule: first

    Background: of the rule
      Given it counts

    Scenario: in the rule
      Then the count is 2
      And the level is scenario
      And the tags are f r

    @goes_on
    Scenario Outline: rows <n>
      Then the row has n <n>
      And it fails
      And it counts
      Examples:
        | n |
        | 1 |

    @no_background
    Scenario: without the background
      Then it counts
      And the count is 1

  @skip_rule
  Rule: skipped

    Scenario: not run
      Then it fails

  @rule_fails
  Rule: its hook fails

    Scenario: not run either
      Then it counts

    Scenario: nor this
      Then it counts

  Rule: skips its rest

    Scenario: skips
      Given it skips the rule
      Then it fails

    Scenario: rest
      Then it fails

  @tag_fails
  Rule: the hook of its tag fails

    Scenario: after its tag
      Then it counts

  Rule: last
    Example: an example
      Then it counts
