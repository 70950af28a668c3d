//! Lists of a report as Arrow tables.
//!
//! The columns are those of the JSON Schema, so an empty list has them too: first the fields that are always there, in
//! the order of the wire type, then the optional ones. Objects are spread out: `counts.moves`. So are maps, by the keys
//! that occur: `requests.cpu`. Lists of plain values stay lists, lists of objects are JSON text.

use crate::errors;
use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator};
use arrow_schema::{Field, Schema, SchemaRef};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// Rows and columns that any library of frames reads through Arrow's C stream.
#[pyclass(frozen, module = "podfit._podfit")]
pub struct Table {
    batch: RecordBatch,
}

#[pymethods]
impl Table {
    /// Arrow's C stream (the Arrow PyCapsule interface). A requested schema is not cast to.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The protocol lets a producer answer with its own schema.
        let _ = requested_schema;
        let schema = self.batch.schema();
        let batches = RecordBatchIterator::new([Ok(self.batch.clone())], schema);
        let stream = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// Names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.batch.schema().fields().iter().map(|f| f.name().clone()).collect()
    }
}

/// A table of rows in JSON, of the wire type `row`.
#[pyfunction]
#[pyo3(signature = (row, rows, /))]
pub fn table(py: Python<'_>, row: &str, rows: &str) -> PyResult<Table> {
    let unknown = || PyValueError::new_err(format!("{row:?} is no wire type"));
    let row = DEFS.get(row).ok_or_else(unknown)?;
    let rows = serde_json::from_str(rows).map_err(|e| PyValueError::new_err(e.to_string()))?;
    py.detach(|| Table::new(row, rows)).map_err(|e| errors::internal(py, &e, ""))
}

/// Every wire type of an answer, and of a row of a sweep.
static DEFS: LazyLock<Value> = LazyLock::new(|| {
    let schema = |kind| {
        let text = podfit_api::schema(kind).unwrap_or_default();
        serde_json::from_str::<Value>(&text).unwrap_or_default()
    };
    let mut defs = schema("Envelope")["$defs"].take();
    defs["Row"] = schema("Row");
    defs
});

/// The wire type of the items of `field` in a report of this kind.
pub fn row_of(kind: &str, field: &str) -> Option<&'static Value> {
    let list = DEFS.get(kind)?.get("properties")?.get(field)?;
    list.get("items")?.get("$ref").and_then(target)
}

/// What `#/$defs/NAME` names.
fn target(reference: &Value) -> Option<&'static Value> {
    DEFS.get(reference.as_str()?.strip_prefix("#/$defs/")?)
}

impl Table {
    /// Rows of the wire type `row`; `rows` is an array, or null for none.
    pub fn new(row: &'static Value, rows: Value) -> Result<Self, String> {
        let rows = match rows {
            Value::Array(rows) => rows,
            _ => Vec::new(),
        };
        let mut columns = Columns::default();
        columns.object(row, "", &rows.iter().collect::<Vec<_>>());
        // Without a column (no such wire type is known) Arrow would not know the number of rows.
        let schema: SchemaRef = Arc::new(Schema::new(columns.fields));
        let batch = RecordBatch::try_new(schema, columns.arrays).map_err(|e| e.to_string())?;
        Ok(Self { batch })
    }
}

#[derive(Default)]
struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

static NULL: Value = Value::Null;

impl Columns {
    /// The fields of an object, those that are always there first.
    fn object(&mut self, schema: &'static Value, prefix: &str, rows: &[&Value]) {
        let Some(properties) = schema["properties"].as_object() else { return };
        let always = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let always: Vec<&str> = always.collect();
        let optional = properties.keys().map(String::as_str).filter(|k| !always.contains(k));
        for key in always.iter().copied().chain(optional) {
            self.field(&properties[key], &format!("{prefix}{key}"), &pick(rows, key));
        }
    }

    fn field(&mut self, schema: &'static Value, name: &str, values: &[&Value]) {
        let schema = resolve(schema);
        if schema.get("properties").is_some() {
            return self.object(schema, &format!("{name}."), values);
        }
        if let Some(inner) = schema.get("additionalProperties") {
            let maps = values.iter().filter_map(|v| v.as_object());
            let keys: BTreeSet<&str> = maps.flat_map(|m| m.keys().map(String::as_str)).collect();
            for key in keys {
                self.field(inner, &format!("{name}.{key}"), &pick(values, key));
            }
            return;
        }
        let array: ArrayRef = match kind(schema) {
            "integer" => {
                Arc::new(values.iter().map(|v| v.as_i64()).collect::<arrow_array::Int64Array>())
            }
            "number" => {
                Arc::new(values.iter().map(|v| v.as_f64()).collect::<arrow_array::Float64Array>())
            }
            "boolean" => {
                Arc::new(values.iter().map(|v| v.as_bool()).collect::<arrow_array::BooleanArray>())
            }
            "array" => list(&schema["items"], values),
            _ => Arc::new(values.iter().map(|v| text(v)).collect::<arrow_array::StringArray>()),
        };
        self.fields.push(Field::new(name, array.data_type().clone(), true));
        self.arrays.push(array);
    }
}

fn pick<'v>(rows: &[&'v Value], key: &str) -> Vec<&'v Value> {
    rows.iter().map(|row| row.get(key).unwrap_or(&NULL)).collect()
}

/// Follows references, also those that may be null instead.
fn resolve(schema: &'static Value) -> &'static Value {
    let branches = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let mut references = branches.chain([schema]).filter_map(|s| s.get("$ref"));
    references.next().and_then(target).map_or(schema, resolve)
}

/// `integer`, `string` and so on; of `[integer, null]` the first.
fn kind(schema: &Value) -> &str {
    let kind = &schema["type"];
    kind.as_str().or_else(|| kind.get(0)?.as_str()).unwrap_or("string")
}

/// A string as it is, anything else as JSON.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Lists of plain values.
fn list(items: &'static Value, values: &[&Value]) -> ArrayRef {
    macro_rules! lists {
        ($builder:expr, $value:expr) => {{
            let mut lists = ListBuilder::new($builder);
            for value in values {
                for item in value.as_array().into_iter().flatten() {
                    lists.values().append_option($value(item));
                }
                lists.append(value.is_array());
            }
            Arc::new(lists.finish())
        }};
    }
    match kind(resolve(items)) {
        "integer" => lists!(Int64Builder::new(), Value::as_i64),
        "number" => lists!(Float64Builder::new(), Value::as_f64),
        "boolean" => lists!(BooleanBuilder::new(), Value::as_bool),
        _ => lists!(StringBuilder::new(), text),
    }
}
