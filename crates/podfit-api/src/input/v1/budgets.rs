//! `budgets` → disruption budgets of the model.

use super::{
    super::{form, walk::Field},
    Doc, template,
};
use podfit::model::Budget;
use podfit_kube::{convert, wire};
use std::collections::HashSet;

const FIELDS: [&str; 4] = ["name", "namespace", "selector", "allowed"];
/// What people write instead.
const RENAMED: [(&str, &str); 3] =
    [("disruptionsAllowed", "allowed"), ("matchLabels", "selector"), ("labels", "selector")];
/// More pods than this there are not.
const ALLOWED_MAX: i64 = i32::MAX as i64;

/// Reads the list.
pub(super) fn read(list: Option<&Field<'_, '_>>, doc: &mut Doc<'_>) {
    let mut seen = HashSet::new();
    for item in doc.report.list(list) {
        if !doc.is_left_out(&item) {
            doc.entry(&item, |doc| budget(&item, &mut seen, doc));
        }
    }
}

fn budget<'t>(item: &Field<'t, '_>, seen: &mut HashSet<(&'t str, &'t str)>, doc: &mut Doc<'_>) {
    let Some(fields) = doc.report.fields(item, &FIELDS, &RENAMED) else { return };
    let name = template::name(fields.get("name"), item, doc);
    let namespace = template::namespace(&fields, doc);
    let field = fields.get("selector");
    let selector: Option<wire::LabelSelector> =
        form::read(field, &form::LABEL_SELECTOR, &mut doc.report);
    let allowed = doc.report.int(fields.get("allowed"), 0, ALLOWED_MAX);
    for (name, example) in [("selector", "{matchLabels: {app: web}}"), ("allowed", "1")] {
        if fields.get(name).is_none() {
            let cause = format!("the budget has no {name}");
            let fix = format!("write {name}: {example}");
            doc.report.fault(item, "value-missing", cause, fix);
        }
    }
    let path = item.path;
    let (selector, _) = doc.convert(item.tree, |out| {
        convert::label_selector(selector.as_ref(), &path.field("selector"), out)
    });
    let (Some(name), Some(allowed)) = (name, allowed) else { return };
    if !seen.insert((namespace, name)) {
        let cause = format!("another budget of this namespace is called {name}");
        doc.report.fault(item, "duplicate-name", cause, "give each its own name");
        return;
    }
    let (namespace, name) = (doc.builder.intern(namespace), doc.builder.intern(name));
    doc.builder.add_budget(Budget::new(namespace, name, selector, allowed));
}
