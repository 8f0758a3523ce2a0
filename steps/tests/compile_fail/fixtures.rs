use bdd_steps::{Context, Fixture, fixture};

#[derive(Default, Fixture)]
struct Basket;

#[derive(Default, Fixture)]
#[fixture(scope = feature)]
struct Catalogue;

struct Server;

#[fixture(scope = worker)]
fn server(catalogue: &Catalogue) -> Server {
    Server
}

struct Shelf;

#[fixture(scope = feature)]
fn shelf(server: &Server, basket: &mut Basket) -> Result<Shelf, String> {
    Ok(Shelf)
}

struct Box1;

#[fixture]
fn box1(shelf: &Shelf, again: &Shelf) -> Box1 {
    Box1
}

struct Box2;

#[fixture]
fn box2(number: u32) -> Box2 {
    Box2
}

struct Box3;

#[fixture]
fn box3(value: &Box3000) -> Box3 {
    Box3
}

struct Box3000;

#[fixture]
fn nothing(cx: &Context) {}

struct Box4;

#[fixture(scope = run)]
fn box4() -> Box4 {
    Box4
}

struct Box5;

#[fixture(close = drop)]
fn box5() -> Box5 {
    Box5
}

struct Box6;

#[fixture(teardown = close6)]
fn box6() -> Box6 {
    Box6
}

fn close6(_: Box6) -> u32 {
    6
}

struct Box7;

struct NoError;

#[fixture]
fn box7() -> Result<Box7, NoError> {
    Ok(Box7)
}

#[fixture(scope = feature)]
pub struct NoDerive;

#[derive(Default, Fixture)]
#[fixture(teardown = drop)]
struct Below;

#[derive(Default, Fixture)]
#[fixture]
struct Bare;

fn main() {}
