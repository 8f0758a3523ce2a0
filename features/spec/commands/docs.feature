Feature: bdd docs
  It writes a site that people read in a browser. It needs the features alone: no network and no step program.

  Background:
    Given there is no step program
    And a file "features/shop.feature" with:
      """
      @shop
      Feature: Shop
        Where bread is sold.

        Scenario: Buy bread
          Given a shop
      """

  Scenario: Write a site
    When I run "bdd docs site"
    Then it exits with 0
    And standard output contains "site: 1 feature, 1 scenario, 1 tag"
    And the file "site/index.html" contains "Shop"
    And there is a file "site/search.html"

  Scenario: Files that bdd did not write are never replaced
    Given a file "site/notes.txt" with:
      """
      mine
      """
    When I run "bdd docs site"
    Then it exits with 2
    And the file "site/notes.txt" contains "mine"
    And there is no file "site/index.html"
