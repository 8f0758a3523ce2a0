Feature: bdd languages
  It lists the languages that keywords can be written in, and the keywords of each.

  Scenario: All languages
    When I run "bdd languages"
    Then it exits with 0
    And standard output has these lines:
      """
      de         German               Deutsch
      en         English              English
      fr         French               français
      """

  Scenario: The keywords of a language
    When I run "bdd languages fr"
    Then it exits with 0
    And standard output contains "Fonctionnalité"
    And standard output contains "Plan du scénario"
    And standard output contains "Lorsque"

  Scenario: An unknown language
    When I run "bdd languages frr"
    Then it exits with 2
    And standard error contains "unknown language `frr`"
