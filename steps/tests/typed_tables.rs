//! Tables as values: every kind of type, and what is said of wrong cells.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use bdd_steps::Table;
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn wrong<T: DeserializeOwned + Debug, const W: usize, const H: usize>(
    rows: [[&str; W]; H],
) -> String {
    Table::from(rows).rows_as::<T>().unwrap_err().to_string()
}

#[derive(Debug, PartialEq, Deserialize)]
struct Friend {
    name: String,
    age: u8,
}

#[test]
fn a_wrong_cell_is_named() {
    assert_eq!(
        wrong::<Friend, 2, 3>([["name", "age"], ["Ada", "36"], ["Alan", "300"]]),
        "row 3 of the table, column `age`, cell \"300\": no u8: number too large to fit in target type"
    );
    assert_eq!(
        wrong::<(String, u8), 2, 2>([["name", "age"], ["Ada", ""]]),
        "row 2 of the table, column `age`, cell \"\": no u8: cannot parse integer from empty string"
    );
    assert_eq!(
        wrong::<(String, bool), 2, 2>([["name", "here"], ["Ada", "yes"]]),
        "row 2 of the table, column `here`, cell \"yes\": no bool: provided string was not `true` or `false`"
    );
}

#[test]
fn wrong_columns_are_named() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its deserializer is used")]
    struct Strict {
        name: String,
    }
    assert_eq!(
        wrong::<Friend, 2, 2>([["name", "years"], ["Ada", "36"]]),
        "the table: no column `age`, which has to be there; the columns are: name, years"
    );
    assert_eq!(
        wrong::<Strict, 2, 2>([["name", "years"], ["Ada", "36"]]),
        "row 1 of the table, column `years`: unknown field `years`, expected `name`"
    );
    let twice = [["name", "age", "name"], ["Ada", "36", "Alan"]];
    let expected = "row 1 of the table, column `name`: this name appears twice";
    assert_eq!(wrong::<Friend, 3, 2>(twice), expected);
    assert_eq!(wrong::<HashMap<String, String>, 3, 2>(twice), expected);
    assert_eq!(
        wrong::<(String, u8), 3, 2>(twice),
        "row 2 of the table: 3 cells, expected 2"
    );
    let cells: Vec<Vec<String>> = Table::from(twice).rows_as().unwrap();
    assert_eq!(cells, [["Ada", "36", "Alan"]]);
}

#[test]
fn enums_newtypes_and_renamed_fields() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Size {
        Small,
        Large,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Grams(f32);
    #[derive(Debug, PartialEq, Deserialize)]
    struct Coffee {
        #[serde(rename = "How large?")]
        size: Size,
        #[serde(default)]
        beans: Option<Grams>,
        #[serde(default)]
        sugar: u8,
    }
    let table = Table::from([["How large?", "beans"], ["small", "7.5"], ["large", ""]]);
    let coffee = |size, beans: Option<f32>| Coffee {
        size,
        beans: beans.map(Grams),
        sugar: 0,
    };
    assert_eq!(
        table.rows_as::<Coffee>().unwrap(),
        [coffee(Size::Small, Some(7.5)), coffee(Size::Large, None)]
    );
    assert_eq!(
        wrong::<Coffee, 1, 2>([["How large?"], ["huge"]]),
        "row 2 of the table, column `How large?`, cell \"huge\": unknown variant `huge`, expected `small` or `large`"
    );
}

#[derive(Debug, PartialEq, Deserialize)]
struct Address {
    street: String,
    number: u16,
    code: String,
    floor: Option<i8>,
    note: Option<String>,
    lift: bool,
    rent: f64,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Person {
    name: String,
    #[serde(flatten)]
    address: Address,
    age: u8,
}

/// serde reads flattened fields without saying their types.
#[test]
fn flattened_fields_have_their_types() {
    let header = [
        "name", "street", "number", "code", "age", "floor", "note", "lift", "rent",
    ];
    let table = Table::from([
        header,
        ["1", "7", "7", "007", "7", "-1", "", "true", "12"],
        ["", "", "12", "true", "8", "", "1.5", "false", "1e3"],
    ]);
    let people = table.rows_as::<Person>().unwrap();
    let first = &people[0];
    assert_eq!((first.name.as_str(), first.age), ("1", 7));
    assert_eq!(
        first.address,
        Address {
            street: "7".into(),
            number: 7,
            code: "007".into(),
            floor: Some(-1),
            note: None,
            lift: true,
            rent: 12.0,
        }
    );
    let second = &people[1].address;
    assert_eq!((second.street.as_str(), second.code.as_str()), ("", "true"));
    assert_eq!(
        (second.floor, second.note.as_deref(), second.rent),
        (None, Some("1.5"), 1000.0)
    );

    let problem = |column: usize, cell: &'static str| {
        let mut row = ["1", "7", "7", "007", "7", "-1", "", "true", "12"];
        row[column] = cell;
        wrong::<Person, 9, 2>([header, row])
    };
    assert_eq!(
        problem(2, "many"),
        "row 2 of the table, column `number`, cell \"many\": invalid type: string \"many\", expected u16"
    );
    assert_eq!(
        problem(2, "70000"),
        "row 2 of the table, column `number`, cell \"70000\": invalid value: integer `70000`, expected u16"
    );
    assert!(problem(4, "x").starts_with("row 2 of the table, column `age`, cell \"x\": no u8"));
    assert!(problem(2, "").starts_with("row 2 of the table, column `number`, cell \"\": "));
}

#[test]
fn the_rest_of_the_columns_can_be_a_map() {
    #[derive(Debug, Deserialize)]
    struct Scores<T> {
        name: String,
        #[serde(flatten)]
        scores: BTreeMap<String, T>,
    }
    let table = Table::from([["a", "name", "b"], ["1", "Ada", "2"], ["3", "Alan", "4"]]);
    let numbers = table.rows_as::<Scores<u8>>().unwrap();
    assert_eq!(numbers[1].name, "Alan");
    assert_eq!(
        numbers[1].scores,
        [("a".to_owned(), 3), ("b".to_owned(), 4)].into()
    );
    let texts = table.rows_as::<Scores<String>>().unwrap();
    assert_eq!(texts[0].scores["a"], "1");
}

#[test]
fn untagged_enums_take_what_fits() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Value {
        Number(i64),
        Yes(bool),
    }
    let table = Table::from([["value"], ["-5"], ["true"]]);
    let values: Vec<(Value,)> = table.rows_as().unwrap();
    assert_eq!(values, [(Value::Number(-5),), (Value::Yes(true),)]);
    assert!(wrong::<(Value,), 1, 2>([["value"], ["maybe"]]).starts_with(
        "row 2 of the table, column `value`, cell \"maybe\": data did not match any variant"
    ));
}

#[test]
fn a_vertical_table_is_one_value() {
    let table = Table::from([["name", "Ada"], ["age", "36"]]);
    let ada = Friend {
        name: "Ada".to_owned(),
        age: 36,
    };
    assert_eq!(table.vertical_as::<Friend>().unwrap(), ada);
    let map: HashMap<String, String> = table.vertical_as().unwrap();
    assert_eq!(map["age"], "36");
    let pairs: Vec<(String, String)> = table.vertical_as().unwrap();
    assert_eq!(pairs[1], ("age".to_owned(), "36".to_owned()));
    let numbers = Table::from([["2", "4"], ["3", "9"]]);
    assert_eq!(
        numbers.vertical_as::<Vec<(u8, u64)>>().unwrap(),
        [(2, 4), (3, 9)]
    );
    let squares: BTreeMap<u8, u64> = numbers.vertical_as().unwrap();
    assert_eq!(squares[&3], 9);
    let flat = Table::from([
        ["name", "x"],
        ["age", "1"],
        ["street", "a"],
        ["number", "2"],
        ["code", "3"],
        ["lift", "true"],
        ["rent", "4"],
    ]);
    assert_eq!(flat.vertical_as::<Person>().unwrap().address.number, 2);
}

#[test]
fn what_is_wrong_in_a_vertical_table_is_named() {
    let wrong = |rows: [[&str; 2]; 2]| {
        Table::from(rows)
            .vertical_as::<Friend>()
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        wrong([["name", "Ada"], ["age", "old"]]),
        "row 2 of the table, name `age`, cell \"old\": no u8: invalid digit found in string"
    );
    assert_eq!(
        wrong([["name", "Ada"], ["years", "3"]]),
        "the table: no name `age`, which has to be there; the names are: name, years"
    );
    assert_eq!(
        wrong([["name", "Ada"], ["name", "Alan"]]),
        "row 2 of the table, name `name`: this name appears twice"
    );
    let error = |table: Table| {
        table
            .vertical_as::<Vec<(u8, u8)>>()
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        error(Table::from([["1", "2"], ["x", "3"]])),
        "row 2 of the table, name `x`: no u8: invalid digit found in string"
    );
    assert_eq!(
        error(Table::from([["1", "2", "3"]])),
        "a vertical table has two columns, names and values, but this one has a row of 3; several values for each name are records of the transposed table"
    );
}
