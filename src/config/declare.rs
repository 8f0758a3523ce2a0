//! The macro that generates everything about a setting from one declaration.
//!
//! A declaration becomes a field of the section's struct, of [`Layer`](super::settings::Layer) and of
//! [`Origins`](super::settings::Origins), how the value is read from the file and from text, its row in `bdd
//! config`, and its part of the JSON Schema. This file does not know which settings exist.

/// Declares the settings of a section, in the order in which `bdd config` shows them:
///
/// ```text
/// /// What the section is about.
/// pub section: Struct {
///     /// The description, for the documentation and for the JSON Schema.
///     field "key": Type = default;
///     with {
///         /// A field that has no key in the file.
///         field: Type,
///     }
/// }
/// ```
macro_rules! settings {
    ($environment:ident; $(
        $(#[doc = $about:literal])+
        $visible:vis $section:ident: $struct:ident {
            $($(#[doc = $doc:literal])+ $field:ident $key:literal: $type:ty = $default:expr;)+
            $(with { $($(#[doc = $extra_doc:literal])+ $extra:ident: $extra_type:ty,)+ })?
        }
    )+) => {
        /// The keys that have a value. The keys of a table begin with its name, as in `steps.path`.
        pub(super) const KEYS: &[&str] = &[$($($key),+),+];

        $(
            $(#[doc = $about])+
            #[derive(Debug, Clone)]
            $visible struct $struct {
                $($(#[doc = $doc])+ pub $field: $type,)+
                $($($(#[doc = $extra_doc])+ pub $extra: $extra_type,)+)?
            }
        )+

        /// The settings of one source; a setting that the source does not give is absent.
        #[derive(Debug, Clone, Default)]
        pub(super) struct Layer {
            $($(pub(super) $field: Option<Sourced<$type>>,)+)+
            /// `[reports]`.
            pub(super) reports: ReportOptions,
            /// `[groups]`, by name.
            pub(super) groups: BTreeMap<String, Sourced<Group>>,
            /// `[lint]`, by the name of the rule.
            pub(super) lint: BTreeMap<String, Sourced<LintLevel>>,
            /// `[userdata]`, by name.
            pub(super) userdata: BTreeMap<String, Sourced<String>>,
        }

        /// Where the value of each setting comes from.
        #[derive(Debug, Clone)]
        pub(super) struct Origins {
            $($(pub(super) $field: Origin,)+)+
        }

        /// The settings of a run, and where they come from.
        #[derive(Debug, Clone)]
        pub(super) struct Settings {
            $(pub(super) $section: $struct,)+
            pub(super) reports: ReportOptions,
            pub(super) groups: BTreeMap<String, Sourced<Group>>,
            pub(super) lint: BTreeMap<String, Sourced<LintLevel>>,
            pub(super) userdata: BTreeMap<String, Sourced<String>>,
            pub(super) origins: Origins,
        }

        impl Layer {
            /// Takes the value of a key from the file; false if the key is unknown.
            pub(super) fn read_toml(
                &mut self,
                key: &str,
                value: Spanned<DeValue<'_>>,
                origin: Origin,
            ) -> Result<bool, toml::de::Error> {
                match key {
                    $($($key => {
                        let value = Deserialize::deserialize(ValueDeserializer::from(value))?;
                        self.$field = Some(Sourced { value, origin });
                    })+)+
                    _ => return Ok(false),
                }
                Ok(true)
            }

            /// Takes the value of one of the [`KEYS`] from a text.
            pub(super) fn read_text(
                &mut self,
                key: &str,
                text: &str,
                origin: Origin,
            ) -> Result<(), String> {
                match key {
                    $($($key => {
                        let value = Setting::from_text(text)?;
                        self.$field = Some(Sourced { value, origin });
                    })+)+
                    _ => {}
                }
                Ok(())
            }

            /// This layer on top of a lower one.
            pub(super) fn over(self, lower: Self) -> Self {
                let lower = self.hiding(lower);
                let mut reports = lower.reports;
                reports.extend(self.reports);
                let (mut lint, mut userdata) = (lower.lint, lower.userdata);
                lint.extend(self.lint);
                userdata.extend(self.userdata);
                Self {
                    $($($field: self.$field.or(lower.$field),)+)+
                    reports,
                    groups: groups_over(self.groups, lower.groups),
                    lint,
                    userdata,
                }
            }
        }

        impl Settings {
            /// The layer on top of the defaults.
            pub(super) fn new(layer: Layer, $environment: &Environment) -> Self {
                $($(let $field = layer.$field.unwrap_or_else(|| Sourced::default($default));)+)+
                Self {
                    origins: Origins { $($($field: $field.origin,)+)+ },
                    $($section: $struct {
                        $($field: $field.value,)+
                        $($($extra: Default::default(),)+)?
                    },)+
                    reports: layer.reports,
                    groups: layer.groups,
                    lint: layer.lint,
                    userdata: layer.userdata,
                }
            }

            /// All of them, as `bdd config` shows them.
            pub(super) fn rows(&self) -> Vec<SettingRow> {
                let mut rows = vec![$($(SettingRow {
                    key: $key.to_owned(),
                    value: self.$section.$field.shown(),
                    origin: self.origins.$field.clone(),
                }),+),+];
                rows.extend(report_rows(&self.reports));
                rows.extend(self.groups.iter().map(|(name, group)| SettingRow {
                    key: format!("groups.{name}"),
                    value: group.value.shown(),
                    origin: group.origin.clone(),
                }));
                rows.extend(self.lint.iter().map(|(name, level)| SettingRow {
                    key: format!("lint.{name}"),
                    value: level.value.shown(),
                    origin: level.origin.clone(),
                }));
                rows.extend(self.userdata.iter().map(|(name, text)| SettingRow {
                    key: format!("userdata.{name}"),
                    value: text.value.shown(),
                    origin: text.origin.clone(),
                }));
                rows
            }
        }

        /// The declarations, in their order.
        pub fn declarations() -> Vec<Declaration> {
            vec![$($(Declaration {
                key: $key,
                description: concat!($($doc),+).trim(),
                example: <$type as Setting>::example(),
                schema: <$type as Setting>::schema(),
            }),+),+]
        }
    };
}

pub(super) use settings;
