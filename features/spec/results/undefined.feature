Feature: Undefined steps
  A step that no definition matches is undefined. It fails the run, and bdd shows the code that
  would define it, ready to be pasted.

  Background:
    Given a file "features/shop.feature" with:
      """
      Feature: Shop

        Scenario: Pay
          Given a step that passes
          When somebody pays 3 of 4.50 with "a card"
          Then a step that passes

        Scenario: Fill
          Given somebody puts this into the cart:
            | bread |
      """

  Scenario: It fails the run
    When I run "bdd run -v --format progress"
    Then it exits with 1
    And standard output has these lines:
      """
      Shop: Pay ... UNDEFINED
      Shop: Fill ... UNDEFINED
      features/shop.feature:3  Pay
      features/shop.feature:8  Fill
      """
    And standard output contains "2 undefined"

  Scenario: Its definition is suggested
    When I run "bdd run"
    Then standard output has these lines:
      """
      Code for the undefined steps:
      #[bdd_steps::when(r#"^somebody pays (-?\d+) of (-?\d+\.\d+) with "([^"]*)"$"#)]
      fn somebody_pays_of_with(number: i64, number_2: f64, text: String) {
      #[bdd_steps::given(r"^somebody puts this into the cart:$")]
      fn somebody_puts_this_into_the_cart(table: bdd_steps::Table) {
      """

  Scenario: Not being strict lets it pass
    When I run "bdd run --no-strict"
    Then it exits with 0
    And standard output contains "2 undefined"
