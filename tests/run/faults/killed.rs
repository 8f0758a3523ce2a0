//! The runner is killed.

use super::*;
