//! Static pods of the control plane: which part one is, where it is found, and which members of etcd it names.

use super::Out;
use crate::fault::Path;
use crate::wire::{Container, Leaf, Lease, Metadata, Pod};
use podfit::model::{Component, Leadership, Links, OwnerKind, Sym};

/// Hosts kept of one pod.
const HOSTS_MAX: usize = 64;

const COMPONENTS: [(&str, Component); 4] = [
    ("kube-apiserver", Component::ApiServer),
    ("kube-scheduler", Component::Scheduler),
    ("kube-controller-manager", Component::ControllerManager),
    ("etcd", Component::Etcd),
];

/// Who leads, by the Lease of a part in kube-system. A holder is a host name, and after `_` a number of its own
/// (`cmd/kube-controller-manager/app/controllermanager.go`: hostname and a UUID).
pub(crate) fn lease(
    lease: &Lease,
    (namespace, name): (&str, &str),
    root: &Path<'_>,
    out: &mut Out<'_>,
) {
    let part = COMPONENTS[1..3].iter().find(|(text, _)| *text == name).map(|c| c.1);
    let Some(part) = part.filter(|_| namespace == "kube-system") else { return };
    let at = root.field("spec");
    let duration = &lease.spec.lease_duration_seconds;
    let seconds = match duration {
        Leaf::Absent => None,
        leaf => leaf.int(&at.field("leaseDurationSeconds"), out.faults),
    };
    let holder = lease.spec.holder_identity.as_str().unwrap_or("");
    let host = holder.split('_').next().unwrap_or("");
    // Released: nobody leads.
    if host.is_empty() {
        return;
    }
    let host = out.builder.intern(host);
    let lease_ms = seconds.filter(|s| (1..=86_400).contains(s)).map(|s| s * 1000);
    out.builder.add_leader(Leadership { part, host, lease_ms });
}

/// Which part of the control plane a static pod is: by its labels, else by its name.
pub(super) fn component(metadata: &Metadata, name: &str, kind: OwnerKind) -> Option<Component> {
    if kind != OwnerKind::Static {
        return None;
    }
    let label = |key: &str| metadata.labels.as_ref()?.get(key)?.as_str();
    let by_label = match label("tier") {
        Some("control-plane") => label("component"),
        _ => None,
    };
    COMPONENTS
        .iter()
        .find(|(text, _)| match by_label {
            Some(label) => label == *text,
            None => {
                name.strip_prefix(text).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }
        })
        .map(|&(_, component)| component)
}

/// What its status and its flags say; `None`: nothing.
#[inline(never)] // A page that asks of no such input does not load it.
pub(super) fn links(part: Component, pod: &Pod, out: &mut Out<'_>) -> Option<Links> {
    let flag = |name: &'static str| {
        let containers = pod.spec.containers.iter().flatten();
        let words = containers.flat_map(|c: &Container| [&c.command, &c.args]);
        words.flat_map(move |flags| flags.get(name)).flat_map(|list| list.split(',')).map(host)
    };
    let mut own: Vec<&str> = pod.status.host_ip.as_str().into_iter().collect();
    if part == Component::Etcd {
        own.extend(flag("--advertise-client-urls").chain(flag("--listen-client-urls")));
    }
    // These are every machine's own.
    own.retain(|host| !matches!(*host, "127.0.0.1" | "localhost" | "0.0.0.0" | "::" | "::1"));
    let etcd = match part {
        Component::ApiServer => flag("--etcd-servers").collect(),
        _ => Vec::new(),
    };
    let mut kept = |hosts: Vec<&str>| -> Vec<Sym> {
        let mut syms = Vec::new();
        for host in hosts.into_iter().filter(|h| !h.is_empty()).take(HOSTS_MAX) {
            let sym = out.builder.intern(host);
            if !syms.contains(&sym) {
                syms.push(sym);
            }
        }
        syms
    };
    let links = Links { own: kept(own), etcd: kept(etcd) };
    (links != Links::default()).then_some(links)
}

/// The host of a URL, without scheme, port and brackets.
fn host(url: &str) -> &str {
    let url = url.trim().trim_matches(['"', '\'']);
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn hosts_of_urls() {
        for (url, wanted) in [
            ("https://127.0.0.1:2379", "127.0.0.1"),
            ("http://etcd-1.example.org:2379/path", "etcd-1.example.org"),
            ("https://[fd00::1]:2379", "fd00::1"),
            (" etcd:2379", "etcd"),
            ("unix://localhost:m0", "localhost"),
            ("", ""),
            ("https://", ""),
            ("[", ""),
        ] {
            assert_eq!(host(url), wanted, "{url}");
        }
    }
}
