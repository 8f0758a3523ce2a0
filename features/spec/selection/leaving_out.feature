Feature: Leaving files out
  Drafts, generated files and folders of tools can be left out of a run: by a glob, or by an ignore file
  in their folder.

  Background:
    Given features with these scenarios:
      | file                           | scenario |
      | features/cart.feature          | Fill     |
      | features/draft_gift.feature    | Wrap     |
      | features/old/catalogue.feature | Leaf     |
      | features/old/fax.feature       | Send     |

  Scenario Outline: --exclude with <what>
    When I run "bdd run -v --exclude <glob>"
    Then it exits with 0
    And exactly these scenarios ran:
      | <first>  |
      | <second> |

    Examples:
      | what              | glob                                  | first      | second           |
      | a folder's path   | features/old                          | cart: Fill | draft_gift: Wrap |
      | a path with stars | 'features/old/**'                     | cart: Fill | draft_gift: Wrap |
      | a folder's name   | old                                   | cart: Fill | draft_gift: Wrap |
      | two globs         | 'draft_*' --exclude catalogue.feature | cart: Fill | fax: Send        |

  Scenario Outline: A <file> leaves out what it lists
    Given a file "<file>" with:
      """
      draft_*
      features/old/
      """
    When I run "bdd run -v"
    Then exactly these scenarios ran:
      | cart: Fill |

    Examples:
      | file       |
      | .gitignore |
      | .bddignore |

  Scenario: A .freshenignore leaves out the folder that contains it
    Given an empty file "features/old/.freshenignore"
    When I run "bdd run -v"
    Then exactly these scenarios ran:
      | cart: Fill       |
      | draft_gift: Wrap |

  Scenario: A file that is named explicitly runs, whatever ignore files say
    Given a file ".bddignore" with:
      """
      draft_*
      """
    When I run "bdd run -v features/draft_gift.feature"
    Then exactly these scenarios ran:
      | draft_gift: Wrap |
