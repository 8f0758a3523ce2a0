Feature: The report "junit"
  It is XML for Jenkins and similar programs: a suite for each feature, a test case for each scenario,
  whatever its result is.

  Background:
    Given a file "features/shop/pay.feature" with:
      """
      Feature: Paying

        Scenario Outline: Pay by <means>
          Given a step that prints "paying by <means>"
          Then a step that asserts that <paid> is 1

          Examples:
            | means | paid |
            | card  | 1    |
            | cash  | 0    |
      """
    And features with these scenarios:
      | file                       | scenario |
      | features/shop/cart.feature | Fill     |

  Scenario: One file
    When I run "bdd run --format junit:report.xml"
    Then it exits with 1
    And the file "report.xml" contains "<testsuites name="bdd" tests="3" failures="1" errors="0""
    And the file "report.xml" contains "<testsuite name="features/shop/pay.feature""
    And the file "report.xml" contains "<testcase name="Pay by card [means: card, paid: 1]" classname="features.shop.Paying""
    And the file "report.xml" contains "<testcase name="Fill" classname="features.shop.cart""
    And the file "report.xml" contains "features/shop/pay.feature:5: Then a step that asserts that 0 is 1 (failed)"
    And the file "report.xml" contains "paying by cash"

  Scenario: A file for each feature, in a directory
    When I run "bdd run --format junit:reports/"
    Then it exits with 1
    And there is a file "reports/TEST-features.shop.pay.xml"
    And there is a file "reports/TEST-features.shop.cart.xml"

  Scenario: Reports of an earlier run are removed, other files stay
    Given a file "reports/TEST-other.xml" with:
      """
      <testsuites/>
      """
    When I run "bdd run --format junit:reports/"
    And I run "bdd run --format junit:reports/ features/shop/cart.feature"
    Then there is a file "reports/TEST-features.shop.cart.xml"
    And there is no file "reports/TEST-features.shop.pay.xml"
    And there is a file "reports/TEST-other.xml"

  Scenario Outline: A scenario that is <what> counts as a failure
    Given a file "features/shop/cart.feature" with:
      """
      Feature: Cart

        Scenario: Fill
          Given <step>
      """
    When I run "bdd run --format junit:report.xml features/shop/cart.feature"
    Then it exits with 1
    And the file "report.xml" contains "<testsuites name="bdd" tests="1" failures="1" errors="0""
    And the file "report.xml" contains "type="<what>""
    And the file "report.xml" contains "<detail>"

    Examples:
      | what      | step                              | detail                                |
      | undefined | nobody has defined this           | fn nobody_has_defined_this()          |
      | ambiguous | a step that two definitions match | ^a step that (\w+) definitions match$ |
      | pending   | a step that is pending            | not written yet                       |

  Scenario: The file is valid XML whatever a step prints
    Given a file "features/shop/cart.feature" with:
      """
      Feature: Cart

        Scenario: Fill
          Given a step that prints "<b>&amp;]]> "
          And a step that prints 300 bytes of binary
          Then a step that fails with "<&>"
      """
    When I run "bdd run --format junit:report.xml features/shop/cart.feature"
    Then it exits with 1
    And the file "report.xml" contains "Error: &lt;&amp;&gt;"
    And the file "report.xml" contains "</testsuites>"

  Scenario: A file that does not parse is a test case too
    Given a file "features/shop/cart.feature" with:
      """
      Feature: Cart
        Scenario: Fill
          Given a step that passes
          Wen a step that passes
      """
    When I run "bdd run --format junit:report.xml"
    Then it exits with 3
    And the file "report.xml" contains "parse error"

  Scenario: Attached files are beside the report, and Jenkins finds them
    Given a file "features/shop/cart.feature" with:
      """
      Feature: Cart

        Scenario: Fill
          When I attach the bytes 89504e47 with the name cart.png
      """
    When I run "bdd run --format junit:report.xml features/shop/cart.feature"
    Then it exits with 0
    And the file "report.xml" contains "[[ATTACHMENT|report.xml.attachments/s-"
    And the file "report.xml" contains "/cart.png]]"
    And the file "report.xml" contains "<property name="attachment" value="report.xml.attachments/s-"

  Scenario: Test cases link to the HTML report of the run
    When I run "bdd run --format junit:xml/report.xml --format html:report.html"
    Then it exits with 1
    And the file "xml/report.xml" contains "<property name="html" value="../report.html#s-"

  Scenario: Options of all JUnit reports are in bdd.toml
    Given a file "bdd.toml" with:
      """
      [junit]
      output = "none"
      naming = "file"
      """
    When I run "bdd run --format junit:report.xml"
    Then it exits with 1
    And the file "report.xml" contains "classname="features.shop.pay""
    When I run "bdd config"
    Then standard output contains "reports.junit.output"
