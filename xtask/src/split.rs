//! One WebAssembly module → two: the functions that first answers run, and the rest, which is brought after.
//!
//! Both share memory, tables and globals, so nothing of the program changes. Where the first calls into the rest, it
//! calls a *bridge*: it has the rest brought if it is not there yet, and goes on through the table, into which the rest
//! puts its functions. Which functions belong to the first is measured, not listed: [`marked`] makes a module that
//! marks what runs.

use std::collections::{BTreeMap, BTreeSet};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId};
use walrus::{FunctionKind, GlobalKind, ImportKind, Module, ModuleConfig, TableId, ValType};

pub type Failure = Box<dyn std::error::Error>;
pub type Done<T> = Result<T, Failure>;

/// The exported function that returns only when the rest is there.
const BRING: &str = "bringRest";
/// What the rest imports from.
const FIRST: &str = "first";

pub struct Halves {
    pub first: Vec<u8>,
    pub rest: Vec<u8>,
}

fn parse(wasm: &[u8]) -> Done<Module> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    Ok(config.parse(wasm)?)
}

/// All functions. Their order is the same each time that the same bytes are read, so an index means one function in
/// every copy of the module.
fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|f| f.id()).collect()
}

/// The module with an exported global `ran{index}` per function: 1 once it has run.
pub fn marked(wasm: &[u8]) -> Done<Vec<u8>> {
    let mut module = parse(wasm)?;
    for (index, id) in functions(&module).into_iter().enumerate() {
        if let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind {
            let zero = ConstExpr::Value(Value::I32(0));
            let ran = module.globals.add_local(ValType::I32, true, false, zero);
            module.exports.add(&format!("ran{index}"), ran);
            let mut body = function.builder_mut().func_body();
            body.const_at(0, Value::I32(1)).global_set_at(1, ran);
        }
    }
    Ok(module.emit_wasm())
}

pub fn split(wasm: &[u8], ran: &BTreeSet<usize>) -> Done<Halves> {
    let cut = Cut::of(&parse(wasm)?, ran)?;
    Ok(Halves { first: cut.first(parse(wasm)?)?, rest: cut.rest(parse(wasm)?)? })
}

/// Where the module is cut, all by index.
struct Cut {
    /// Those that the first may call, and where in the table they are then.
    slots: BTreeMap<usize, u64>,
    /// Functions of the first (imported ones too) that the rest calls.
    lent: BTreeSet<usize>,
    /// How long the table is with the slots.
    table_length: u64,
}

impl Cut {
    fn of(module: &Module, ran: &BTreeSet<usize>) -> Done<Self> {
        let ids = functions(module);
        let index: BTreeMap<FunctionId, usize> =
            ids.iter().enumerate().map(|(k, &f)| (f, k)).collect();
        let is_local = |k: &usize| matches!(module.funcs.get(ids[*k]).kind, FunctionKind::Local(_));
        let bring = index[&bring(module)?];
        let moved: BTreeSet<usize> =
            (0..ids.len()).filter(|k| is_local(k) && !ran.contains(k) && *k != bring).collect();

        let table = module.tables.get(table(module)?);
        let mut slots = BTreeMap::new();
        for (slot, f) in entries(module)? {
            if moved.contains(&index[&f]) {
                slots.entry(index[&f]).or_insert(slot);
            }
        }
        let mut table_length = table.initial;
        let mut bridge = |k: usize| {
            slots.entry(k).or_insert_with(|| {
                table_length += 1;
                table_length - 1
            });
        };
        for export in module.exports.iter() {
            if let ExportItem::Function(f) = export.item
                && moved.contains(&index[&f])
            {
                bridge(index[&f]);
            }
        }
        let mut lent = BTreeSet::new();
        for (k, &id) in ids.iter().enumerate() {
            for callee in callees(module, id).iter().map(|f| index[f]) {
                match (moved.contains(&k), moved.contains(&callee)) {
                    (false, true) => bridge(callee),
                    (true, false) => _ = lent.insert(callee),
                    _ => {}
                }
            }
        }
        Ok(Self { slots, lent, table_length })
    }

    /// The module without the bodies that moved; where they are called, bridges.
    fn first(&self, mut module: Module) -> Done<Vec<u8>> {
        let ids = functions(&module);
        let table = table(&module)?;
        self.lengthen(module.tables.get_mut(table));
        let is_there =
            module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        let checked = self.checked(&mut module, is_there)?;
        for (&k, &slot) in &self.slots {
            let ty = module.funcs.get(ids[k]).ty();
            let (params, results) = {
                let ty = module.types.get(ty);
                (ty.params().to_vec(), ty.results().to_vec())
            };
            let mut bridge = FunctionBuilder::new(&mut module.types, &params, &results);
            let args: Vec<_> = params.iter().map(|&p| module.locals.add(p)).collect();
            let mut body = bridge.func_body();
            for &arg in &args {
                body.local_get(arg);
            }
            body.i32_const(i32::try_from(slot)?).call(checked).call_indirect(ty, table);
            module.funcs.get_mut(ids[k]).kind = FunctionKind::Local(bridge.local_func(args));
        }
        for &k in &self.lent {
            module.exports.add(&function_name(k), ids[k]);
        }
        for (name, item) in shared(&module) {
            module.exports.add(&name, item);
        }
        walrus::passes::gc::run(&mut module);
        Ok(module.emit_wasm())
    }

    fn lengthen(&self, table: &mut walrus::Table) {
        table.initial = self.table_length;
        table.maximum = table.maximum.map(|most| most.max(self.table_length));
    }

    /// slot → slot, when the rest is there.
    fn checked(&self, module: &mut Module, is_there: walrus::GlobalId) -> Done<FunctionId> {
        let bring = bring(module)?;
        let slot = module.locals.add(ValType::I32);
        let mut checked = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
        let mut body = checked.func_body();
        body.global_get(is_there).if_else(None, |_| {}, |absent| _ = absent.call(bring));
        body.local_get(slot);
        Ok(checked.finish(vec![slot], &mut module.funcs))
    }

    /// What moved, put into the table of the first as it starts.
    fn rest(&self, mut module: Module) -> Done<Vec<u8>> {
        let ids = functions(&module);
        for export in module.exports.iter().map(|e| e.id()).collect::<Vec<_>>() {
            module.exports.delete(export);
        }
        for data in module.data.iter().map(|d| d.id()).collect::<Vec<_>>() {
            module.data.delete(data);
        }
        for element in module.elements.iter().map(|e| e.id()).collect::<Vec<_>>() {
            module.elements.delete(element);
        }
        self.import_all(&mut module, &ids);
        let table = table(&module)?;
        self.lengthen(module.tables.get_mut(table));
        for (start, items) in runs(self.slots.iter().map(|(&k, &slot)| (slot, ids[k])).collect()) {
            let offset = ConstExpr::Value(Value::I32(i32::try_from(start)?));
            let kind = ElementKind::Active { table, offset };
            module.elements.add(kind, ElementItems::Functions(items));
        }
        // The global that `first` adds comes after all others.
        let name = format!("g{}", module.globals.iter().count());
        let (is_there, _) = module.add_import_global(FIRST, &name, ValType::I32, true, false);
        let mut start = FunctionBuilder::new(&mut module.types, &[], &[]);
        start.func_body().i32_const(1).global_set(is_there);
        module.start = Some(start.finish(Vec::new(), &mut module.funcs));
        walrus::passes::gc::run(&mut module);
        Ok(module.emit_wasm())
    }

    /// Whatever the first has, from there.
    fn import_all(&self, module: &mut Module, ids: &[FunctionId]) {
        let old: Vec<_> = module.imports.iter().map(|i| i.id()).collect();
        for &k in &self.lent {
            let ty = module.funcs.get(ids[k]).ty();
            let import = module.imports.add(FIRST, &function_name(k), ids[k]);
            module.funcs.get_mut(ids[k]).kind =
                FunctionKind::Import(walrus::ImportedFunction { import, ty });
        }
        for import in old {
            if matches!(module.imports.get(import).kind, ImportKind::Function(_)) {
                module.imports.delete(import);
            }
        }
        for (name, item) in shared(module) {
            match item {
                ExportItem::Table(id) => {
                    let import = module.imports.add(FIRST, &name, id);
                    let table = module.tables.get_mut(id);
                    table.import = Some(import);
                    table.elem_segments.clear();
                }
                ExportItem::Memory(id) => {
                    let import = module.imports.add(FIRST, &name, id);
                    let memory = module.memories.get_mut(id);
                    memory.import = Some(import);
                    memory.data_segments.clear();
                }
                ExportItem::Global(id) => {
                    let import = module.imports.add(FIRST, &name, id);
                    module.globals.get_mut(id).kind = GlobalKind::Import(import);
                }
                ExportItem::Function(_) | ExportItem::Tag(_) => {}
            }
        }
    }
}

/// What both have in common besides functions, with the names that the first gives it for the rest.
fn shared(module: &Module) -> Vec<(String, ExportItem)> {
    let tables = module.tables.iter().enumerate();
    let memories = module.memories.iter().enumerate();
    let globals = module.globals.iter().enumerate();
    let tables = tables.map(|(k, t)| (format!("t{k}"), ExportItem::Table(t.id())));
    let memories = memories.map(|(k, m)| (format!("m{k}"), ExportItem::Memory(m.id())));
    let globals = globals.map(|(k, g)| (format!("g{k}"), ExportItem::Global(g.id())));
    tables.chain(memories).chain(globals).collect()
}

fn function_name(index: usize) -> String {
    format!("f{index}")
}

fn bring(module: &Module) -> Done<FunctionId> {
    Ok(module.exports.get_func(BRING)?)
}

fn table(module: &Module) -> Done<TableId> {
    module.tables.main_function_table()?.ok_or_else(|| "the module has no function table".into())
}

/// What is in the table from the beginning, by slot.
fn entries(module: &Module) -> Done<BTreeMap<u64, FunctionId>> {
    let mut entries = BTreeMap::new();
    for element in module.elements.iter() {
        match (&element.kind, &element.items) {
            (
                ElementKind::Active { offset: ConstExpr::Value(Value::I32(offset)), .. },
                ElementItems::Functions(items),
            ) => {
                let offset = u64::try_from(*offset)?;
                entries.extend((offset..).zip(items.iter().copied()));
            }
            _ => return Err("a table segment of a kind that is not split".into()),
        }
    }
    Ok(entries)
}

/// Consecutive slots together.
fn runs(slots: BTreeMap<u64, FunctionId>) -> Vec<(u64, Vec<FunctionId>)> {
    let mut runs: Vec<(u64, Vec<FunctionId>)> = Vec::new();
    for (slot, function) in slots {
        match runs.last_mut() {
            Some((start, items)) if *start + items.len() as u64 == slot => items.push(function),
            _ => runs.push((slot, vec![function])),
        }
    }
    runs
}

fn callees(module: &Module, id: FunctionId) -> BTreeSet<FunctionId> {
    struct Callees(BTreeSet<FunctionId>);
    impl<'i> Visitor<'i> for Callees {
        fn visit_function_id(&mut self, function: &FunctionId) {
            self.0.insert(*function);
        }
    }
    let mut callees = Callees(BTreeSet::new());
    if let FunctionKind::Local(function) = &module.funcs.get(id).kind {
        dfs_in_order(&mut callees, function, function.entry_block());
    }
    callees.0
}
