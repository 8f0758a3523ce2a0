//! Lending books: rows of a table as values, and errors with a type of their own.

use std::collections::BTreeMap;
use std::fmt;

use bdd_steps::{Fixture, given, then, when};
use serde::Deserialize;

/// The loans of a scenario.
#[derive(Debug, Default, Fixture)]
struct Lending {
    books: BTreeMap<String, Book>,
    outcome: Option<Result<(), Refusal>>,
}

#[derive(Debug)]
struct Book {
    shelf: Shelf,
    borrower: Option<Borrower>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Shelf {
    Novels,
    Essays,
    Poems,
    Lexicon,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Borrower {
    Member,
    SomebodyElse,
}

/// Why a book is not lent. It implements `Display`, so a step may return it as its error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Unknown,
    NotHere,
    StaysInTheHouse,
    ThreeBooks,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the library does not have it",
            Self::NotHere => "the book is not here",
            Self::StaysInTheHouse => "the book stays in the house",
            Self::ThreeBooks => "the member has three books",
        })
    }
}

impl Lending {
    fn lend(&mut self, title: &str, borrower: Borrower) -> Result<(), Refusal> {
        let has = self.borrowed_by(borrower);
        let book = self.books.get_mut(title).ok_or(Refusal::Unknown)?;
        if book.shelf == Shelf::Lexicon {
            return Err(Refusal::StaysInTheHouse);
        }
        if book.borrower.is_some() {
            return Err(Refusal::NotHere);
        }
        if has >= 3 {
            return Err(Refusal::ThreeBooks);
        }
        book.borrower = Some(borrower);
        Ok(())
    }

    fn borrowed_by(&self, borrower: Borrower) -> usize {
        self.books
            .values()
            .filter(|book| book.borrower == Some(borrower))
            .count()
    }
}

/// A row of the table of books: its fields are the columns.
#[derive(Debug, Deserialize)]
struct BookRow {
    title: String,
    shelf: Shelf,
}

// With the feature `serde` of bdd-steps, `Vec<T>` takes the rows of the table as values. A missing
// column, or a cell that is no such value, fails the step and names row and column.
#[given("^a library with these books:$")]
fn library(lending: &mut Lending, books: Vec<BookRow>) {
    let book = |shelf| Book {
        shelf,
        borrower: None,
    };
    lending.books = books
        .into_iter()
        .map(|row| (row.title, book(row.shelf)))
        .collect();
}

// In a `Given` a refusal is no outcome to look at but a mistake in the scenario: it is returned.
#[given(r#"^a member(?: who has borrowed "([^"]+)" and "([^"]+)")?$"#)]
fn member(
    lending: &mut Lending,
    one: Option<String>,
    other: Option<String>,
) -> Result<(), Refusal> {
    for title in one.iter().chain(&other) {
        lending.lend(title, Borrower::Member)?;
    }
    Ok(())
}

#[given(r#"^somebody has borrowed "([^"]+)"$"#)]
fn somebody_has(lending: &mut Lending, title: &str) -> Result<(), Refusal> {
    lending.lend(title, Borrower::SomebodyElse)
}

#[when(r#"^the member borrows "([^"]+)"$"#)]
fn borrow(lending: &mut Lending, title: &str) {
    lending.outcome = Some(lending.lend(title, Borrower::Member));
}

#[when(r#"^the member brings back "([^"]+)"$"#)]
fn bring_back(lending: &mut Lending, title: &str) -> Result<(), String> {
    let book = lending
        .books
        .get_mut(title)
        .filter(|book| book.borrower == Some(Borrower::Member));
    book.ok_or(format!("the member does not have {title:?}"))?
        .borrower = None;
    Ok(())
}

#[then("^the loan is granted$")]
fn granted(lending: &Lending) {
    assert_eq!(lending.outcome, Some(Ok(())));
}

#[then("^the loan is refused: (.*)$")]
fn refused(lending: &Lending, reason: &str) {
    let refusal = lending.outcome.and_then(Result::err);
    assert_eq!(
        refusal.map(|refusal| refusal.to_string()).as_deref(),
        Some(reason)
    );
}

#[then(r"^the member has (\d+) books?$")]
fn has_books(lending: &Lending, count: usize) {
    assert_eq!(lending.borrowed_by(Borrower::Member), count);
}
