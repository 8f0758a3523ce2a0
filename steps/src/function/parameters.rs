//! Lists of parameters: tuples of up to 16, which `callable` in bdd-macros knows.

use super::parameter::Parameter;
use crate::argument::{Below, Call};
use crate::outcome::Stop;

/// The parameters of a function, in order.
pub trait Parameters: Sync {
    /// A function with these parameters.
    type Function<R>: Copy + Sync;
    /// Whether they take the table or docstring.
    const BELOW: Below;

    /// Whether one of them needs all scenarios of a feature on one worker.
    fn whole_feature(&self) -> bool;

    /// Gets the arguments and calls the function.
    ///
    /// The values come first, which may not convert, and then the fixtures, which run code of the user. All
    /// fixtures are made before the first is lent, because one may need another.
    fn call<R>(&self, function: Self::Function<R>, call: &mut Call<'_>) -> Result<R, Stop>;
}

/// Calls a function within calls of `give`, so that everything that is lent lives until it returns.
macro_rules! give {
    ($function:ident($($given:ident)*)) => {
        $function($($given),*)
    };
    ($function:ident($($given:ident)*) $Type:ident $value:ident $($rest:ident)*) => {
        $Type::give($value, |$value| give!($function($($given)* $value) $($rest)*))
    };
}

macro_rules! parameters {
    ($($Type:ident $value:ident)*) => {
        impl<$($Type: Parameter),*> Parameters for ($($Type,)*) {
            type Function<R> = fn($($Type::Given<'_>),*) -> R;
            const BELOW: Below = Below {
                table: false $(|| $Type::BELOW.table)*,
                doc_string: false $(|| $Type::BELOW.doc_string)*,
            };

            #[allow(non_snake_case)]
            fn whole_feature(&self) -> bool {
                let ($($Type,)*) = self;
                false $(|| $Type.whole_feature())*
            }

            #[allow(non_snake_case, unused_variables)]
            fn call<R>(&self, function: Self::Function<R>, call: &mut Call<'_>) -> Result<R, Stop> {
                let ($($Type,)*) = self;
                $(let $value = $Type.value(call)?;)*
                // The only fixture is made when it is lent.
                if (0 $(+ $Type::FIXTURES)*) > 1 {
                    $($Type.make(call)?;)*
                }
                $(let $value = $Type.lend(call, $value)?;)*
                Ok(give!(function() $($Type $value)*))
            }
        }
    };
}

/// Implements [`Parameters`] for the beginnings of a list, from the empty one.
macro_rules! all_parameters {
    ($($done:ident)*;) => {
        parameters!($($done)*);
    };
    ($($done:ident)*; $Type:ident $value:ident $($rest:ident)*) => {
        parameters!($($done)*);
        all_parameters!($($done)* $Type $value; $($rest)*);
    };
}

all_parameters!(; A a B b C c D d E e F f G g H h I i J j K k L l M m N n O o P p);
