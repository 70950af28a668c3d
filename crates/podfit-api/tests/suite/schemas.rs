//! The committed JSON Schemas are those of the types, and reports obey what they promise.

use crate::golden::agrees;
use std::path::Path;

#[test]
fn committed_schemas_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema");
    for kind in podfit_api::SCHEMA_KINDS {
        agrees(folder.join(format!("{kind}.json")), &podfit_api::schema(kind).unwrap());
    }
    agrees(folder.join("vocabulary.json"), &podfit_api::vocabulary());
    assert_eq!(podfit_api::schema("Nonsense"), None);
}
