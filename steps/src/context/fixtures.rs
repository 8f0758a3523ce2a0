//! The fixtures of a context. They are made when they are first needed, and their scope keeps them.

use super::Context;
use crate::asynchronous::Tasks;
use crate::fixture::scopes::Fixtures;
use crate::fixture::slot::Slot;
use crate::fixture::{Fixture, FixtureError, FixtureMut, FixtureRef, Scope};

impl Context {
    /// The fixture of type `T`, for reading. It is made now if it does not exist yet.
    ///
    /// A parameter `&T` does the same. The runner knows the parameters before the run, so it can keep the
    /// scenarios of a feature on one worker if the fixture needs that (see [`Fixture::WHOLE_FEATURE`]).
    ///
    /// ```
    /// use bdd_steps::{Context, Fixture, FixtureError, step};
    ///
    /// #[derive(Default, Fixture)]
    /// struct Log(Vec<String>);
    ///
    /// #[step("^it is quiet$")]
    /// fn quiet(cx: &Context) -> Result<(), FixtureError> {
    ///     if cx.has_tag("@logged") {
    ///         assert!(cx.fixture::<Log>()?.0.is_empty());
    ///     }
    ///     Ok(())
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// If it cannot be made, if it is already lent for writing, or if its scope is shorter than that of the
    /// caller.
    pub fn fixture<T: Fixture>(&self) -> Result<FixtureRef<'_, T>, FixtureError> {
        let slot = self.made::<T>()?;
        slot.read().ok_or_else(|| FixtureError::lent::<T>())
    }

    /// The fixture of type `T`, for writing. It is made now if it does not exist yet.
    ///
    /// # Errors
    /// If it cannot be made, if it is already lent, or if its scope is shorter than that of the caller.
    pub fn fixture_mut<T: Fixture>(&self) -> Result<FixtureMut<'_, T>, FixtureError> {
        let slot = self.made::<T>()?;
        slot.write().ok_or_else(|| FixtureError::lent::<T>())
    }

    /// This context without everything that has a shorter life than `scope`. The set-up of a fixture that
    /// outlives a scenario must not depend on the scenario that needs it first.
    fn narrowed(&self, scope: Scope) -> Self {
        Self {
            feature: self.feature.clone().filter(|_| scope != Scope::Worker),
            hook: self.hook,
            ..Self::of_worker(self.shared.clone())
        }
    }

    /// The runtime for `async` code here.
    pub(crate) fn tasks(&self) -> &Tasks {
        match (&self.scenario, &self.feature) {
            (Some(scenario), _) => &scenario.fixtures.tasks,
            (None, Some(feature)) => &feature.fixtures.tasks,
            (None, None) => &self.shared.fixtures.tasks,
        }
    }

    /// The fixtures of a scope, if there is such a scope here.
    fn fixtures(&self, scope: Scope) -> Option<&Fixtures> {
        match (scope, &self.scenario, &self.feature) {
            (Scope::Scenario, Some(scenario), _) => Some(&scenario.fixtures),
            (Scope::Feature, _, Some(feature)) => Some(&feature.fixtures),
            (Scope::Worker, _, _) => Some(&self.shared.fixtures),
            _ => None,
        }
    }

    /// The slot of the fixture of type `T`. The fixture is made if it does not exist.
    pub(crate) fn made<T: Fixture>(&self) -> Result<&Slot<T>, FixtureError> {
        let making = &self.shared.making;
        if !making.is_nothing() {
            making.check::<T>(T::SCOPE)?;
        }
        let Some(fixtures) = self.fixtures(T::SCOPE) else {
            return Err(FixtureError::out_of_scope::<T>(T::SCOPE));
        };
        match fixtures.find::<T>() {
            Some(slot) => Ok(slot),
            None => self.make(fixtures),
        }
    }

    /// Makes the fixture of type `T` and adds it to its scope.
    fn make<'a, T: Fixture>(&'a self, fixtures: &'a Fixtures) -> Result<&'a Slot<T>, FixtureError> {
        let making = &self.shared.making;
        let split = self
            .feature
            .as_ref()
            .is_some_and(|feature| feature.info.split);
        if split && T::SCOPE == Scope::Feature {
            return Err(FixtureError::split::<T>());
        }
        let value = {
            let _until_set_up = making.begin::<T>(T::SCOPE);
            match T::SCOPE {
                Scope::Scenario => T::setup(self),
                longer => {
                    let narrowed = self.narrowed(longer);
                    let set_up = || narrowed.tasks().within(|| T::setup(&narrowed));
                    self.shared.aftermath.outliving(set_up)
                }
            }
        };
        let value = value.map_err(FixtureError::setup::<T>)?;
        fixtures.add(Slot::new(value, self.shared.root.get()));
        fixtures
            .find::<T>()
            .ok_or_else(|| FixtureError::out_of_scope::<T>(T::SCOPE))
    }
}
