//! Friends: tables with named columns, and optional words in a pattern.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use bdd_steps::{Fixture, Table, given, then, when};

#[derive(Debug)]
struct Person {
    age: u8,
    town: Option<String>,
}

/// The people of a scenario, and who has met whom.
#[derive(Debug, Default, Fixture)]
struct Circle {
    people: BTreeMap<String, Person>,
    /// Each friendship stands here both ways.
    met: BTreeSet<(String, String)>,
}

impl Circle {
    fn person(&self, name: &str) -> Result<&Person, String> {
        self.people
            .get(name)
            .ok_or_else(|| format!("there is nobody called {name}"))
    }

    /// The names of somebody's friends, the youngest first.
    fn friends_of(&self, name: &str) -> Result<Vec<&str>, String> {
        self.person(name)?;
        let met = self.met.iter().filter(|(one, _)| one == name);
        let mut friends: Vec<&str> = met.map(|(_, other)| other.as_str()).collect();
        friends.sort_by_key(|friend| self.people.get(*friend).map(|person| person.age));
        Ok(friends)
    }
}

// The first row of the table names the columns; `records` are the rows below it.
#[given("^these people:$")]
fn people(circle: &mut Circle, people: &Table) -> Result<(), Box<dyn Error>> {
    for record in people.records() {
        let town = Some(record.cell("town")).filter(|town| !town.is_empty());
        let person = Person {
            age: record.cell("age").parse()?,
            town: town.map(str::to_owned),
        };
        circle.people.insert(record.cell("name").to_owned(), person);
    }
    Ok(())
}

// One definition for `Given Ada has met Alan` and for `When Ada meets Alan`.
#[when(r"^(\w+) (?:meets|has met) (\w+)$")]
fn meet(circle: &mut Circle, one: String, other: String) -> Result<(), String> {
    circle.person(&one)?;
    circle.person(&other)?;
    circle.met.insert((one.clone(), other.clone()));
    circle.met.insert((other, one));
    Ok(())
}

// `not` may be absent; its presence turns the expectation round.
#[then(r"^(\w+) and (\w+) are (not )?friends$")]
fn are_friends(circle: &Circle, one: &str, other: &str, not: Option<String>) -> Result<(), String> {
    let friends = circle.friends_of(one)?;
    assert_eq!(
        friends.contains(&other),
        not.is_none(),
        "the friends of {one} are {friends:?}"
    );
    Ok(())
}

#[then(r"^(\w+) is a friend whom (\w+) and (\w+) share$")]
fn share(circle: &Circle, friend: &str, one: &str, other: &str) -> Result<(), String> {
    assert!(
        circle.friends_of(one)?.contains(&friend),
        "{friend} is not a friend of {one}"
    );
    assert!(
        circle.friends_of(other)?.contains(&friend),
        "{friend} is not a friend of {other}"
    );
    Ok(())
}

// The expected table is compared as a whole, so that a failure shows both.
#[then(r"^the friends of (\w+) are:$")]
fn friends_are(circle: &Circle, name: &str, expected: Table) -> Result<(), String> {
    let mut actual = vec![expected.header().to_vec()];
    for friend in circle.friends_of(name)? {
        actual.push(vec![
            friend.to_owned(),
            circle.person(friend)?.age.to_string(),
        ]);
    }
    assert_eq!(actual, expected.into_rows());
    Ok(())
}

// `no` is no number: the second group is absent then.
#[then(r"^(\w+) has (?:no|(\d+)) friends?$")]
fn has_friends(circle: &Circle, name: &str, count: Option<usize>) -> Result<(), String> {
    assert_eq!(circle.friends_of(name)?.len(), count.unwrap_or(0));
    Ok(())
}

#[then(r"^(\w+) is the only friend of (\w+) in (\w+)$")]
fn only_friend(circle: &Circle, friend: &str, name: &str, town: &str) -> Result<(), String> {
    let mut nearby = circle.friends_of(name)?;
    nearby.retain(|name| {
        circle
            .people
            .get(*name)
            .is_some_and(|person| person.town.as_deref() == Some(town))
    });
    assert_eq!(nearby, [friend]);
    Ok(())
}
