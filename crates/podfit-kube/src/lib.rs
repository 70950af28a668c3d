//! Kubernetes objects, as kubectl, the API and support bundles print them, read into a podfit cluster.
//!
//! In: JSON or YAML of any size from any number of sources (`List`, `PodList` whose items lack `kind`, single
//! objects, bare arrays, documents one after another). Out: a [`Cluster`](podfit::model::Cluster) with what could not be
//! evaluated, or everything that is wrong, each fault with its place.
//!
//! ```text
//! bytes ─ split (objects) ─ wire (fields that matter) ─ convert (drafts) ─ finish (links) ─ Cluster
//! ```
//!
//! ```
//! use podfit_kube::{Options, Reader};
//! let mut reader = Reader::new(Options::default());
//! reader.read_slice("nodes.yaml", b"
//! apiVersion: v1
//! kind: Node
//! metadata: {name: a}
//! status: {allocatable: {cpu: '4', memory: 8Gi, pods: '110'}}
//! ");
//! let loaded = reader.finish().expect("one valid node");
//! assert_eq!(loaded.cluster.nodes().len(), 1);
//! ```

mod collect;
pub mod convert;
mod detect;
pub mod fault;
mod messages;
mod peek;
mod quantity;
mod reader;
mod split;
pub mod tree;
pub mod wire;

pub use collect::{COLLECTED, Collected, kubectl_line, role_rules, short_name};
pub use detect::{DETECT_BYTES, Format, detect};
pub use fault::InputError;
pub use quantity::{Quantity, QuantityError};
pub use reader::{Counts, Loaded, Options, Reader};
