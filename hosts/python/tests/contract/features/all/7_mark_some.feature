@mark_some
Feature: Some are marked as skipped

  @some
  Scenario: marked
    Given it fails

  Scenario: runs
    Given it counts

  Scenario Outline: rows <n>
    Given it counts
    @some
    Examples: marked
      | n |
      | 1 |
    Examples: not marked
      | n |
      | 2 |
