Feature: Outlines

  Background:
    Given it counts

  @row.<n> @kept
  Scenario Outline: rows <n>
    Given the row has n <n>
    And the row has name <name>
    And the table of <name>
      | n   |
      | <n> |

    Examples: first
      | n | name |
      | 1 | one  |
      | 2 | two  |

    @second
    Examples: second <name>
      | n | name  |
      | 9 | nine  |
      | 8 | <n>   |

    Examples: empty
      | n | name |

  Scenario Outline: rows fail <what>
    Then it <what>

    Examples:
      | what   |
      | counts |
      | fails  |
      | errs   |
      | skips  |
      | is lost |

  Scenario Outline: without examples
    Then it fails
