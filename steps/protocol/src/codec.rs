//! The messages of the protocol as lines of JSON, both ways.
//!
//! Each list below names the members of one type. The first brackets have the required members. The second
//! have the optional ones, which are left out when they are empty, zero or null. Reading and writing use the
//! same list. Unknown members are skipped.

use std::borrow::Cow;
use std::sync::Arc;

use crate::json::{CodecError, FromJson, LineText, Reader, Text, ToJson};
use crate::messages::{
    AttachmentBody, Definition, DocStringArgument, Failure, FeatureInfo, FromWorker, Group, Hello,
    Hook, Match, OutlineInfo, ParameterType, RuleInfo, RunArgument, RunScenario, RunStep,
    ScenarioAdded, StepContent, StepStatus, ToWorker, Variable,
};

/// Reads an object into local variables that are named as its members.
macro_rules! read_members {
    ($reader:ident [$($required:ident)*] [$($optional:ident)*]) => {
        $(let mut $required = None;)*
        $(let mut $optional = None;)*
        $reader.open(b'{')?;
        // Members that come in the order of the list, as `write` puts them, cost one comparison.
        $(if $reader.member(concat!("\"", stringify!($required), "\":").as_bytes()) {
            $required = Some(FromJson::read($reader)?);
        })*
        $(if $reader.member(concat!("\"", stringify!($optional), "\":").as_bytes()) {
            $optional = Some(FromJson::read($reader)?);
        })*
        while let Some(key) = $reader.key()? {
            match &*key {
                $(stringify!($required) => $required = Some(FromJson::read($reader)?),)*
                $(stringify!($optional) => $optional = Some(FromJson::read($reader)?),)*
                _ => $reader.skip()?,
            }
        }
        $(
            let Some($required) = $required else {
                return Err($reader.error(concat!("`", stringify!($required), "` is missing")));
            };
        )*
        $(let $optional = $optional.unwrap_or_default();)*
    };
}

/// Implements what a worker needs for a struct that it receives or sends, and the other direction for
/// the runner alone: a step crate need not compile it.
macro_rules! record {
    (received $($record:tt)*) => {
        read_record!($($record)*);
        #[cfg(feature = "runner")]
        write_record!($($record)*);
    };
    (sent $($record:tt)*) => {
        write_record!($($record)*);
        #[cfg(feature = "runner")]
        read_record!($($record)*);
    };
}

/// Implements [`FromJson`] for a struct.
macro_rules! read_record {
    ($type:ident $(<$text:ident>)? [$($required:ident)*] [$($optional:ident)*]) => {
        impl $(<$text: FromJson + Default>)? FromJson for $type $(<$text>)? {
            fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
                read_members!(reader [$($required)*] [$($optional)*]);
                Ok(Self { $($required,)* $($optional,)* })
            }
        }
    };
}

/// Implements [`ToJson`] for a struct.
macro_rules! write_record {
    ($type:ident $(<$text:ident>)? [$first:ident $($required:ident)*] [$($optional:ident)*]) => {
        impl $(<$text: ToJson + Default + PartialEq>)? $type $(<$text>)? {
            /// Writes the members, the first of them after a brace or comma, and the brace at the end.
            fn write_members(&self, before: &str, out: &mut Text) {
                out.push(before);
                out.push(concat!("\"", stringify!($first), "\":"));
                self.$first.write(out);
                $(
                    out.push(concat!(",\"", stringify!($required), "\":"));
                    self.$required.write(out);
                )*
                $(write_optional(concat!(",\"", stringify!($optional), "\":"), &self.$optional, out);)*
                out.push("}");
            }
        }

        impl $(<$text: ToJson + Default + PartialEq>)? ToJson for $type $(<$text>)? {
            fn write(&self, out: &mut Text) {
                self.write_members("{", out);
            }
        }
    };
}

/// Implements what a worker needs for the messages of one direction, as [`record`] does.
macro_rules! messages {
    (received $($messages:tt)*) => {
        read_messages!($($messages)*);
        #[cfg(feature = "runner")]
        write_messages!($($messages)*);
    };
    (sent $($messages:tt)*) => {
        write_messages!($($messages)*);
        #[cfg(feature = "runner")]
        read_messages!($($messages)*);
    };
}

/// Writes messages.
macro_rules! write_messages {
    (
        $type:ident $(<$text:ident>)?
        $($kind:literal $variant:ident [$($required:ident)*] [$($optional:ident)*];)*
        $(record $record_kind:literal $record:ident;)*
    ) => {
        impl $type {
            /// Appends the message as one line, its newline included.
            pub fn append(&self, out: &mut Text) {
                ToJson::write(self, out);
                out.push("\n");
            }

            /// The same as bytes.
            pub fn to_line(&self) -> Vec<u8> {
                let mut line = Text::default();
                self.append(&mut line);
                line.into_bytes()
            }
        }

        impl ToJson for $type {
            fn write(&self, out: &mut Text) {
                match self {
                    $(Self::$variant { $($required,)* $($optional,)* } => {
                        out.push(concat!("{\"type\":\"", $kind, "\""));
                        $(
                            out.push(concat!(",\"", stringify!($required), "\":"));
                            $required.write(out);
                        )*
                        $(write_optional(concat!(",\"", stringify!($optional), "\":"), $optional, out);)*
                        out.push("}");
                    })*
                    $(Self::$record(record) => {
                        out.push(concat!("{\"type\":\"", $record_kind, "\""));
                        record.write_members(",", out);
                    })*
                }
            }
        }
    };
}

/// Reads messages.
macro_rules! read_messages {
    (
        $type:ident $(<$text:ident>)?
        $($kind:literal $variant:ident [$($required:ident)*] [$($optional:ident)*];)*
        $(record $record_kind:literal $record:ident;)*
    ) => {
        impl $type {
            /// Reads one line, with or without its newline. Members that this version does not
            /// know are skipped.
            ///
            /// # Errors
            /// When the line is not UTF-8, not JSON or not a message. The error has the place in bytes.
            pub fn parse(line: &[u8]) -> Result<Self, CodecError> {
                parse(line)
            }

            /// The same with a line that is known to be UTF-8.
            ///
            /// # Errors
            /// When the line is not JSON or not a message. The error has the place in bytes.
            pub fn parse_text(line: &str) -> Result<Self, CodecError> {
                read_all(Reader::new(line))
            }
        }

        impl $(<$text: FromJson + Default>)? FromJson for $type $(<$text>)? {
            fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
                match &*kind(reader)? {
                    $($kind => {
                        read_members!(reader [$($required)*] [$($optional)*]);
                        Ok(Self::$variant { $($required,)* $($optional,)* })
                    })*
                    $($record_kind => Ok(Self::$record(Box::new($record::read(reader)?))),)*
                    unknown => {
                        reader.restart();
                        Err(reader.error(format!("unknown message `{unknown}`")))
                    }
                }
            }
        }
    };
}

messages! {
    received ToWorker<T>
    "match" Match [id texts] [keywords uris below];
    "run" Run [feature scenarios] [];
    "begin" Begin [hooks] [];
    "steps" Steps [steps] [error];
    "cancel" Cancel [] [];
    "break_off" BreakOff [call kind message] [cancelled];
    "feature_done" FeatureDone [uri] [];
    "finish" Finish [] [hooks];
}

record!(received FeatureInfo<T> [uri name tags] [line before after split]);
record!(received RuleInfo<T> [name line tags] [before after]);
record!(received RunScenario<T> [scenario attempt name line tags steps]
    [rule retries continue_after_failure before after before_step after_step added]);
record!(received RunStep<T> [definition text line arguments] [keyword table docstring]);
read_record!(DocStringArgument<T> [content] [media_type]);
write_record!(DocStringArgument<T> [content] [media_type]);

// They are compared in this order: those that come most often are first.
messages! {
    sent FromWorker
    "step_started" StepStarted [scenario step] [actual];
    "step_finished" StepFinished [scenario step status nanos] [error actual handled];
    "scenario_started" ScenarioStarted [scenario attempt at output] [];
    "scenario_finished" ScenarioFinished [scenario attempt nanos output]
        [errors remarks run_errors will_be_retried own_retry];
    "matched" Matched [id matches] [];
    "begun" Begun [] [environment];
    "hook_started" HookStarted [hook output] [];
    "hook_finished" HookFinished [hook status nanos output] [error];
    "scenario_skipped" ScenarioSkipped [scenario] [hook scope reason];
    "hook_added" HookAdded [hook] [];
    "step_left_out" StepLeftOut [scenario step reason] [];
    "abort" Abort [reason] [];
    "closing_failed" ClosingFailed [scope errors] [];
    "closed" Closed [] [];
    "attachment" Attachment [media_type body] [file_name];
    "run_steps" RunSteps [text] [];
    "extra_step_started" ExtraStepStarted [scenario extra step] [parent depth];
    "extra_step_finished" ExtraStepFinished [scenario extra status nanos] [error];
    "breaking_off" BreakingOff [call can] [];
    "retiring" Retiring [reason] [];
    "ring" Ring [] [];
    "cancelled" Cancelled [scenarios] [];
    "error" Error [message] [detail];
    record "hello" Hello;
    record "scenario_added" ScenarioAdded;
}

record!(sent Hello [protocol language hash definitions] 
    [hooks parameter_types says_closed breaks_off adopts_orphans match_by]);
record!(sent Definition [id keyword kind pattern] [file line column function doc whole_feature]);
record!(sent Hook [id kind] [name tags order file line column function whole_feature]);
record!(sent ParameterType [name regexps]
    [use_for_snippets prefer_for_regexp type_name file line column]);
record!(sent ScenarioAdded [key feature name steps] [rule outline row line tags]);
record!(sent StepContent [keyword text] [table docstring matched file line column]);
record!(sent OutlineInfo [name line] [examples header]);
record!(sent Variable [name value] []);
record!(sent Match [definition arguments] []);
record!(sent Group [start end] [value children]);
record!(sent Failure [kind message] [trace file line column]);

impl<T: FromJson + Default> FromJson for RunArgument<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        if reader.peeks(b'{') {
            read_members!(reader [] [value parameter_type groups]);
            Ok(Self {
                value,
                parameter_type,
                groups,
            })
        } else {
            FromJson::read(reader).map(Self::text)
        }
    }
}

#[cfg(feature = "runner")]
impl<T: ToJson + Default + PartialEq> ToJson for RunArgument<T> {
    fn write(&self, out: &mut Text) {
        if self.parameter_type.is_none() && self.groups.is_empty() {
            return self.value.write(out);
        }
        let mut before = "{";
        if self.value.is_some() {
            out.push("{\"value\":");
            self.value.write(out);
            before = ",";
        }
        if self.parameter_type.is_some() {
            out.push(before);
            out.push("\"parameter_type\":");
            self.parameter_type.write(out);
            before = ",";
        }
        if !self.groups.is_empty() {
            out.push(before);
            out.push("\"groups\":");
            self.groups.write(out);
        }
        out.push("}");
    }
}

#[cfg(feature = "runner")]
impl FromJson for AttachmentBody {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        read_members!(reader [] [text base64 file]);
        match (text, base64, file) {
            (Some(text), None, None) => Ok(Self::Text(text)),
            (None, Some(base64), None) => Ok(Self::Base64(base64)),
            (None, None, Some(file)) => Ok(Self::File(file)),
            _ => Err(reader.error("a body is one of `text`, `base64` and `file`")),
        }
    }
}

impl ToJson for AttachmentBody {
    fn write(&self, out: &mut Text) {
        let (key, value) = match self {
            Self::Text(text) => ("{\"text\":", text),
            Self::Base64(base64) => ("{\"base64\":", base64),
            Self::File(path) => ("{\"file\":", path),
        };
        out.push(key);
        value.write(out);
        out.push("}");
    }
}

#[cfg(feature = "runner")]
impl FromJson for StepStatus {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        match &*reader.string()? {
            "passed" => Ok(Self::Passed),
            "failed" => Ok(Self::Failed),
            "pending" => Ok(Self::Pending),
            "skipped" => Ok(Self::Skipped),
            unknown => Err(reader.error(format!("unknown status `{unknown}`"))),
        }
    }
}

impl ToJson for StepStatus {
    fn write(&self, out: &mut Text) {
        out.push(match self {
            Self::Passed => "\"passed\"",
            Self::Failed => "\"failed\"",
            Self::Pending => "\"pending\"",
            Self::Skipped => "\"skipped\"",
        });
    }
}

/// How the line of a [`ToWorker::Run`] begins, if its type comes first.
pub const RUN_LINE: &str = "{\"type\":\"run\",";

impl ToWorker<LineText> {
    /// Reads one line, as `parse` does. Its texts stay in the line.
    ///
    /// # Errors
    /// When it is not JSON or not a message.
    pub fn parse_line(line: &Arc<str>) -> Result<Self, CodecError> {
        read_all(Reader::of_line(line))
    }
}

/// Writes a member unless it has its default value. `key` includes its comma, quotes and colon.
fn write_optional<T: ToJson + Default + PartialEq>(key: &str, value: &T, out: &mut Text) {
    if *value != T::default() {
        out.push(key);
        value.write(out);
    }
}

fn parse<T: FromJson>(line: &[u8]) -> Result<T, CodecError> {
    let text = std::str::from_utf8(line).map_err(|error| CodecError {
        at: error.valid_up_to(),
        problem: "not UTF-8".to_owned(),
    })?;
    read_all(Reader::new(text))
}

fn read_all<T: FromJson>(mut reader: Reader<'_>) -> Result<T, CodecError> {
    let message = T::read(&mut reader)?;
    reader.end()?;
    Ok(message)
}

/// Finds the member `type`. Usually it comes first, and the rest of the object is read from there. Otherwise
/// the reader goes back to the start.
fn kind<'a>(reader: &mut Reader<'a>) -> Result<Cow<'a, str>, CodecError> {
    reader.open(b'{')?;
    if reader.member(b"\"type\":") {
        let kind = reader.string()?;
        reader.read_on();
        return Ok(kind);
    }
    while let Some(key) = reader.key()? {
        if key == "type" {
            let kind = reader.string()?;
            reader.restart();
            return Ok(kind);
        }
        reader.skip()?;
    }
    Err(reader.error("`type` is missing"))
}
