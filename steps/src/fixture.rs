//! Fixtures: the state of a scenario, asked for by type.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::error::Error;
use std::rc::Rc;

use crate::context::Context;
use crate::outcome::Stop;

/// A type whose value the steps of a scenario share.
///
/// A step function that has a parameter `&T` or `&mut T` gets the scenario's value of `T`. It is
/// made when a step first asks for it, and closed when the scenario ends, after those that were
/// made later, whether the scenario passed or not. Every scenario, and every attempt at one, has
/// values of its own.
///
/// `#[derive(Fixture)]` makes the value with [`Default`]. Implement the trait by hand for a value
/// that needs the context or can fail.
///
/// ```
/// use bdd_steps::{Context, Fixture};
/// use std::error::Error;
///
/// struct Workspace(std::path::PathBuf);
///
/// impl Fixture for Workspace {
///     fn setup(context: &Context) -> Result<Self, Box<dyn Error>> {
///         let directory = std::env::temp_dir().join(context.scenario_name());
///         std::fs::create_dir_all(&directory)?;
///         Ok(Self(directory))
///     }
///
///     fn teardown(self) -> Result<(), Box<dyn Error>> {
///         Ok(std::fs::remove_dir_all(&self.0)?)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a fixture",
    label = "a parameter behind a reference is a fixture",
    note = "for a type of this crate: `#[derive(Default, Fixture)]`",
    note = "a captured value is taken by value"
)]
pub trait Fixture: Sized + 'static {
    /// Makes the value for the scenario of the context.
    ///
    /// # Errors
    /// An error fails the step that asked for the value, as if the step had returned it.
    fn setup(context: &Context) -> Result<Self, Box<dyn Error>>;

    /// Closes the value at the end of its scenario.
    ///
    /// # Errors
    /// An error fails the scenario; the other fixtures are closed all the same.
    fn teardown(self) -> Result<(), Box<dyn Error>> {
        Ok(())
    }
}

/// The fixtures of one scenario, in the order in which they were made.
#[derive(Default)]
pub(crate) struct Fixtures {
    made: Vec<Made>,
}

/// A fixture whose type is known to [`Made::close`] only.
pub(crate) struct Made {
    id: TypeId,
    cell: Rc<dyn Any>,
    close: fn(Rc<dyn Any>) -> Result<(), Stop>,
    /// Whether closing it runs any code.
    pub(crate) noticeable: bool,
}

impl Made {
    /// Closes it, which runs the user's code and may panic.
    pub(crate) fn close(self) -> Result<(), Stop> {
        (self.close)(self.cell)
    }
}

impl Fixtures {
    /// The fixture of the type `T`; made now unless a step has asked for it before.
    pub(crate) fn get<T: Fixture>(&mut self, context: &Context) -> Result<Rc<RefCell<T>>, Stop> {
        let id = TypeId::of::<T>();
        for made in &self.made {
            if made.id == id
                && let Ok(cell) = made.cell.clone().downcast::<RefCell<T>>()
            {
                return Ok(cell);
            }
        }
        let value = T::setup(context).map_err(Stop::from_error)?;
        let cell = Rc::new(RefCell::new(value));
        self.made.push(Made {
            id,
            cell: cell.clone(),
            close: close::<T>,
            noticeable: std::mem::needs_drop::<T>(),
        });
        Ok(cell)
    }

    /// Takes out the fixture that was made last.
    pub(crate) fn pop(&mut self) -> Option<Made> {
        self.made.pop()
    }

    /// Whether closing them runs any code of the user.
    pub(crate) fn noticeable(&self) -> bool {
        self.made.iter().any(|made| made.noticeable)
    }
}

fn close<T: Fixture>(cell: Rc<dyn Any>) -> Result<(), Stop> {
    let value = cell.downcast::<RefCell<T>>().ok().and_then(Rc::into_inner);
    // No step runs, so nobody else holds the fixture: there is a value.
    match value {
        Some(value) => value.into_inner().teardown().map_err(Stop::from_error),
        None => Ok(()),
    }
}
