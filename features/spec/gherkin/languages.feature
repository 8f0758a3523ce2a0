Feature: Languages
  Keywords may be in any of Gherkin's languages. The first line of a file names its language. A flag
  sets the language of files without such a line.

  Scenario: A file names its language
    Given a file "features/retrait.feature" with:
      """
      # language: fr
      Fonctionnalité: Retrait

        Contexte:
          Soit a step that passes

        Scénario: Au guichet
          Quand a step that passes
          Alors a step that passes

        Règle: Pas la nuit

          Plan du scénario: À <heure> heures
            Étant donné que a step that passes

            Exemples:
              | heure |
              | 23    |
      """
    When I run "bdd run --format pretty"
    Then it exits with 0
    And standard output has these lines:
      """
      Fonctionnalité: Retrait
      Scénario: Au guichet
      Soit a step that passes
      Quand a step that passes
      Règle: Pas la nuit
      Plan du scénario: À 23 heures
      2 scenarios passed, 0 failed, 0 skipped
      """

  Scenario: A flag for files that do not name a language
    Given a file "features/abhebung.feature" with:
      """
      Funktionalität: Abhebung

        Szenario: Am Schalter
          Angenommen a step that passes
          Dann a step that passes
      """
    When I run "bdd run --language de"
    Then it exits with 0
    And standard output contains "1 scenario passed"
    When I run "bdd run"
    Then it exits with 3

  Scenario: An unknown language
    Given a file "features/x.feature" with:
      """
      # language: klingon
      Feature: Qapla'
      """
    When I run "bdd run"
    Then it exits with 3
    And standard output contains "language not supported: klingon"

  Scenario: Markdown with Gherkin
    Given a file "features/hello.feature.md" with:
      """
      # Feature: Hello

      Any prose.

      ## Scenario: World

      * Given a step that passes
      * Then a step that passes
      """
    When I run "bdd run -v"
    Then it exits with 0
    And exactly these scenarios ran:
      | Hello: World |
