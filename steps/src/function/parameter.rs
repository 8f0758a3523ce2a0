//! Parameters of a function: fixtures and the context. `argument` has those that come from the step itself.

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

/// What parameters do with a fixture of type `T`.
///
/// The types of the parameters have this instead of a bound, so that the compiler reports a type that is not a
/// fixture once, where it is written.
struct Access<T: 'static> {
    make: fn(&Call<'_>) -> Result<(), Stop>,
    read: for<'c> fn(&Call<'c>, &'static str) -> Result<FixtureRef<'c, T>, Stop>,
    write: for<'c> fn(&Call<'c>, &'static str) -> Result<FixtureMut<'c, T>, Stop>,
    whole_feature: bool,
}

impl<T: Fixture> Access<T> {
    const OF: Self = Self {
        make: |call| call.make::<T>(),
        read: |call, declaration| call.read(declaration),
        write: |call, declaration| call.write(declaration),
        whole_feature: T::WHOLE_FEATURE,
    };
}

/// `&T`: a fixture, for reading.
pub struct Read<T: 'static> {
    declaration: &'static str,
    access: &'static Access<T>,
}

/// The parameter with this declaration, such as `world: &World`.
pub const fn read<T: Fixture>(declaration: &'static str) -> Read<T> {
    Read {
        declaration,
        access: &Access::OF,
    }
}

impl<T> Parameter for Read<T> {
    type Value<'c> = ();
    type Lent<'c> = FixtureRef<'c, T>;
    type Given<'l> = &'l T;
    const FIXTURES: u32 = 1;

    fn whole_feature(&self) -> bool {
        self.access.whole_feature
    }

    fn value<'c>(&self, _call: &mut Call<'c>) -> Result<(), Stop> {
        Ok(())
    }

    fn make(&self, call: &Call<'_>) -> Result<(), Stop> {
        (self.access.make)(call)
    }

    fn lend<'c>(&self, call: &Call<'c>, (): ()) -> Result<FixtureRef<'c, T>, Stop> {
        (self.access.read)(call, self.declaration)
    }

    fn give<R>(lent: FixtureRef<'_, T>, function: impl FnOnce(&T) -> R) -> R {
        function(&lent)
    }
}

/// `&mut T`: a fixture, for writing.
pub struct Write<T: 'static> {
    declaration: &'static str,
    access: &'static Access<T>,
}

/// The parameter with this declaration, such as `world: &mut World`.
pub const fn write<T: Fixture>(declaration: &'static str) -> Write<T> {
    Write {
        declaration,
        access: &Access::OF,
    }
}

impl<T> Parameter for Write<T> {
    type Value<'c> = ();
    type Lent<'c> = FixtureMut<'c, T>;
    type Given<'l> = &'l mut T;
    const FIXTURES: u32 = 1;

    fn whole_feature(&self) -> bool {
        self.access.whole_feature
    }

    fn value<'c>(&self, _call: &mut Call<'c>) -> Result<(), Stop> {
        Ok(())
    }

    fn make(&self, call: &Call<'_>) -> Result<(), Stop> {
        (self.access.make)(call)
    }

    fn lend<'c>(&self, call: &Call<'c>, (): ()) -> Result<FixtureMut<'c, T>, Stop> {
        (self.access.write)(call, self.declaration)
    }

    fn give<R>(mut lent: FixtureMut<'_, T>, function: impl FnOnce(&mut T) -> R) -> R {
        function(&mut lent)
    }
}
