//! Groups of scenarios of which only a limited number run at once: `[groups] database = 2`.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::{Deserialize, Deserializer, de};
use serde_json::{Value, json};

use super::value::{FROM_ONE, Setting as _};
use crate::plan::tags::TagExpression;

/// The groups by their names.
pub type Groups = BTreeMap<String, Group>;

/// A group of scenarios.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// How many of its scenarios may run at once.
    pub limit: NonZeroU32,
    /// Which scenarios are in it, besides those tagged `@group(NAME)`; without it, those tagged
    /// `@NAME`.
    pub tags: Option<TagExpression>,
}

impl Group {
    /// A group as a text names it: `database=2`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn named(text: &str) -> Result<(String, Self), String> {
        let wrong = || format!("`{text}` is not a group: expected NAME=N, with {FROM_ONE}");
        let (name, limit) = text.split_once('=').ok_or_else(wrong)?;
        let limit = limit.trim().parse().map_err(|_| wrong())?;
        match name.trim() {
            "" => Err(wrong()),
            name => match misnamed(name) {
                Some(message) => Err(message),
                None => Ok((name.to_owned(), Self { limit, tags: None })),
            },
        }
    }

    /// The group as `bdd config` shows it: as the file has it.
    pub(super) fn shown(&self) -> Value {
        match &self.tags {
            None => self.limit.get().into(),
            Some(tags) => json!({ "limit": self.limit.get(), "tags": tags.to_string() }),
        }
    }
}

/// Why a group cannot have this name: no tag can name it, or the tag would mean something else. `None` if it
/// can.
pub(super) fn misnamed(name: &str) -> Option<String> {
    match name.strip_prefix('@') {
        Some(bare) => Some(format!("the name of a group has no `@`: `{bare}`")),
        None => (name == "serial").then(|| {
            "`serial` cannot be the name of a group: scenarios tagged @serial run alone".to_owned()
        }),
    }
}

/// `2`, or `{ limit = 2, tags = "@db or @sql" }`.
impl<'de> Deserialize<'de> for Group {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        struct Table {
            limit: NonZeroU32,
            tags: Option<TagExpression>,
        }

        struct GroupVisitor;

        impl<'de> de::Visitor<'de> for GroupVisitor {
            type Value = Group;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(
                    formatter,
                    "{FROM_ONE}, or a table with `limit` and perhaps `tags`"
                )
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Group, E> {
                let limit = u32::try_from(number).ok().and_then(NonZeroU32::new);
                let limit = limit
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Signed(number), &FROM_ONE))?;
                Ok(Group { limit, tags: None })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Group, A::Error> {
                let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Group {
                    limit: table.limit,
                    tags: table.tags,
                })
            }
        }

        deserializer.deserialize_any(GroupVisitor)
    }
}

/// The JSON Schema of `[groups]`.
pub(super) fn schema() -> Value {
    let mut limit = NonZeroU32::schema();
    limit["description"] = "How many of its scenarios may run at once.".into();
    let mut tags = TagExpression::schema();
    tags["description"] = "The tags of its scenarios, besides those tagged @group(NAME).".into();
    json!({
        "description": "Groups of scenarios of which only a limited number run at once, by name. A number is the limit of scenarios tagged @NAME or @group(NAME).",
        "type": "object",
        "propertyNames": { "pattern": "^([^@]|$)", "not": { "const": "serial" } },
        "additionalProperties": { "anyOf": [NonZeroU32::schema(), {
            "type": "object",
            "properties": { "limit": limit, "tags": tags },
            "required": ["limit"],
            "additionalProperties": false,
        }] },
    })
}
