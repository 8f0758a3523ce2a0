//! Tables, apart from any worker.

use std::collections::HashMap;

use bdd_steps::Table;
use serde::Deserialize;

fn friends() -> Table {
    Table::from([["name", "age"], ["Ada", "36"], ["Alan", "41"]])
}

#[test]
fn cells_are_found_by_row_and_column() {
    let table = friends();
    assert_eq!((table.height(), table.width()), (3, 2));
    assert_eq!(table.row(2).unwrap(), ["Alan", "41"]);
    assert_eq!(table.row(3), None);
    assert_eq!(table.column("age").unwrap(), ["36", "41"]);
    assert_eq!(table.column("Age"), None);
    let columns: Vec<Vec<&str>> = table.columns().collect();
    assert_eq!(columns, [["name", "Ada", "Alan"], ["age", "36", "41"]]);
    assert_eq!(table.transpose().transpose(), table);
    assert_eq!(table.transpose().rows()[1], ["age", "36", "41"]);
}

#[test]
fn records_name_their_cells() {
    let table = friends();
    let maps: Vec<HashMap<&str, &str>> = table
        .records()
        .map(|friend| friend.iter().collect())
        .collect();
    assert_eq!(maps[1]["name"], "Alan");
    let rows: Vec<usize> = table.records().map(|friend| friend.row()).collect();
    assert_eq!(rows, [2, 3]);
    assert_eq!(table.records().next().unwrap().get("shoe size"), None);
}

#[test]
#[should_panic(expected = "the table has no column `Age`; it has: name, age")]
fn a_column_that_is_not_there_is_named() {
    friends().records().next().unwrap().cell("Age");
}

#[test]
fn a_vertical_table_is_pairs() {
    let table = Table::from([["name", "Ada"], ["age", "36"]]);
    let pairs: Vec<(&str, &str)> = table.pairs().collect();
    assert_eq!(pairs, [("name", "Ada"), ("age", "36")]);
}

#[test]
fn an_empty_table_has_nothing() {
    let table = Table::new(Vec::new());
    assert_eq!((table.height(), table.width()), (0, 0));
    assert_eq!(table.header(), [""; 0]);
    assert_eq!(table.records().count(), 0);
    assert_eq!(table.transpose(), table);
}

#[derive(Debug, PartialEq, Deserialize)]
struct Friend {
    name: String,
    age: u8,
}

#[test]
fn rows_become_values() {
    let expected = [("Ada", 36), ("Alan", 41)].map(|(name, age)| Friend {
        name: name.to_owned(),
        age,
    });
    assert_eq!(friends().rows_as::<Friend>().unwrap(), expected);
    let tuples: Vec<(String, u16)> = friends().rows_as().unwrap();
    assert_eq!(tuples, [("Ada".to_owned(), 36), ("Alan".to_owned(), 41)]);
    let maps: Vec<HashMap<String, String>> = friends().rows_as().unwrap();
    assert_eq!(maps[0]["age"], "36");
}

#[test]
fn kinds_of_cells() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Kind {
        Plain,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Id(u64);
    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        float: f32,
        yes: bool,
        letter: char,
        kind: Kind,
        id: Id,
        absent: Option<i8>,
        present: Option<i8>,
    }
    let table = Table::from([
        [
            "float", "yes", "letter", "kind", "id", "absent", "present", "unknown",
        ],
        ["1.5", "true", "\u{e9}", "Plain", "7", "", "-3", "?"],
    ]);
    let expected = Row {
        float: 1.5,
        yes: true,
        letter: '\u{e9}',
        kind: Kind::Plain,
        id: Id(7),
        absent: None,
        present: Some(-3),
    };
    assert_eq!(table.rows_as::<Row>().unwrap(), [expected]);
}

#[test]
fn rows_are_maps() {
    let table = friends();
    let hashes = table.hashes();
    assert_eq!(hashes.len(), 2);
    assert_eq!(hashes[1]["name"], "Alan");
    assert_eq!(table.body()[0], ["Ada", "36"]);
    let vertical = Table::from([["name", "Ada"], ["age", "36"]]);
    assert_eq!(vertical.rows_hash()["age"], "36");
}

#[test]
#[should_panic(expected = "the table has the column `name` twice, so its rows cannot be maps")]
fn a_map_loses_no_column() {
    Table::from([["name", "name"], ["Ada", "Alan"]]).hashes();
}

#[test]
#[should_panic(expected = "the table has the name `age` twice, so it cannot be a map")]
fn a_map_loses_no_row() {
    Table::from([["age", "1"], ["age", "2"]]).rows_hash();
}

#[test]
#[should_panic(expected = "but this one has a row of 3")]
fn a_map_loses_no_cell() {
    friends().rows_hash();
    Table::from([["a", "b", "c"]]).rows_hash();
}

#[test]
fn tables_are_collected() {
    let rows = vec![vec!["a".to_owned()], vec!["b".to_owned()]];
    let table: Table = rows.iter().map(|row| row.iter().cloned()).collect();
    assert_eq!(table, Table::from(rows));
}
