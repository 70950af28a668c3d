use super::Content;
use rustc_hash::FxHasher;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{fmt, hash::Hash};

/// Flags that say where etcd serves, and who asks whom.
const KNOWN: [&str; 3] = ["--etcd-servers", "--advertise-client-urls", "--listen-client-urls"];

/// Values of known flags kept of one container.
const VALUES_MAX: usize = 16;

/// Of the words of a command line the few flags that matter; others may be whole scripts and are not built. Also found within a
/// word, as a shell's `-c` has them.
#[derive(Debug, Default)]
pub(crate) struct Flags(Vec<(&'static str, String)>);

impl Flags {
    /// The values of a flag.
    pub(crate) fn get(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// Takes a word; `waits` is the flag whose value it is, and becomes the one whose value is the next.
    fn word(&mut self, text: &str, waits: &mut Option<&'static str>) {
        if let Some(name) = waits.take() {
            return self.keep(name, text);
        }
        // Most words are told by their length or their first letter.
        if text.len() < KNOWN[0].len() || !text.contains("--") {
            return;
        }
        for name in KNOWN {
            if text == name {
                *waits = Some(name);
                return;
            }
            let mut rest = text;
            while let Some((_, after)) = rest.split_once(name) {
                rest = after;
                if let Some(value) = after.strip_prefix(['=', ' ']) {
                    let value = value.split_ascii_whitespace().next().unwrap_or_default();
                    self.keep(name, value.trim_matches(['"', '\'', '\\']));
                }
            }
        }
    }

    fn keep(&mut self, name: &'static str, value: &str) {
        if self.0.len() < VALUES_MAX {
            self.0.push((name, value.into()));
        }
    }
}

impl Content for Flags {
    fn content(&self, to: &mut FxHasher) {
        self.0.hash(to);
    }
}

impl<'de> Deserialize<'de> for Flags {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut flags = Self::default();
        Words { flags: &mut flags, waits: &mut None, within: false }.deserialize(d)?;
        Ok(flags)
    }
}

/// A list of words, or a word of one; what is neither is skipped: nothing depends on it.
struct Words<'f> {
    flags: &'f mut Flags,
    waits: &'f mut Option<&'static str>,
    within: bool,
}

impl<'de> DeserializeSeed<'de> for Words<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Words<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of words")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E: Error>(self, v: &str) -> Result<(), E> {
        if self.within {
            self.flags.word(v, self.waits);
        }
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if self.within {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        let Words { flags, waits, .. } = self;
        loop {
            let word = Words { flags: &mut *flags, waits: &mut *waits, within: true };
            if seq.next_element_seed(word)?.is_none() {
                break;
            }
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Vec<(&'static str, String)> {
        serde_json::from_str::<Flags>(json).expect("any JSON is taken").0
    }

    #[test]
    fn flags_as_words_in_two_words_and_within_a_script() {
        let servers = |value: &str| vec![("--etcd-servers", value.to_string())];
        assert_eq!(
            of(r#"["kube-apiserver", "--etcd-servers=https://a:2379"]"#),
            servers("https://a:2379")
        );
        assert_eq!(
            of(r#"["--v=2", "--etcd-servers", "https://a:2379", "x"]"#),
            servers("https://a:2379")
        );
        let script = r#"["/bin/sh", "-c", "exec kube-apiserver --v=2 --etcd-servers=\"https://a:2379\" \\\n --x"]"#;
        assert_eq!(of(script), servers("https://a:2379"));
        assert_eq!(of(r#"["--etcd-servers-overrides=/events#https://b"]"#), []);
    }

    #[test]
    fn what_is_no_list_of_words_says_nothing() {
        for json in [
            "null",
            "1",
            "-1",
            "1.5",
            "true",
            "\"--etcd-servers=a\"",
            "{\"a\": [1]}",
            "[]",
            "[1, null, [\"--etcd-servers=a\"], {}]",
        ] {
            assert_eq!(of(json), [], "{json}");
        }
        let many = format!("[{}]", vec!["\"--etcd-servers=a\""; 100].join(","));
        assert_eq!(of(&many).len(), VALUES_MAX);
    }
}
