use podfit::network::{AddressFate, At, Open, Outage, RouteKind, Via};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An enum of the wire that has the variants of one of the core.
macro_rules! codes {
    ($($(#[doc = $about:literal])+ $name:ident of $core:ident {
        $($(#[doc = $doc:literal])+ $code:ident: $pattern:pat,)*
    })*) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {$(
            $(#[doc = $doc])+
            $code,
        )*}

        impl $name {
            pub(super) fn of(core: &$core) -> Self {
                match core {$($pattern => Self::$code,)*}
            }
        }
    )*};
}

codes! {
    /// By what traffic gets to a service or a pod.
    ViaCode of Via {
        /// The service's address inside the cluster.
        ClusterIp: Via::ClusterIp,
        /// The name alone: it stands for the addresses of the endpoints.
        Headless: Via::Headless,
        /// The name of another host.
        ExternalName: Via::ExternalName,
        /// The service's address outside the cluster.
        LoadBalancer: Via::LoadBalancer,
        /// An address of `externalIPs`.
        ExternalIp: Via::ExternalIp,
        /// A port of any node.
        NodePort: Via::NodePort,
        /// The pod's own address.
        Pod: Via::Pod,
    }
    /// Whether a way is open.
    OpenCode of Open {
        /// Yes.
        Yes: Open::Yes,
        /// No: no endpoint is ready.
        NoEndpoint: Open::No(podfit::network::Closed::NoEndpoint),
        /// No: the address is one of the cluster alone.
        InsideOnly: Open::No(podfit::network::Closed::InsideOnly),
        /// No: it has no address for that.
        NoAddress: Open::No(podfit::network::Closed::NoAddress),
        /// No: the pod does not run.
        NotRunning: Open::No(podfit::network::Closed::NotRunning),
        /// The input does not tell.
        NotKnown: Open::NotKnown,
    }
    /// How long a service has no ready endpoint.
    OutageCode of Outage {
        /// Not at all: it always has one.
        None: Outage::None,
        /// Until the first replacement is ready.
        Until: Outage::For(..),
        /// It gets none again by itself.
        Lasting: Outage::Lasting,
        /// It had none before.
        HadNone: Outage::HadNone,
        /// Its endpoints are not known.
        NotKnown: Outage::NotKnown,
    }
    /// What becomes of an address.
    AddressFateCode of AddressFate {
        /// Its machine restarts elsewhere, and keeps it.
        Moves: AddressFate::Moves,
        /// Nobody answers for it.
        Gone: AddressFate::Gone,
        /// The pod's replacement gets another one.
        Replaced: AddressFate::Replaced,
        /// It stays; the node that answers for it may be another.
        Stays: AddressFate::Stays,
    }
    /// Where a route comes from.
    RouteKindCode of RouteKind {
        /// The subnet of an interface.
        Connected: RouteKind::Connected,
        /// It was added.
        Custom: RouteKind::Custom(_),
        /// For all that no other is for.
        Default: RouteKind::Default,
    }
    /// A place that a packet passes.
    HopCode of At {
        /// The sender.
        Sender: At::Sender,
        /// The node it is on.
        Node: At::Node,
        /// kube-proxy on that node.
        ServiceProxy: At::ServiceProxy,
        /// The network of pods.
        PodNetwork: At::PodNetwork,
        /// The external virtual switch of the device.
        ExternalSwitch: At::ExternalSwitch,
        /// The internal virtual switch of the device, which translates addresses.
        InternalSwitch: At::InternalSwitch,
        /// An interface, or a port of the device.
        Port: At::Port,
        /// The next router.
        NextHop: At::NextHop,
        /// Where it goes.
        Destination: At::Destination,
    }
}

impl OpenCode {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Yes => "open",
            Self::NoEndpoint => "closed: no endpoint is ready",
            Self::InsideOnly => "closed: inside the cluster only",
            Self::NoAddress => "closed: it has no address",
            Self::NotRunning => "closed: the pod does not run",
            Self::NotKnown => "not known",
        }
    }
}

impl ViaCode {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::ClusterIp => "cluster IP",
            Self::Headless => "headless",
            Self::ExternalName => "external name",
            Self::LoadBalancer => "load balancer",
            Self::ExternalIp => "external IP",
            Self::NodePort => "node port",
            Self::Pod => "pod",
        }
    }
}
