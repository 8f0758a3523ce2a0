//! A disk that is full, and a folder that is gone.

use super::*;
