Feature: Undefined steps
  A step that no definition matches is undefined. It fails the run, and bdd shows the code that
  would define it, ready to be pasted. Pasted code is pending, so a step that nobody wrote never passes.

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
      fn somebody_pays_of_with(number: i64, number_2: f64, text: String) -> bdd_steps::Outcome {
      // or: #[bdd_steps::when("somebody pays {float} of {float} with {string}")] fn somebody_pays_of_with(number: f64, number_2: f64, text: String) -> bdd_steps::Outcome
      #[bdd_steps::given("somebody puts this into the cart:")]
      fn somebody_puts_this_into_the_cart(table: bdd_steps::Table) -> bdd_steps::Outcome {
      """

  Scenario: Its definition is suggested with a regular expression
    When I run "bdd run --snippets regex"
    Then standard output has these lines:
      """
      Code for the undefined steps:
      #[bdd_steps::when(r#"^somebody pays (-?\d+) of (-?\d+\.\d+) with "([^"]*)"$"#)]
      fn somebody_pays_of_with(number: i64, number_2: f64, text: String) -> bdd_steps::Outcome {
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

  Scenario: The suggested code is pending
    When I run "bdd run"
    Then standard output has these lines:
      """
      fn somebody_puts_this_into_the_cart(table: bdd_steps::Table) -> bdd_steps::Outcome {
          // Write here what the step does, and remove the return type.
          let _ = table;
          bdd_steps::pending("this step is not written yet")
      }
      """

  Scenario: The same text with and without a table is one definition
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
      fn a_cart(table: Option<bdd_steps::Table>) -> bdd_steps::Outcome {
      """
    And standard output does not contain "fn a_cart_2"

  Scenario: Steps of different numbers get a definition that takes all of them
    Given a file "features/shop.feature" with:
      """
      Feature: Shop
        Scenario: Pay
          Given a step that passes
          When I pay 5 euro
          Then I pay 5.50 euro
      """
    When I run "bdd run"
    Then standard output has these lines:
      """
      #[bdd_steps::step("I pay {float} euro")]
      fn i_pay_euro(number: f64) -> bdd_steps::Outcome {
      """
    And standard output does not contain "{int}"

  Scenario: With strict keywords each keyword gets a definition
    Given a file "features/shop.feature" with:
      """
      Feature: Shop
        Scenario: A thing
          Given a thing
          Then a thing
      """
    When I run "bdd run --strict-keywords"
    Then standard output has these lines:
      """
      #[bdd_steps::given("a thing")]
      fn a_thing() -> bdd_steps::Outcome {
      #[bdd_steps::then("a thing")]
      fn a_thing_2() -> bdd_steps::Outcome {
      """

  Scenario Outline: A definition that is near is named
    Given a file "features/shop.feature" with:
      """
      Feature: Shop
        Scenario: Pay
          Given <text>
      """
    When I run "bdd run"
    Then it exits with 1
    And standard output contains "did you mean `^a step that passes$`?"

    Examples:
      | text                |
      | a step that pases   |
      | A step that passes  |
      | a step  that passes |
      | a stepthat passes   |
      | a step that passes. |

  Scenario: No code
    When I run "bdd run --snippets none"
    Then it exits with 1
    And standard output contains "2 undefined"
    And standard output does not contain "bdd_steps"

  Scenario: With --no-strict the run does not fail
    When I run "bdd run --no-strict"
    Then it exits with 0
    And standard output contains "2 undefined"
