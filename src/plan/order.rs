//! The order in which the scenarios of a plan are handed out.

use super::Plan;
use crate::config::Order;

/// All scenarios of a plan by their index, in an order.
#[must_use]
pub fn order(plan: &Plan, order: Order) -> Vec<u32> {
    let count = plan.features.iter().map(|feature| feature.scenarios.len());
    let all = 0..u32::try_from(count.sum::<usize>()).unwrap_or(u32::MAX);
    match order {
        Order::Reverse => all.rev().collect(),
        _ => all.collect(),
    }
}
