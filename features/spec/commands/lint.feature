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
