Feature: Documents
  Analysts keep their notes in documents and want to find and rework them.

  The text below a step, between two lines of `"""`, is a docstring: it keeps its line breaks, and
  loses the indentation of its delimiter. A media type may follow the first delimiter.

  Background:
    Given a document "Shopping" with the text:
      """
      Milk, bread and butter.

        - Bread from the baker
        - Butter | margarine
      """
    And a document "Plan" with the text:
      """markdown
      # Monday

      Buy bread.

      ## Evening

      Bake a cake.
      """

  Scenario: Reading a document
    Then the document "Plan" has 7 lines
    And it is written in "markdown"
    And the document "Shopping" has 4 lines
    But it is plain text

  @search
  Scenario: Finding words
    When I search all documents for "bread"
    Then I find:
      | document | line | text                    |
      | Plan     | 3    | Buy bread.              |
      | Shopping | 1    | Milk, bread and butter. |
      | Shopping | 3    | - Bread from the baker  |

  @search
  Scenario: A vertical bar in a table is written with a backslash
    When I search all documents for "margarine"
    Then I find:
      | document | line | text                  |
      | Shopping | 4    | - Butter \| margarine |

  @search
  Scenario: Finding nothing
    When I search all documents for "sugar"
    Then I find nothing

  Scenario: Reworking a document
    When I rework the document "Shopping":
      | Milk   | Tea    |
      | bread  | cake   |
      | butter | cheese |
    Then the document "Shopping" reads:
      """
      Tea, cake and cheese.

        - Bread from the baker
        - Butter | margarine
      """

  Scenario: The outline of a document
    Then the headings of the document "Plan" are:
      | level | 1      | 2       |
      | title | Monday | Evening |

  Scenario: A docstring that holds the usual delimiter has the other one
    Given a document "Example" with the text:
      ```
      """
      A docstring inside a docstring.
      """
      ```
    Then the document "Example" has 3 lines
