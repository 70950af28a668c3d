//! Who set a cluster up, by the labels that installers and clouds give to nodes, and where its control plane then is.
//! Providers come first: their nodes may have an installer's label too.

use crate::model::Cluster;

/// Where a control plane is that an installer or a cloud sets up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On nodes of the cluster, or on machines of the same owner.
    Own,
    /// The provider runs it; no node of the cluster shows it.
    Provider,
}

/// An installer, a distribution or a cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installer {
    /// Its name, as people know it.
    pub name: &'static str,
    /// Where the control plane is.
    pub place: Place,
    /// What is known of its datastore without a pod or a label of it.
    pub datastore: &'static str,
}

const SQL_OR_ETCD: &str =
    "SQLite on one server, etcd inside the servers (then a label says so), or a database elsewhere";
const BY_PROVIDER: &str = "run by the provider";

const fn own(name: &'static str, datastore: &'static str) -> Installer {
    Installer { name, place: Place::Own, datastore }
}

const fn provider(name: &'static str) -> Installer {
    Installer { name, place: Place::Provider, datastore: BY_PROVIDER }
}

/// A label's key, whole or what it begins with (it then ends in a mark), its value where that decides, and who gives it.
const LABELS: [(&str, Option<&str>, Installer); 24] = [
    ("eks.amazonaws.com/", None, provider("Amazon EKS")),
    ("cloud.google.com/gke-", None, provider("Google GKE")),
    ("kubernetes.azure.com/", None, provider("Azure Kubernetes Service")),
    ("doks.digitalocean.com/", None, provider("DigitalOcean DOKS")),
    ("oke.oraclecloud.com/", None, provider("Oracle OKE")),
    ("ibm-cloud.kubernetes.io/", None, provider("IBM Cloud Kubernetes Service")),
    ("lke.linode.com/", None, provider("Linode Kubernetes Engine")),
    ("k8s.scaleway.com/", None, provider("Scaleway Kapsule")),
    ("vke.vultr.com/", None, provider("Vultr VKE")),
    ("kubernetes.civo.com/", None, provider("Civo")),
    ("alibabacloud.com/nodepool-", None, provider("Alibaba ACK")),
    ("nodepool.ovhcloud.com/", None, provider("OVHcloud")),
    ("nks.ovh.com/", None, provider("OVHcloud")),
    ("worker.gardener.cloud/", None, provider("Gardener")),
    ("hypershift.openshift.io/", None, provider("OpenShift with hosted control planes")),
    ("node.kubernetes.io/instance-type", Some("k3s"), own("k3s", SQL_OR_ETCD)),
    ("node.kubernetes.io/instance-type", Some("rke2"), own("RKE2", "etcd inside the servers")),
    ("egress.k3s.io/", None, own("k3s or RKE2", SQL_OR_ETCD)),
    ("microk8s.io/", None, own("MicroK8s", "dqlite on up to three voters")),
    ("node.kubernetes.io/microk8s-", None, own("MicroK8s", "dqlite on up to three voters")),
    (
        "node.k0sproject.io/",
        None,
        own("k0s", "etcd or a database on the controllers, which are no nodes"),
    ),
    ("minikube.k8s.io/", None, own("minikube", "etcd on the first node")),
    ("node.openshift.io/", None, own("OpenShift", "etcd as static pods")),
    ("extensions.talos.dev/", None, own("Talos", "etcd as a service of the control-plane nodes")),
];

/// Who set the cluster up: by the first entry of the table that some node has a label of.
pub(super) fn installer(cluster: &Cluster) -> Option<Installer> {
    let has = |key: &str, value: Option<&str>| {
        cluster.node_ids().any(|node| {
            cluster.node_labels(node).iter().any(|(k, v)| {
                let k = cluster.str(k);
                let is_key = if key.ends_with(['/', '-']) { k.starts_with(key) } else { k == key };
                is_key && value.is_none_or(|value| cluster.str(v) == value)
            })
        })
    };
    LABELS.iter().find(|(key, value, _)| has(key, *value)).map(|(_, _, installer)| *installer)
}
