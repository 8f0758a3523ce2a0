//! Scenarios inside rules.

use bdd_steps::{Fixture, given, then, when};

#[derive(Default, Fixture)]
struct Shop {
    money: u32,
    stock: u32,
    sold: bool,
}

#[given("the customer has {int} cents")]
fn money(shop: &mut Shop, cents: u32) {
    shop.money = cents;
}

#[given("there are chocolate bars in stock")]
fn stock(shop: &mut Shop) {
    shop.stock = 4;
}

#[given("there are no chocolate bars in stock")]
fn no_stock(shop: &mut Shop) {
    shop.stock = 0;
}

#[when("the customer tries to buy a {int} cent chocolate bar")]
fn buy(shop: &mut Shop, price: u32) {
    shop.sold = shop.stock > 0 && shop.money >= price;
}

#[then("the sale should not happen")]
fn not_sold(shop: &Shop) {
    assert!(!shop.sold);
}

#[then("the sale should happen")]
fn sold(shop: &Shop) {
    assert!(shop.sold);
}

fn main() {
    bdd_steps::worker()
}
