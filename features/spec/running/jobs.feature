Feature: Several workers
  `--jobs N` runs scenarios in N step programs at once. The results are the same.

  Scenario Outline: <jobs> at once
    Given a file "features/many.feature" with:
      """
      Feature: Many

        Scenario Outline: Number <number>
          Given a step that prints "<number>"
          Then a step that asserts that <number> is <result>

          Examples:
            | number | result |
            | 1      | 1      |
            | 2      | 2      |
            | 3      | 0      |
            | 4      | 4      |
            | 5      | 0      |
            | 6      | 6      |
      """
    When I run "bdd run --jobs <jobs>"
    Then it exits with 1
    And standard output has these lines:
      """
      Failing scenarios:
      features/many.feature:11  Number 3
      features/many.feature:13  Number 5
      4 scenarios passed, 2 failed, 0 skipped
      """

    Examples:
      | jobs |
      | 1    |
      | 2    |
      | 4    |
