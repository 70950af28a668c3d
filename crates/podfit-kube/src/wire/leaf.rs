use crate::{
    fault::{Faults, Path, quote},
    quantity::{Quantity, QuantityError},
};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::{fmt, marker::PhantomData};

/// A single value as it was written, whatever its type. It is judged when it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Leaf {
    /// Not there, or `null`.
    #[default]
    Absent,
    /// A string.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Any other number, in its shortest decimal form.
    Number(String),
    /// true or false.
    Bool(bool),
    /// A list.
    List,
    /// A map.
    Map,
}

impl Leaf {
    /// The string if it is one; nothing is reported.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(s) => Some(s),
            _ => None,
        }
    }

    /// Whether it is absent or the empty string, which Kubernetes treats alike.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Text(s) => s.is_empty(),
            _ => false,
        }
    }

    /// The string; `None` when absent, and when it is no string, which is reported.
    pub fn text(&self, path: &Path<'_>, faults: &mut Faults) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::Text(s) => Some(s),
            _ => {
                self.wrong(path, faults, "text", "put it in quotes");
                None
            }
        }
    }

    /// The whole number; `None` when absent, and when it is none, which is reported.
    pub fn int(&self, path: &Path<'_>, faults: &mut Faults) -> Option<i64> {
        match self {
            Self::Absent => None,
            Self::Int(n) => Some(*n),
            _ => {
                self.wrong(path, faults, "a whole number", "write a whole number without quotes");
                None
            }
        }
    }

    /// The truth value, false when absent; anything else is reported.
    pub fn flag(&self, path: &Path<'_>, faults: &mut Faults) -> bool {
        match self {
            Self::Absent => false,
            Self::Bool(b) => *b,
            _ => {
                self.wrong(path, faults, "true or false", "write true or false");
                false
            }
        }
    }

    /// The quantity, not negative; `None` when absent, and when it is none, which is reported.
    pub fn quantity(&self, path: &Path<'_>, faults: &mut Faults) -> Option<Quantity> {
        let parsed = match self {
            Self::Absent => return None,
            Self::Int(n) => Ok(Quantity::whole(*n)),
            Self::Text(s) | Self::Number(s) => Quantity::parse(s),
            _ => Err(QuantityError::Format),
        };
        let (code, cause) = match parsed {
            Ok(q) if q >= Quantity::ZERO => return Some(q),
            Ok(_) => ("quantity-negative", format!("{self} is negative")),
            Err(e @ QuantityError::Format) => ("quantity-invalid", format!("{self}: {e}")),
            Err(e @ QuantityError::OutOfRange) => ("amount-out-of-range", format!("{self}: {e}")),
        };
        faults.push(path, code, cause, "write a quantity as 250m, 2 or 1.5Gi");
        None
    }

    fn wrong(&self, path: &Path<'_>, faults: &mut Faults, wanted: &str, fix: &str) {
        faults.push(path, "wrong-type", format!("{self} is not {wanted}"), fix);
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("nothing"),
            Self::Text(s) => f.write_str(&quote(s)),
            Self::Int(n) => n.fmt(f),
            Self::Number(s) => f.write_str(s),
            Self::Bool(b) => b.fmt(f),
            Self::List => f.write_str("a list"),
            Self::Map => f.write_str("a map"),
        }
    }
}

impl<'de> Deserialize<'de> for Leaf {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(LeafVisitor)
    }
}

/// A struct of fields that may be absent, and so may the whole: `null` is as good as not there, as it is for Kubernetes.
pub(crate) trait Fields<'de>: Default {
    /// Reads what is not `null`.
    fn fields<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error>;
}

/// Makes a struct that derives its fields with `remote = "Self"` take `null` for its default, wherever it stands.
macro_rules! null_is_absent {
    ($name:ident) => {
        impl<'de> crate::wire::Fields<'de> for $name {
            fn fields<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                // What is derived, which goes before the trait's.
                $name::deserialize(d)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                crate::wire::or_default(d)
            }
        }
    };
}
pub(crate) use null_is_absent;

/// Fields, or the default for `null`.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Fields<'de>>(d: D) -> Result<T, D::Error> {
    struct OrDefault<T>(PhantomData<T>);
    impl<'de, T: Fields<'de>> Visitor<'de> for OrDefault<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }
        fn visit_unit<E>(self) -> Result<T, E> {
            Ok(T::default())
        }
        fn visit_none<E>(self) -> Result<T, E> {
            Ok(T::default())
        }
        fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<T, D::Error> {
            T::fields(d)
        }
    }
    d.deserialize_option(OrDefault(PhantomData))
}

struct LeafVisitor;

impl<'de> Visitor<'de> for LeafVisitor {
    type Value = Leaf;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Leaf, E> {
        Ok(Leaf::Absent)
    }
    fn visit_none<E>(self) -> Result<Leaf, E> {
        Ok(Leaf::Absent)
    }
    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Leaf, D::Error> {
        d.deserialize_any(self)
    }
    fn visit_bool<E>(self, v: bool) -> Result<Leaf, E> {
        Ok(Leaf::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Leaf, E> {
        Ok(Leaf::Int(v))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Leaf, E> {
        Ok(i64::try_from(v).map_or_else(|_| Leaf::Number(v.to_string()), Leaf::Int))
    }
    /// An unquoted decimal. The shortest text that reads back as the same double is what was written, up to
    /// 15 digits; Kubernetes takes YAML numbers through a double too.
    fn visit_f64<E>(self, v: f64) -> Result<Leaf, E> {
        Ok(Leaf::Number(v.to_string()))
    }
    fn visit_str<E>(self, v: &str) -> Result<Leaf, E> {
        Ok(Leaf::Text(v.into()))
    }
    fn visit_string<E>(self, v: String) -> Result<Leaf, E> {
        Ok(Leaf::Text(v))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Leaf, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Leaf::List)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Leaf, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Leaf::Map)
    }
}

/// A map of names to single values (labels, requests), in the order written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map(pub Vec<(String, Leaf)>);

impl Map {
    /// The value of a key, the last one if it is repeated.
    pub fn get(&self, key: &str) -> Option<&Leaf> {
        self.0.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v)
    }
}

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct MapVisitor;
        impl<'de> Visitor<'de> for MapVisitor {
            type Value = Map;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of names to values")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Map(entries))
            }
        }
        d.deserialize_map(MapVisitor)
    }
}
