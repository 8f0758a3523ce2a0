Feature: Friends
  People who have met are friends.

  A background contains the steps that every scenario of the feature begins with.

  Background:
    Given these people:
      | name  | age | town   |
      | Ada   | 36  | London |
      | Alan  | 41  | London |
      | Grace | 85  | York   |
      | Linus | 12  |        |
    And Ada has met Alan

  Scenario: Friendship goes both ways
    Then Ada and Alan are friends
    And Alan and Ada are friends
    But Ada and Grace are not friends

  Scenario: A friend of a friend
    When Alan meets Grace
    Then Ada and Grace are not friends
    And Alan is a friend whom Ada and Grace share

  Scenario: Friends in the order of their age
    When Ada meets Linus
    And Ada meets Grace
    Then the friends of Ada are:
      | name  | age |
      | Linus | 12  |
      | Alan  | 41  |
      | Grace | 85  |

  Scenario: Nobody yet
    Then Linus has no friends
    And Ada has 1 friend

  Scenario: Friends nearby
    When Ada meets Grace
    Then Alan is the only friend of Ada in London
