Feature: Descriptions and comments
  As somebody
  I want text here

  # a comment
  Scenario: described
    Some text of the scenario
    that is not a step

    # another comment
    Given it counts
      # inside
    Then the count is 1

  Scenario: lower-case keywords
    given it counts
    WHEN it counts
    then the count is 2
