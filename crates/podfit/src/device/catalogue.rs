use super::error::DeviceError;

/// A model of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Model {
    /// Azure Stack Edge Pro with GPU, `pro-gpu`.
    ProGpu,
    /// Pro 2, model 64G2T, `pro-2-64g2t`.
    Pro2With64G2T,
    /// Pro 2, model 128G4T1GPU, `pro-2-128g4t1gpu`.
    Pro2With128G4T1Gpu,
    /// Pro 2, model 256G6T2GPU, `pro-2-256g6t2gpu`.
    Pro2With256G6T2Gpu,
    /// Pro R, `pro-r`.
    ProR,
    /// Mini R, `mini-r`.
    MiniR,
}

impl Model {
    /// Every model, in the order of the vendor's range.
    pub const ALL: [Self; 6] = [
        Self::ProGpu,
        Self::Pro2With64G2T,
        Self::Pro2With128G4T1Gpu,
        Self::Pro2With256G6T2Gpu,
        Self::ProR,
        Self::MiniR,
    ];

    /// The model of this name (see [`ModelSpec::name`]; upper and lower case are the same).
    ///
    /// # Errors
    /// `unknown-model`, with the list of names.
    pub fn parse(name: &str) -> Result<Self, DeviceError> {
        let found = Self::ALL.into_iter().find(|m| m.spec().name.eq_ignore_ascii_case(name.trim()));
        found.ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|m| m.spec().name).collect();
            // Names from outside may be of any length; an error message must not be.
            let shown: String = name.chars().take(60).collect();
            DeviceError::new(
                "unknown-model",
                "device.model",
                format!("no model is called {shown:?}"),
                format!("use one of {}", known.join(", ")),
            )
        })
    }

    /// The model's name, as `pro-gpu`.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// Power supplies of a node.
    pub fn supplies(self) -> u8 {
        match self.spec().power {
            Power::Supplies(n) => n,
            Power::AdapterAndBattery => 1,
        }
    }

    /// The model's hardware.
    pub fn spec(self) -> &'static ModelSpec {
        match self {
            Self::ProGpu => &PRO_GPU,
            Self::Pro2With64G2T => &PRO_2_64,
            Self::Pro2With128G4T1Gpu => &PRO_2_128,
            Self::Pro2With256G6T2Gpu => &PRO_2_256,
            Self::ProR => &PRO_R,
            Self::MiniR => &MINI_R,
        }
    }
}

/// What one node of a model is made of. Memory is in GiB on every page but the Mini R's, which writes
/// GB of the same modules (3 x 16): it is read as GiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelSpec {
    /// Name in podfit's input, kebab case.
    pub name: &'static str,
    /// What the vendor calls it.
    pub title: &'static str,
    /// Physical cores.
    pub cores: i64,
    /// All virtual CPUs.
    pub raw_vcpu: i64,
    /// Virtual CPUs that virtual machines may use.
    pub usable_vcpu: i64,
    /// All memory, GiB.
    pub raw_memory_gib: i64,
    /// Memory that virtual machines may use, GiB.
    pub usable_memory_gib: i64,
    /// Numbers of GPU cards the model is sold with; the first is taken where the input names none.
    pub gpu_choices: &'static [u16],
    /// Model of the cards.
    pub gpu_model: Option<&'static str>,
    /// An accelerator that is no GPU and that podfit does not place pods on.
    pub other_accelerator: Option<&'static str>,
    /// Network ports: how many of which speed, Gbit/s.
    pub ports: &'static [(u8, u8)],
    /// Power.
    pub power: Power,
    /// Whether two nodes are documented.
    pub two_node: TwoNode,
    /// The page of all the above but [`two_node`](Self::two_node).
    pub page: &'static str,
    /// Date of that page.
    pub page_date: &'static str,
}

/// What feeds a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// So many power supplies; two are redundant.
    Supplies(u8),
    /// One external adapter and a battery.
    AdapterAndBattery,
}

/// What the vendor's pages say of two nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TwoNode {
    /// Every page that speaks of it says yes.
    Documented,
    /// One page says yes, another leaves the model out.
    PagesDiffer,
    /// No page says yes.
    NotDocumented,
}

/// Page with the Kubernetes machines' sizes; it gives two nodes to Pro GPU only (page of 2024-04-01).
pub(super) const KUBERNETES_PAGE: &str = "azure-stack-edge-gpu-kubernetes-overview";
/// Page on two nodes: which model, which machines fail over (page of 2024-03-21).
pub(super) const CLUSTERING_PAGE: &str = "azure-stack-edge-gpu-clustering-overview";
/// Page on the resizing command, its recommended limits and GPU sharing by MPS.
pub(super) const POWERSHELL_PAGE: &str = "azure-stack-edge-gpu-connect-powershell-interface";
/// Release notes that freeze two nodes at version 2510.
pub(super) const RELEASE_PAGE: &str = "azure-stack-edge-gpu-2604-release-notes";

const PRO_GPU: ModelSpec = ModelSpec {
    name: "pro-gpu",
    title: "Azure Stack Edge Pro GPU",
    cores: 24,
    raw_vcpu: 48,
    usable_vcpu: 40,
    raw_memory_gib: 128,
    usable_memory_gib: 96,
    gpu_choices: &[1, 2],
    gpu_model: Some("T4"),
    other_accelerator: None,
    ports: &[(2, 1), (4, 25)],
    power: Power::Supplies(2),
    two_node: TwoNode::Documented,
    page: "azure-stack-edge-gpu-technical-specifications-compliance",
    page_date: "2023-04-12",
};

const PRO_2_64: ModelSpec = ModelSpec {
    name: "pro-2-64g2t",
    title: "Azure Stack Edge Pro 2, 64G2T",
    cores: 20,
    raw_vcpu: 40,
    usable_vcpu: 32,
    raw_memory_gib: 64,
    usable_memory_gib: 48,
    gpu_choices: &[0],
    gpu_model: None,
    other_accelerator: None,
    ports: &[(2, 10), (2, 100)],
    power: Power::Supplies(1),
    two_node: TwoNode::PagesDiffer,
    page: "azure-stack-edge-pro-2-technical-specifications-compliance",
    page_date: "2023-04-12",
};

const PRO_2_128: ModelSpec = ModelSpec {
    name: "pro-2-128g4t1gpu",
    title: "Azure Stack Edge Pro 2, 128G4T1GPU",
    raw_memory_gib: 128,
    usable_memory_gib: 96,
    gpu_choices: &[1],
    gpu_model: Some("A2"),
    ..PRO_2_64
};

const PRO_2_256: ModelSpec = ModelSpec {
    name: "pro-2-256g6t2gpu",
    title: "Azure Stack Edge Pro 2, 256G6T2GPU",
    raw_memory_gib: 256,
    usable_memory_gib: 224,
    gpu_choices: &[2],
    gpu_model: Some("A2"),
    ..PRO_2_64
};

const PRO_R: ModelSpec = ModelSpec {
    name: "pro-r",
    title: "Azure Stack Edge Pro R",
    cores: 20,
    raw_vcpu: 40,
    usable_vcpu: 32,
    raw_memory_gib: 256,
    usable_memory_gib: 217,
    gpu_choices: &[1],
    gpu_model: Some("T4"),
    other_accelerator: None,
    ports: &[(2, 1), (2, 25)],
    power: Power::Supplies(2),
    two_node: TwoNode::NotDocumented,
    page: "azure-stack-edge-pro-r-technical-specifications-compliance",
    page_date: "2023-04-12",
};

const MINI_R: ModelSpec = ModelSpec {
    name: "mini-r",
    title: "Azure Stack Edge Mini R",
    cores: 16,
    raw_vcpu: 32,
    usable_vcpu: 24,
    raw_memory_gib: 48,
    usable_memory_gib: 32,
    gpu_choices: &[0],
    gpu_model: None,
    other_accelerator: Some("VPU"),
    ports: &[(2, 1), (2, 10)],
    power: Power::AdapterAndBattery,
    two_node: TwoNode::NotDocumented,
    page: "azure-stack-edge-mini-r-technical-specifications-compliance",
    page_date: "2021-04-12",
};
