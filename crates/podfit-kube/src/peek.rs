//! `kind` and `apiVersion` of an object, read no further than both are known.

use crate::{
    split::Head,
    tree::{Limits, yaml_start},
};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::fmt;

impl Head {
    pub(crate) fn is_podfit(&self) -> bool {
        self.api_version.as_deref().is_some_and(|v| v.starts_with("podfit/"))
    }

    /// Whether it names its version as clients in Python do.
    pub(crate) fn is_snake_case(&self) -> bool {
        self.snake_case && self.api_version.is_none()
    }
}

/// The head of JSON text, as far as it can be read.
pub(crate) fn peek_json(text: &[u8]) -> Head {
    let mut head = Head::default();
    // The visitor stops by an error, so the result says nothing.
    let _ = HeadSeed(&mut head).deserialize(&mut serde_json::Deserializer::from_slice(text));
    head
}

/// The head of one YAML document.
pub(crate) fn peek_yaml(text: &str, limits: Limits) -> Head {
    let entries = yaml_start(text, limits, &["kind", "apiVersion"]);
    let text = |key: &str| {
        let entry = entries.iter().find(|entry| entry.key == key)?;
        entry.value.as_str().map(str::to_owned)
    };
    let snake_case = entries.iter().any(|entry| entry.key == "api_version");
    Head { kind: text("kind"), api_version: text("apiVersion"), snake_case }
}

struct HeadSeed<'h>(&'h mut Head);

impl<'de> DeserializeSeed<'de> for HeadSeed<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for HeadSeed<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<KeyName>()? {
            match key {
                KeyName::Kind => self.0.kind = map.next_value()?,
                KeyName::ApiVersion => self.0.api_version = map.next_value()?,
                KeyName::SnakeCase | KeyName::Other => {
                    self.0.snake_case |= matches!(key, KeyName::SnakeCase);
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if self.0.kind.is_some() && self.0.api_version.is_some() {
                return Err(A::Error::custom("enough"));
            }
        }
        Ok(())
    }
}

enum KeyName {
    Kind,
    ApiVersion,
    /// `api_version`.
    SnakeCase,
    Other,
}

impl<'de> serde::Deserialize<'de> for KeyName {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl Visitor<'_> for NameVisitor {
            type Value = KeyName;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E>(self, v: &str) -> Result<KeyName, E> {
                Ok(match v {
                    "kind" => KeyName::Kind,
                    "apiVersion" => KeyName::ApiVersion,
                    "api_version" => KeyName::SnakeCase,
                    _ => KeyName::Other,
                })
            }
        }
        d.deserialize_str(NameVisitor)
    }
}
