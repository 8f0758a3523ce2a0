//! Whether the groups of a match have the places in its text that they say.

use bdd_protocol::Group;

use super::rules::{self, ProtocolRule};

/// What is wrong with a group.
#[derive(Debug)]
pub struct GroupProblem {
    /// The rule.
    pub rule: &'static ProtocolRule,
    /// What is wrong.
    pub detail: String,
}

/// All that is wrong with the groups of a match of a text.
pub fn problems(text: &str, groups: &[Group]) -> Vec<GroupProblem> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut problems = Vec::new();
    for group in groups {
        check(&units, group, &mut problems);
    }
    problems
}

fn check(units: &[u16], group: &Group, problems: &mut Vec<GroupProblem>) {
    let (start, end) = (group.start as usize, group.end as usize);
    let mut problem = |rule, detail| problems.push(GroupProblem { rule, detail });
    match &group.value {
        None if (start, end) != (0, 0) => problem(
            &rules::GROUP_ABSENT,
            format!("a group without a value is at {start} to {end}"),
        ),
        None => {}
        Some(value) => {
            let there = units.get(start..end).map(String::from_utf16_lossy);
            if there.as_ref() != Some(value) {
                let there = there.map_or("nothing".to_owned(), |text| format!("`{text}`"));
                problem(
                    &rules::GROUP_PLACE,
                    format!("at {start} to {end} is {there}, not `{value}`"),
                );
            }
        }
    }
    for child in &group.children {
        if child.value.is_some() && (child.start < group.start || child.end > group.end) {
            problems.push(GroupProblem {
                rule: &rules::GROUP_CHILDREN,
                detail: format!(
                    "a child at {} to {} of a group at {start} to {end}",
                    child.start, child.end
                ),
            });
        }
        check(units, child, problems);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(value: &str, start: u32, end: u32) -> Group {
        Group {
            value: Some(value.to_owned()),
            start,
            end,
            children: Vec::new(),
        }
    }

    #[test]
    fn places_count_utf16_units() {
        let text = "\u{1f980} and 5";
        assert!(problems(text, &[group("5", 7, 8)]).is_empty());
        assert_eq!(
            problems(text, &[group("5", 6, 7)])[0].rule.name,
            "group-place"
        );
        assert_eq!(
            problems(text, &[group("5", 10, 11)])[0].rule.name,
            "group-place"
        );
    }
}
