//! Stocktaking: rows and forms as values, tables that are compared, checks.

use std::error::Error;

use bdd_steps::{Comparison, Fixture, RowError, Table, check_eq, given, then, when};
use serde::{Deserialize, Serialize};

/// What lies on the shelves.
#[derive(Default, Fixture)]
struct Stock(Vec<Item>);

#[derive(Debug, Serialize, Deserialize)]
struct Item {
    article: String,
    shelf: String,
    pieces: u32,
    /// Nothing is ordered where the cell is empty.
    ordered: Option<u32>,
}

#[given("^the stock:$")]
fn stock_with(stock: &mut Stock, items: Vec<Item>) {
    stock.0 = items;
}

/// A form: the names are in the first column.
#[derive(Deserialize)]
struct Delivery {
    article: String,
    pieces: u32,
    by: String,
    note: Option<String>,
}

#[when("^a delivery arrives:$")]
fn delivery(stock: &mut Stock, form: &Table) -> Result<(), RowError> {
    let delivery: Delivery = form.vertical_as()?;
    println!(
        "delivered by {} ({})",
        delivery.by,
        delivery.note.as_deref().unwrap_or("no note")
    );
    for item in &mut stock.0 {
        if item.article == delivery.article {
            item.pieces += delivery.pieces;
            item.ordered = item.ordered.and_then(|ordered| {
                Some(ordered.saturating_sub(delivery.pieces)).filter(|rest| *rest > 0)
            });
        }
    }
    Ok(())
}

// Columns that the feature does not name may be there.
#[then("^the stock is:$")]
fn stock_is(stock: &Stock, expected: &Table) -> Result<(), Box<dyn Error>> {
    let actual = Table::from_values(&stock.0)?;
    Comparison::new()
        .surplus_columns()
        .diff(expected, &actual)?;
    Ok(())
}

// Without serde: rows of cells are a table too.
#[then("^the stock holds these articles:$")]
fn stock_holds(stock: &Stock, expected: &Table) -> Result<(), impl Error> {
    let header = ["article".to_owned(), "pieces".to_owned()];
    let rows = stock
        .0
        .iter()
        .map(|item| [item.article.clone(), item.pieces.to_string()]);
    let actual: Table = [header].into_iter().chain(rows).collect();
    expected.diff_unordered(&actual)
}

// A check that fails does not keep the others from being made.
#[then(r#"^the article "([^"]+)" is on shelf "([^"]+)", with (\d+) pieces and (\d+) ordered$"#)]
fn article_is(
    stock: &Stock,
    article: &str,
    shelf: &str,
    pieces: u32,
    ordered: u32,
) -> Result<(), String> {
    let mut items = stock.0.iter();
    let item = items
        .find(|item| item.article == article)
        .ok_or_else(|| format!("there is no article {article:?}"))?;
    check_eq!(item.shelf, shelf);
    check_eq!(item.pieces, pieces, "pieces of {article}");
    check_eq!(item.ordered, Some(ordered));
    Ok(())
}
