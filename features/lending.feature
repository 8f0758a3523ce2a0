@lending
Feature: Lending books
  A feature may be divided into rules. The scenarios of a rule illustrate it. A rule may have its own
  background, which runs after that of the feature.

  Background:
    Given a library with these books:
      | title       | shelf   |
      | Middlemarch | novels  |
      | Emma        | novels  |
      | Walden      | essays  |
      | Leaves      | poems   |
      | The Atlas   | lexicon |

  @limit
  Rule: A member borrows three books at most

    Background:
      Given a member who has borrowed "Middlemarch" and "Emma"

    @smoke
    Example: The third book
      When the member borrows "Walden"
      Then the loan is granted
      And the member has 3 books

    Example: The fourth book
      When the member borrows "Walden"
      And the member borrows "Leaves"
      Then the loan is refused: the member has three books
      And the member has 3 books

    Example: After bringing one back
      When the member borrows "Walden"
      And the member brings back "Emma"
      And the member borrows "Leaves"
      Then the loan is granted

  @lexicon
  Rule: A lexicon stays in the house

    Example: Nobody borrows the atlas
      Given a member
      When the member borrows "The Atlas"
      Then the loan is refused: the book stays in the house

  Rule: A book is borrowed by one member at a time

    Scenario Outline: <title> is <state>
      Given somebody has borrowed "Emma"
      And a member
      When the member borrows "<title>"
      Then the loan is <outcome>

      Examples:
        | title   | state   | outcome                               |
        | Emma    | away    | refused: the book is not here         |
        | Walden  | here    | granted                               |
        | Beowulf | unknown | refused: the library does not have it |
