//! Comparing tables: what counts, and how a difference reads.

use bdd_steps::{Comparison, Table};
use serde::Serialize;

fn friends() -> Table {
    Table::from([
        ["name", "age", "city"],
        ["Ada", "36", "London"],
        ["Alan", "41", "Wilmslow"],
        ["Grace", "85", "Arlington"],
    ])
}

fn difference(expected: &Table, actual: &Table) -> String {
    expected.diff(actual).unwrap_err().to_string()
}

#[test]
fn changed_missing_and_surplus_rows_are_marked() {
    let actual = Table::from([
        ["name", "age", "city"],
        ["Ada", "37", "London"],
        ["Grace", "85", "Arlington"],
        ["Barbara", "28", "Los | Angeles"],
    ]);
    assert_eq!(
        difference(&friends(), &actual),
        "\
the tables differ: 1 row changed (`age`), 1 row missing, 1 row surplus
  | name    | age | city           |
- | Ada     | 36  | London         |
+ | Ada     | 37  | London         |
              ^^
- | Alan    | 41  | Wilmslow       |
  | Grace   | 85  | Arlington      |
+ | Barbara | 28  | Los \\| Angeles |"
    );
    assert_eq!(friends().diff(&friends()), Ok(()));
}

#[test]
fn columns_are_found_by_name() {
    let actual = Table::from([
        ["city", "name", "age"],
        ["London", "Ada", "36"],
        ["Wilmslow", "Alan", "41"],
        ["Arlington", "Grace", "85"],
    ]);
    assert_eq!(friends().diff(&actual), Ok(()));
    let strict = Comparison::new().column_order();
    assert_eq!(
        strict.diff(&friends(), &actual).unwrap_err().to_string(),
        "\
the tables differ: the columns come in another order
- | name | age  | city |
+ | city | name | age  |
  … 3 equal"
    );
    assert_eq!(strict.diff(&friends(), &friends()), Ok(()));
}

#[test]
fn missing_and_surplus_columns_are_named() {
    let actual = Table::from([
        ["name", "years", "city"],
        ["Ada", "36", "London"],
        ["Alan", "41", "London"],
        ["Grace", "85", "Arlington"],
    ]);
    assert_eq!(
        difference(&friends(), &actual),
        "\
the tables differ: column `age` missing, column `years` surplus, 1 row changed (`city`)
- | name  | age | city      |       |
+ | name  |     | city      | years |
  | Ada   | 36  | London    | 36    |
- | Alan  | 41  | Wilmslow  |       |
+ | Alan  |     | London    | 41    |
                  ^^^^^^
  | Grace | 85  | Arlington | 85    |"
    );
    let fewer = Table::from([["name"], ["Ada"], ["Alan"], ["Grace"]]);
    assert_eq!(
        difference(&fewer, &friends()).lines().next(),
        Some("the tables differ: columns `age`, `city` surplus")
    );
    let comparison = Comparison::new().surplus_columns();
    assert_eq!(comparison.diff(&fewer, &friends()), Ok(()));
    assert!(comparison.diff(&friends(), &fewer).is_err());
    let one = Table::from([["name"], ["Ada"]]);
    assert!(
        comparison.diff(&one, &friends()).is_err(),
        "rows still count"
    );
    let both = comparison.surplus_rows();
    assert_eq!(both.diff(&one, &friends()), Ok(()));
    assert!(both.diff(&friends(), &one).is_err());
}

#[test]
fn columns_of_the_same_name_are_found_one_by_one() {
    let expected = Table::from([["a", "a"], ["1", "2"]]);
    assert_eq!(expected.diff(&expected), Ok(()));
    let swapped = Table::from([["a", "a"], ["2", "1"]]);
    assert!(expected.diff(&swapped).is_err());
    assert!(expected.diff(&Table::from([["a"], ["1"]])).is_err());
}

#[test]
fn order_counts_unless_it_does_not() {
    let actual = Table::from([
        ["name", "age", "city"],
        ["Grace", "85", "Arlington"],
        ["Ada", "36", "London"],
        ["Alan", "41", "Wilmslow"],
    ]);
    assert_eq!(
        difference(&friends(), &actual),
        "\
the tables differ: 1 row missing, 1 row surplus, they are the same rows in another order
  | name  | age | city      |
+ | Grace | 85  | Arlington |
  | Ada   | 36  | London    |
  | Alan  | 41  | Wilmslow  |
- | Grace | 85  | Arlington |"
    );
    assert_eq!(friends().diff_unordered(&actual), Ok(()));
}

#[test]
fn without_order_rows_are_counted() {
    let expected = Table::from([["n", "v"], ["a", "1"], ["a", "1"], ["b", "2"]]);
    let actual = Table::from([["n", "v"], ["b", "3"], ["a", "1"], ["c", "1"]]);
    assert_eq!(
        expected.diff_unordered(&actual).unwrap_err().to_string(),
        "\
the tables differ: 1 row changed (`v`), 1 row missing, 1 row surplus
  | n | v |
  | a | 1 |
- | a | 1 |
- | b | 2 |
+ | b | 3 |
        ^
+ | c | 1 |"
    );
}

#[test]
fn a_table_without_rows_has_all_columns() {
    let none = Table::new(Vec::new());
    assert_eq!(friends().diff(&friends()), Ok(()));
    let text = difference(&friends(), &none);
    assert!(
        text.starts_with("the tables differ: 3 rows missing\n"),
        "{text}"
    );
    let header = Table::from([["name", "age"]]);
    assert_eq!(header.diff(&none), Ok(()));
}

#[test]
fn without_a_header_the_first_row_counts() {
    let comparison = Comparison::new().without_header();
    let expected = Table::from([["1", "2"], ["3", "4"]]);
    let actual = Table::from([["1", "5"], ["3", "4"]]);
    assert_eq!(comparison.diff(&expected, &expected), Ok(()));
    assert_eq!(
        comparison.diff(&expected, &actual).unwrap_err().to_string(),
        "\
the tables differ: 1 row changed (2)
- | 1 | 2 |
+ | 1 | 5 |
        ^
  | 3 | 4 |"
    );
    let wider = Table::from([["1", "2", "x"], ["3", "4", ""]]);
    assert!(comparison.diff(&expected, &wider).is_err());
    assert!(comparison.diff(&wider, &expected).is_err());
}

#[test]
fn only_what_is_near_a_difference_is_shown() {
    let rows = |wrong: &[usize]| -> Table {
        let cells = |row: usize| [row.to_string(), format!("{}", wrong.contains(&row))];
        let header = ["row".to_owned(), "wrong".to_owned()];
        std::iter::once(header)
            .chain((1..=10_000).map(cells))
            .collect()
    };
    let text = difference(&rows(&[]), &rows(&[5_000, 5_008]));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 1 + (1 + 3) + 3 + 7 + 3 + (3 + 1), "{text}");
    assert_eq!(lines[2], "  … 4996 equal");
    assert_eq!(lines.last(), Some(&"  … 4989 equal"));
    let all: Vec<usize> = (1..=10_000).collect();
    let text = difference(&rows(&[]), &rows(&all));
    assert_eq!(text.lines().count(), 1 + 1 + 3 * 100 + 1);
    assert!(text.ends_with("\n  … 9900 more that differ"), "{text}");
}

/// Rows without any cell in common, all rows moved, and all rows the same: none takes the square of
/// the rows, which would be minutes.
#[test]
fn large_tables_are_compared_in_no_time() {
    let rows = |make: fn(u32) -> String| -> Table {
        std::iter::once("n".to_owned())
            .chain((0..20_000).map(make))
            .map(|cell| [cell])
            .collect()
    };
    let numbers = rows(|n| n.to_string());
    assert!(numbers.diff(&rows(|n| (n + 50_000).to_string())).is_err());
    let moved = rows(|n| (n * 7 % 20_000).to_string());
    assert!(numbers.diff(&moved).is_err());
    let few = rows(|n| (n / 3 % 2).to_string());
    assert!(few.diff(&rows(|n| (n / 5 % 2).to_string())).is_err());
    assert!(
        numbers
            .diff_unordered(&rows(|n| (19_999 - n).to_string()))
            .is_ok()
    );
    assert!(numbers.diff_unordered(&few).is_err());
}

#[test]
fn wide_cells_do_not_push_the_others_away() {
    let long = "x".repeat(500);
    let expected = Table::from([["a", "b"], [&long, "1"], ["y", "2"]]);
    let actual = Table::from([["a", "b"], [&long, "1"], ["y", "3"]]);
    let text = difference(&expected, &actual);
    let short = text.lines().find(|line| line.starts_with("- | y")).unwrap();
    assert_eq!(short.chars().count(), 2 + 2 + 60 + 3 + 1 + 2);
    assert!(text.contains(&long));
    let expected = Table::from([["数字", "b"], ["一", "1\n2"]]);
    let actual = Table::from([["数字", "b"], ["一", ""]]);
    assert!(
        difference(&expected, &actual)
            .ends_with("  | 数字 | b    |\n- | 一   | 1\\n2 |\n+ | 一   |      |\n           ^"),
        "{}",
        difference(&expected, &actual)
    );
}

#[derive(Serialize, Clone, Copy)]
enum Kind {
    Fast,
}

#[derive(Serialize)]
struct Engine {
    name: &'static str,
    power: Option<f64>,
    kind: Kind,
}

#[test]
fn values_become_rows() {
    let engines = [
        Engine {
            name: "A",
            power: Some(1.5),
            kind: Kind::Fast,
        },
        Engine {
            name: "B",
            power: None,
            kind: Kind::Fast,
        },
    ];
    let expected = Table::from([
        ["name", "power", "kind"],
        ["A", "1.5", "Fast"],
        ["B", "", "Fast"],
    ]);
    assert_eq!(Table::from_values(&engines).unwrap(), expected);
    let tuples = [(1, true), (2, false)];
    assert_eq!(
        Table::from_values(&tuples).unwrap(),
        Table::from([["1", "true"], ["2", "false"]])
    );
    let none: [Engine; 0] = [];
    assert_eq!(Table::from_values(&none).unwrap().height(), 0);
}

#[test]
fn values_may_have_different_fields() {
    #[derive(Serialize)]
    struct Entry {
        #[serde(skip_serializing_if = "Option::is_none")]
        first: Option<u8>,
        #[serde(flatten)]
        rest: std::collections::BTreeMap<&'static str, i32>,
    }
    let entries = [
        Entry {
            first: None,
            rest: [("a", 1)].into(),
        },
        Entry {
            first: Some(5),
            rest: [("b", 2), ("a", 3)].into(),
        },
    ];
    assert_eq!(
        Table::from_values(&entries).unwrap(),
        Table::from([["a", "first", "b"], ["1", "", ""], ["3", "5", "2"]])
    );
}

#[test]
fn values_that_are_no_rows_are_named() {
    #[derive(Serialize)]
    struct Nested {
        id: u8,
        list: Vec<u8>,
    }
    let error = |result: Result<Table, bdd_steps::ValueError>| result.unwrap_err().to_string();
    let nested = [Nested {
        id: 1,
        list: vec![1],
    }];
    assert_eq!(
        error(Table::from_values(&nested)),
        "value 1, field `list`: it has several values or none, and a cell has one"
    );
    assert_eq!(
        error(Table::from_values(&["text"])),
        "value 1: it is not a struct, map or tuple, so it cannot be a row of a table"
    );
}
