@stock
Feature: Stocktaking
  Tables of two shapes, and comparisons of tables: the difference is shown row by row. Steps that check
  several things report each that is wrong.

  Background:
    Given the stock:
      | article | shelf | pieces | ordered |
      | bolt    | A 1   | 120    |         |
      | nut     | A 2   | 80     | 200     |
      | washer  | B 1   | 0      | 500     |

  @smoke
  Scenario: What is on the shelves
    Then the stock is:
      | article | pieces |
      | bolt    | 120    |
      | nut     | 80     |
      | washer  | 0      |

  Scenario: The order of the rows does not matter
    Then the stock holds these articles:
      | pieces | article |
      | 0      | washer  |
      | 120    | bolt    |
      | 80     | nut     |

  Scenario: A delivery, written as a form
    When a delivery arrives:
      | article | washer      |
      | pieces  | 500         |
      | by      | Fast & Sons |
      | note    |             |
    Then the stock is:
      | article | shelf | pieces | ordered |
      | bolt    | A 1   | 120    |         |
      | nut     | A 2   | 80     | 200     |
      | washer  | B 1   | 500    |         |

  Scenario: Everything about an article at once
    Then the article "nut" is on shelf "A 2", with 80 pieces and 200 ordered
