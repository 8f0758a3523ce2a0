Feature: Cucumber Expressions
  The pattern of a definition is a Cucumber Expression, unless it looks like a regular expression
  or says that it is one.

  The definitions here are `"I bake {int} loaf/loaves (of bread )for {string}"` and
  `expr = "I pay {float} {word}{} \\(or\\ so)/\\(about) in $"` (as Rust writes it).

  Scenario Outline: <what>
    Given a file "features/a.feature" with:
      """
      Feature: A
        Scenario: One
          When <step>
          Then it is noted: <noted>
      """
    When I run "bdd run"
    Then it exits with 0

    Examples:
      | what                                | step                                | noted              |
      | Text may be missing                 | I bake 1 loaf for "Ann"             | 1 for [Ann]        |
      | Text may be another                 | I bake 2 loaves of bread for 'Bo'   | 2 for [Bo]         |
      | Quotes are escaped in quotes        | I bake 2 loaves for "\"Ann\" 'Bo'"  | 2 for ["Ann" 'Bo'] |
      | A text may be empty                 | I bake 0 loaves for ''              | 0 for []           |
      | Numbers have a sign and an exponent | I pay -1.5E+3 EUR, now (or so) in $ | -1500 EUR, now     |
      | Numbers need no whole part          | I pay .5 EUR (about) in $           | 0.5 EUR            |

  Scenario Outline: <what>
    Given a file "features/a.feature" with:
      """
      Feature: A
        Scenario: One
          When <step>
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "1 undefined"

    Examples:
      | what                              | step                         |
      | Nothing may stand before it       | Then I bake 1 loaf for "Ann" |
      | Nothing may follow it             | I bake 1 loaf for "Ann" now  |
      | A whole number has no fraction    | I bake 1.5 loaves for "Ann"  |
      | Text that may be missing is whole | I bake 1 loaf of for "Ann"   |
      | Quotes belong together            | I bake 1 loaf for "Ann'      |
