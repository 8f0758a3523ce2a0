@shop @ünïcode
Feature: Shöp «1»
  What the shop does.
  Second line & <tags>.

  Background: A till
    Given a till

  @smoke @fast
  Scenario: Passes
    Given 3 apples
    When I print "hällo ✓"
    Then there are 3 apples

  @smoke
  Scenario: Fails an assertion
    Given 3 apples
    When I print "before the failure"
    Then there are 4 apples
    And there are 5 apples
    And nobody knows this step

  Scenario: Fails with an exception
    Given a step that raises
    Then there are 1 apples

  @slow
  Scenario: Undefined
    Given 2 apples
    And something that nobody has defined
    Then there are 2 apples

  Scenario: Pending
    Given a pending step
    Then a till

  @skip_me
  Scenario: Skipped by a hook
    Given 2 apples

  Scenario: Skips itself
    Given 2 apples
    And the scenario skips itself
    Then there are 2 apples

  @hook_fails
  Scenario: Hook fails
    Given 2 apples

  @after_hook_fails
  Scenario: Hook fails after it
    Given 2 apples

  @cleanup_fails
  Scenario: Cleanup fails
    Given 2 apples

  Scenario: Table and text
    Given a table
      | name | n |
      | ä\|b | 1 |
      | c    | 2 |
    And a text
      """
      line 1

        line 3 <x>
      """
    And an empty text
      """
      """
    Then it fails with ]]> & "quotes" <in> it

  @outline
  Scenario Outline: Buy <n> of <what>
    Given <n> apples
    Then there are <m> apples

    @row_a
    Examples: First
      | n | m | what |
      | 1 | 1 | a    |
      | 2 | 3 | b    |

    @slow
    Examples: Second
      | n | m | what |
      | 5 | 5 | ç    |

  Scenario: No own steps
