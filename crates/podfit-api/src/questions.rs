//! The table of questions. Everything that has an arm a question is made from it: the enums of requests and reports, who
//! answers, who renders, the list of schemas. What a new question lacks, the compiler names.

/// Calls `$with!` with a line a question: kind on the wire, request, report.
macro_rules! questions {
    ($with:ident) => {
        $with! {
            /// What if these nodes are lost?
            WhatIf, WhatIfRequest, WhatIfReport;
            /// Which losses does the cluster survive?
            Audit, AuditRequest, AuditReport;
            /// When is everything back after these nodes are lost?
            Timeline, TimelineRequest, TimelineReport;
            /// How long are workloads down in a year, on average?
            Availability, AvailabilityRequest, AvailabilityReport;
            /// What if these things happen, one after the other?
            Sequence, SequenceRequest, SequenceReport;
            /// Where do pending pods go?
            Place, PlaceRequest, PlaceReport;
            /// Is what runs, or an earlier plan, legal?
            Check, CheckRequest, CheckReport;
            /// Why does no node take these pods, and what is the nearest fix?
            Explain, ExplainRequest, ExplainReport;
            /// What is less available than it looks?
            Lint, LintRequest, LintsReport;
            /// What is the edge device made of, and what does it do when parts of it fail?
            Device, DeviceRequest, DeviceReport;
            /// Who gets which address, what reaches what, which way do packets take?
            Network, NetworkRequest, NetworkReport;
            /// What works of the control plane while something fails, and what would survive more?
            ControlPlane, ControlPlaneRequest, ControlPlaneReport;
            /// What is there?
            Show, ShowRequest, ClusterReport;
        }
    };
}
pub(crate) use questions;
