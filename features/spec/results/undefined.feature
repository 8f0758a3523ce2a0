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
      #[bdd_steps::when("somebody pays {int} of {float} with {string}")]
      fn somebody_pays_of_with(number: i64, number_2: f64, text: String) {
      // or: #[bdd_steps::when("somebody pays {float} of {float} with {string}")] fn somebody_pays_of_with(number: f64, number_2: f64, text: String)
      #[bdd_steps::given("somebody puts this into the cart:")]
      fn somebody_puts_this_into_the_cart(table: bdd_steps::Table) {
      """

  Scenario: Its definition is suggested with a regular expression
    When I run "bdd run --snippets regex"
    Then standard output has these lines:
      """
      Code for the undefined steps:
      #[bdd_steps::when(r#"^somebody pays (-?\d+) of (-?\d+\.\d+) with "([^"]*)"$"#)]
      fn somebody_pays_of_with(number: i64, number_2: f64, text: String) {
      #[bdd_steps::given(r"^somebody puts this into the cart:$")]
      """

  Scenario: The style of the code is a setting
    Given a file "bdd.toml" with:
      """
      snippets = "regex"
      """
    When I run "bdd run"
    Then standard output has these lines:
      """
      #[bdd_steps::given(r"^somebody puts this into the cart:$")]
      """
    When I run "bdd run --snippets expression"
    Then standard output has these lines:
      """
      #[bdd_steps::given("somebody puts this into the cart:")]
      """

  Scenario: The same text with and without a table is two definitions
    Given a file "features/shop.feature" with:
      """
      Feature: Shop
        Scenario: Fill
          Given a cart:
          And a cart:
            | bread |
      """
    When I run "bdd run"
    Then standard output has these lines:
      """
      #[bdd_steps::given("a cart:")]
      fn a_cart() {
      #[bdd_steps::given("a cart:")]
      fn a_cart_2(table: bdd_steps::Table) {
      """

  Scenario: With --no-strict the run does not fail
    When I run "bdd run --no-strict"
    Then it exits with 0
    And standard output contains "2 undefined"
