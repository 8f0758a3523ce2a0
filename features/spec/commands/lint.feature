Feature: bdd lint
  It finds what is wrong or hard to read in feature files. The warnings of runs are among its findings.

  Background:
    Given there is no step program
    And a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Buy bread
          Given a shop
          Given some money
          When bread is bought
      """

  Scenario: The findings of a project
    When I run "bdd lint"
    Then it exits with 0
    And standard output is:
      """
      features/shop.feature:3:3: warning: this scenario has no `Then` step [missing-then]
      features/shop.feature:5:5: warning: `Given` says the same as the step above: write `And` [repeated-keyword]
      """

  Scenario: Warnings can fail a build
    When I run "bdd lint --deny-warnings"
    Then it exits with 1

  Scenario: Mend what is safe
    When I run "bdd lint --fix"
    Then it exits with 0
    And standard output is:
      """
      features/shop.feature:3:3: warning: this scenario has no `Then` step [missing-then]
      """
    And standard error contains "1 finding mended"

  Scenario: Explain a rule
    When I run "bdd lint --explain missing-then"
    Then it exits with 0
    And standard output contains "A scenario that checks nothing passes whatever happens."

  Scenario: Runs warn in the same words
    Given a file "features/empty.feature" with:
      """
      Feature: Empty
      """
    When I run "bdd list"
    Then standard error contains "warning: features/empty.feature:1: this feature has no scenarios"
    And standard error contains "[no-scenarios]"

  Scenario: A step program says more about steps
    Given the step program is "program"
    And a file "bdd.toml" with:
      """
      [steps]
      path = "program"
      """
    And a file "features/sums.feature" with:
      """
      Feature: Sums

        Scenario: Add
          Given I have enterd 1 into the calculator
          When I press add
          Then the result should be 1 on the screen
      """
    When I run "bdd lint features/sums.feature"
    Then it exits with 0
    And standard output contains "features/sums.feature:4:5: warning: no definition matches this step; did you mean"
    And standard output contains "[near-step]"
