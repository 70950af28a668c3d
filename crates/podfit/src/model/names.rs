use rustc_hash::FxHashMap;

/// An interned string: a name, a label key or value, a namespace. Equal symbols of one [`Names`]
/// are equal strings; symbols of two tables must not be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(u32);

impl Sym {
    /// Position in the table, dense from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The table of interned strings of one cluster.
#[derive(Clone, Debug, Default)]
pub struct Names {
    strings: Vec<Box<str>>,
    index: FxHashMap<Box<str>, Sym>,
}

impl Names {
    /// The symbol of `s`, made if new.
    pub fn intern(&mut self, s: &str) -> Sym {
        if let Some(&sym) = self.index.get(s) {
            return sym;
        }
        // More than 4 billion distinct strings do not fit the memory of the machine that read them.
        let sym = Sym(u32::try_from(self.strings.len()).expect("fewer than 2^32 names"));
        self.strings.push(s.into());
        self.index.insert(s.into(), sym);
        sym
    }

    /// The symbol of `s` if it occurs in the cluster.
    pub fn get(&self, s: &str) -> Option<Sym> {
        self.index.get(s).copied()
    }

    /// The string behind `sym`.
    ///
    /// # Panics
    /// If `sym` is of another table and out of range.
    pub fn str(&self, sym: Sym) -> &str {
        &self.strings[sym.index()]
    }

    /// How many distinct strings there are.
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Whether nothing was interned.
    pub fn is_empty(&self) -> bool {
        self.strings.is_empty()
    }
}
