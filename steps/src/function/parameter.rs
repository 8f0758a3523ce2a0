//! Parameters of a function: fixtures and the context. `argument` has those that come from the step itself.

use std::marker::PhantomData;

use super::argument::Argument;
use crate::argument::{Below, Call};
use crate::context::Context;
use crate::fixture::{Fixture, FixtureMut, FixtureRef};
use crate::outcome::Stop;

/// What a parameter of a function takes.
pub trait Parameter: Sync {
    /// What is known before the first fixture is lent.
    type Value<'c>;
    /// What exists while the function runs.
    type Lent<'c>;
    /// What the function gets.
    type Given<'l>;
    /// The table or docstring that it takes.
    const BELOW: Below = Below::NOTHING;
    /// How many fixtures it takes.
    const FIXTURES: u32 = 0;

    /// Whether it needs all scenarios of a feature on one worker.
    fn whole_feature(&self) -> bool {
        false
    }

    /// Gets the value.
    fn value<'c>(&self, call: &mut Call<'c>) -> Result<Self::Value<'c>, Stop>;

    /// Makes the fixture, unless it exists.
    fn make(&self, _call: &Call<'_>) -> Result<(), Stop> {
        Ok(())
    }

    /// Lends the fixture.
    fn lend<'c>(&self, call: &Call<'c>, value: Self::Value<'c>) -> Result<Self::Lent<'c>, Stop>;

    /// Calls a function with what it gets.
    fn give<R>(lent: Self::Lent<'_>, function: impl FnOnce(Self::Given<'_>) -> R) -> R;
}

impl<A: Argument> Parameter for A {
    type Value<'c> = A::Value;
    type Lent<'c> = A::Value;
    type Given<'l> = A::Given<'l>;
    const BELOW: Below = A::BELOW;

    fn value<'c>(&self, call: &mut Call<'c>) -> Result<A::Value, Stop> {
        self.get(call)
    }

    fn lend<'c>(&self, _call: &Call<'c>, value: A::Value) -> Result<A::Value, Stop> {
        Ok(value)
    }

    fn give<R>(lent: A::Value, function: impl FnOnce(A::Given<'_>) -> R) -> R {
        A::give(lent, function)
    }
}

/// `&Context`.
pub struct TheContext;

impl Parameter for TheContext {
    type Value<'c> = &'c Context;
    type Lent<'c> = &'c Context;
    type Given<'l> = &'l Context;

    fn value<'c>(&self, call: &mut Call<'c>) -> Result<&'c Context, Stop> {
        Ok(call.context())
    }

    fn lend<'c>(&self, _call: &Call<'c>, value: &'c Context) -> Result<&'c Context, Stop> {
        Ok(value)
    }

    fn give<R>(lent: &Context, function: impl FnOnce(&Context) -> R) -> R {
        function(lent)
    }
}

/// How a fixture is lent.
pub trait Lending: 'static {
    /// What exists while the function runs.
    type Lent<'c>;
    /// What the function gets.
    type Given<'l>;

    /// Calls a function with what it gets.
    fn give<R>(lent: Self::Lent<'_>, function: impl FnOnce(Self::Given<'_>) -> R) -> R;
}

/// `&T`: for reading.
pub struct Read<T>(PhantomData<T>);

impl<T: 'static> Lending for Read<T> {
    type Lent<'c> = FixtureRef<'c, T>;
    type Given<'l> = &'l T;

    fn give<R>(lent: FixtureRef<'_, T>, function: impl FnOnce(&T) -> R) -> R {
        function(&lent)
    }
}

/// `&mut T`: for writing.
pub struct Write<T>(PhantomData<T>);

impl<T: 'static> Lending for Write<T> {
    type Lent<'c> = FixtureMut<'c, T>;
    type Given<'l> = &'l mut T;

    fn give<R>(mut lent: FixtureMut<'_, T>, function: impl FnOnce(&mut T) -> R) -> R {
        function(&mut lent)
    }
}

/// A fixture, lent in one of these ways.
///
/// It has functions instead of a bound, so that the compiler reports a type that is not a fixture once, where it is
/// written.
pub struct LentFixture<L: Lending> {
    declaration: &'static str,
    make: fn(&Call<'_>) -> Result<(), Stop>,
    lend: Lend<L>,
    whole_feature: bool,
}

type Lend<L> = for<'c> fn(&Call<'c>, &'static str) -> Result<<L as Lending>::Lent<'c>, Stop>;

/// The parameter with this declaration, such as `world: &World`.
pub const fn read<T: Fixture>(declaration: &'static str) -> LentFixture<Read<T>> {
    fixture::<T, _>(declaration, |call, declaration| call.read(declaration))
}

/// The parameter with this declaration, such as `world: &mut World`.
pub const fn write<T: Fixture>(declaration: &'static str) -> LentFixture<Write<T>> {
    fixture::<T, _>(declaration, |call, declaration| call.write(declaration))
}

const fn fixture<T: Fixture, L: Lending>(
    declaration: &'static str,
    lend: Lend<L>,
) -> LentFixture<L> {
    LentFixture {
        declaration,
        make: |call| call.make::<T>(),
        lend,
        whole_feature: T::WHOLE_FEATURE,
    }
}

impl<L: Lending> Parameter for LentFixture<L> {
    type Value<'c> = ();
    type Lent<'c> = L::Lent<'c>;
    type Given<'l> = L::Given<'l>;
    const FIXTURES: u32 = 1;

    fn whole_feature(&self) -> bool {
        self.whole_feature
    }

    fn value<'c>(&self, _call: &mut Call<'c>) -> Result<(), Stop> {
        Ok(())
    }

    fn make(&self, call: &Call<'_>) -> Result<(), Stop> {
        (self.make)(call)
    }

    fn lend<'c>(&self, call: &Call<'c>, (): ()) -> Result<L::Lent<'c>, Stop> {
        (self.lend)(call, self.declaration)
    }

    fn give<R>(lent: L::Lent<'_>, function: impl FnOnce(L::Given<'_>) -> R) -> R {
        L::give(lent, function)
    }
}
