//! Container images: what pods use and what lies on nodes (the scheduler's plugin ImageLocality scores by it).

use super::{
    Out,
    bounds::{NAMES_MAX, within},
};
use crate::{
    fault::Path,
    wire::{Image, PodSpec},
};
use podfit::model::Sym;

/// The images of a pod's init containers and containers, one each, named as
/// `imagelocality/image_locality.go` looks for them. None where the input states no image at all.
pub(super) fn used(spec: &PodSpec, at: &Path<'_>, out: &mut Out<'_>) -> Vec<Sym> {
    let mut images = Vec::new();
    let mut stated = false;
    for (field, list) in
        [("initContainers", &spec.init_containers), ("containers", &spec.containers)]
    {
        let at = at.field(field);
        for (i, c) in list.iter().flatten().enumerate() {
            let image = c.image.text(&at.index(i).field("image"), out.faults).unwrap_or("");
            stated |= !image.is_empty();
            images.push(out.builder.intern(&with_tag(image)));
        }
    }
    if stated { images } else { Vec::new() }
}

/// The images that are never pulled (`imagePullPolicy: Never`): a pod starts only where they are.
pub(super) fn never_pulled(spec: &PodSpec) -> Vec<&str> {
    let containers = [&spec.init_containers, &spec.containers].into_iter();
    let all = containers.flat_map(|list| list.iter().flatten());
    let never = all.filter(|c| c.image_pull_policy.as_str() == Some("Never"));
    let mut images: Vec<&str> = never.filter_map(|c| c.image.as_str()).collect();
    images.sort_unstable();
    images.dedup();
    images
}

/// An image's name with `:latest` where it has neither tag nor digest. A colon before the last slash belongs to
/// the registry's port.
fn with_tag(image: &str) -> String {
    let after_path = image.rfind('/').map_or(0, |slash| slash + 1);
    match image[after_path..].contains(':') {
        true => image.into(),
        false => format!("{image}:latest"),
    }
}

/// Images on a node under all their names, with their size in bytes.
pub(super) fn on_node(list: Option<&[Image]>, at: &Path<'_>, out: &mut Out<'_>) -> Vec<(Sym, i64)> {
    let mut images = Vec::new();
    for (i, image) in within(list, NAMES_MAX, at, out).iter().enumerate() {
        let at = at.index(i);
        let size_at = at.field("sizeBytes");
        let size = image.size_bytes.int(&size_at, out.faults).unwrap_or(0);
        if size < 0 {
            let fix = "write the size in bytes";
            out.faults.push(&size_at, "out-of-range", format!("sizeBytes is {size}"), fix);
            continue;
        }
        let names_at = at.field("names");
        for (j, name) in image.names.iter().flatten().enumerate() {
            if let Some(name) = name.text(&names_at.index(j), out.faults) {
                images.push((out.builder.intern(name), size));
            }
        }
    }
    images
}

#[cfg(test)]
mod tests {
    use super::with_tag;

    #[test]
    fn images_get_the_tag_that_the_scheduler_adds() {
        for (image, expected) in [
            ("nginx", "nginx:latest"),
            ("nginx:1.27", "nginx:1.27"),
            ("registry.example:5000/nginx", "registry.example:5000/nginx:latest"),
            ("registry.example:5000/nginx:1", "registry.example:5000/nginx:1"),
            ("nginx@sha256:abc", "nginx@sha256:abc"),
            ("a/b", "a/b:latest"),
            ("a/b:5/c", "a/b:5/c:latest"),
        ] {
            assert_eq!(with_tag(image), expected);
        }
    }
}
