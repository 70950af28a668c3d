//! Less asked, a rule relaxed, a node changed: tried on an altered cluster.
//!
//! A node that gives one reason only gives drafts of fixes that lift that reason. The best few of each kind are
//! judged by the rules: an altered shape as a further pending pod, all in one copy of the cluster; an altered
//! node in a copy of its own (a label or a cordon may decide what is a domain of a spread constraint).

use super::edits::Alteration;
use super::{Case, Fix, FixKind, STEPS_A_LOOK, search::step};
use crate::check::check;
use crate::model::{
    Card, Change, Cluster, Effect, Loss, Node, NodeId, NodePolicy, PodId, ResourceId, Shape,
    Spread, Sym, Taint,
};
use crate::planner::advice::passing::Passing;
use crate::rules::{Detail, Refusal, Rule, RuleSet, State, refusals, static_refusal};
use rustc_hash::FxHashMap;

/// Drafts of one kind that are tried, the best first.
const DRAFTS_MAX: usize = 3;
/// A request of so many times the largest node is taken for a slip of the unit.
const SLIP_TIMES: i64 = 4;
/// A request is not lowered below this share of itself, in percent.
const LOWERED_PERCENT_MIN: i64 = 50;
/// Taints of this prefix keep a node for a role.
const ROLE: &str = "node-role.kubernetes.io/";

/// A fix to be tried.
struct Draft {
    kind: FixKind,
    node: NodeId,
    /// Among drafts of one kind: smaller is better.
    tie: i64,
    trial: Trial,
}

impl Draft {
    /// The pod's shape with the fix carried out.
    fn shape(&self, case: &Case) -> Shape {
        let mut shape = case.shape().clone();
        if let Some(Alteration::Template(change)) = self.kind.alteration(case.cluster, self.node) {
            change.apply(&mut shape);
        }
        shape
    }

    /// The node with the fix carried out.
    fn altered_node(&self, case: &Case) -> Node {
        let mut node = case.cluster.node(self.node).clone();
        if let Some(Alteration::Node(change)) = self.kind.alteration(case.cluster, self.node) {
            change.apply(&mut node);
        }
        node
    }
}

/// Where the fix is to be tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trial {
    /// On the pod alone.
    Pod,
    /// Nowhere, as no rule but the one that refused looks at what it changes: an amount, or a cordon where no spread
    /// constraint asks for taints.
    None,
    /// On the node.
    Node,
    /// On the pod and all others of its template.
    Template,
    /// With the Node objects of the lost nodes deleted.
    Deleted,
}

/// The best fix of each kind. `state` has the pod nowhere.
pub(super) fn fixes(case: &Case, state: &State) -> Vec<Fix> {
    let shape = case.shape();
    let mut drafts: Vec<Draft> = Vec::new();
    for (node, reasons) in &case.nodes {
        // One reason each, but a node may be short of several resources.
        if let [reason] = &reasons[..] {
            let found = drafts_for(case, shape, *node, reason);
            if !found.is_empty() && case.only_reason(state, reason) {
                drafts.extend(found.into_iter().filter_map(|d| settled(case, d, reason.rule)));
            }
        }
    }
    let name = |d: &Draft| case.cluster.node_name(d.node);
    drafts.sort_by(|a, b| {
        let key = |d: &Draft| (d.kind.cost(), d.kind.code(), d.tie);
        key(a).cmp(&key(b)).then_with(|| name(a).cmp(name(b)))
    });
    let mut seen: FxHashMap<&'static str, usize> = FxHashMap::default();
    drafts.retain(|d| {
        let count = seen.entry(d.kind.code()).or_default();
        *count += 1;
        *count <= DRAFTS_MAX
    });
    confirmed(case, drafts)
}

/// A draft whose new shape differs only in what the rule that refused looks at is judged by what is known: all
/// other rules allow. `None` where it lifts not all of that rule.
fn settled(case: &Case, draft: Draft, refused_by: Rule) -> Option<Draft> {
    let is_judged = matches!(draft.kind, FixKind::HonorTaints { .. });
    if draft.trial != Trial::Pod || is_judged {
        return Some(draft);
    }
    let asked = case.shape();
    let honors = |policy: fn(&Spread) -> NodePolicy| {
        asked.spread.iter().any(|s| policy(s) == NodePolicy::Honor)
    };
    // Whether more is to be judged than what was lifted: the domains of spread, others of its kind.
    let open = match refused_by {
        Rule::NodeName => false,
        Rule::Taints => honors(|s| s.node_taints_policy),
        Rule::NodeAffinity => honors(|s| s.node_affinity_policy),
        Rule::HostPorts => asked.host_ports.len() > 1,
        Rule::Spread => asked.spread.len() > 1,
        Rule::InterPodAffinity => asked.affinity.len() > 1,
        _ => true,
    };
    if open {
        return Some(draft);
    }
    static_refusal(case.cluster, &draft.shape(case), draft.node, RuleSet::ALL)
        .is_none()
        .then_some(Draft { trial: Trial::None, ..draft })
}

/// The first of each kind that the rules allow.
fn confirmed(case: &Case, drafts: Vec<Draft>) -> Vec<Fix> {
    let on_pod = drafts.iter().filter(|d| d.trial == Trial::Pod);
    let shapes: Vec<Shape> = on_pod.map(|d| d.shape(case)).collect();
    let altered = (!shapes.is_empty()).then(|| case.cluster.with_pending(case.pod, &shapes));
    let state = altered.as_ref().map(|cluster| State::with_change(cluster, &case.change));
    let mut variants = (case.cluster.pods().len() as u32..).map(PodId);
    let mut fixes: Vec<Fix> = Vec::new();
    for draft in drafts {
        let (kind, node) = (&draft.kind, draft.node);
        let variant = if draft.trial == Trial::Pod { variants.next() } else { None };
        if fixes.iter().any(|f| f.kind.code() == kind.code()) {
            continue;
        }
        let copies = matches!(draft.trial, Trial::Node | Trial::Template | Trial::Deleted);
        if copies && case.control.spent(case.cluster.pods().len() * STEPS_A_LOOK) {
            continue;
        }
        let holds = match draft.trial {
            Trial::None => true,
            Trial::Pod => state.as_ref().zip(variant).is_some_and(|(state, pod)| {
                let holds = refusals(state, pod, node, RuleSet::ALL).is_empty();
                debug_assert!(!holds || referee_agrees(state, &case.change, pod, node), "{kind:?}");
                holds
            }),
            Trial::Node => {
                elsewhere(case, case.cluster.with_node(node, draft.altered_node(case)), node)
            }
            Trial::Template => {
                let template = case.cluster.pod(case.pod).incoming;
                elsewhere(case, case.cluster.with_shape(template, draft.shape(case)), node)
            }
            Trial::Deleted => {
                let change = Change { loss: Loss::Deleted, ..case.change.clone() };
                let state = State::with_change(case.cluster, &change);
                refusals(&state, case.pod, node, RuleSet::ALL).is_empty()
            }
        };
        if holds {
            fixes.push(Fix { kind: draft.kind, node, change: None });
        }
    }
    fixes
}

/// Whether the rules let the pod run on `node` of an altered cluster.
fn elsewhere(case: &Case, altered: Cluster, node: NodeId) -> bool {
    let state = State::with_change(&altered, &case.change);
    let holds = refusals(&state, case.pod, node, RuleSet::ALL).is_empty();
    debug_assert!(!holds || referee_agrees(&state, &case.change, case.pod, node));
    holds
}

/// In tests and debug builds: the referee's word on an altered cluster. It counts all of it anew, so it is not
/// asked in earnest.
fn referee_agrees(state: &State, change: &Change, pod: PodId, node: NodeId) -> bool {
    let mut change = change.clone();
    change.steps.push(step(state, pod, node));
    let found = check(state.cluster(), &change);
    found.iter().all(|v| v.pod != Some(pod) || v.step.is_none())
}

/// What would lift this reason.
fn drafts_for(case: &Case, shape: &Shape, node: NodeId, reason: &Refusal) -> Vec<Draft> {
    let object = case.cluster.node(node);
    let draft = |kind, trial| Draft { kind, node, tie: 0, trial };
    match reason.detail {
        Detail::Cordoned => {
            // With `nodeTaintsPolicy: Honor` an open node may be a domain that it was not.
            let is_judged = shape.spread.iter().all(|s| s.node_taints_policy == NodePolicy::Ignore);
            vec![draft(FixKind::Uncordon, if is_judged { Trial::None } else { Trial::Node })]
        }
        Detail::Taint(_) => {
            taint_draft(case, shape, object).map(|(k, t)| draft(k, t)).into_iter().collect()
        }
        Detail::NodeDown => vec![draft(FixKind::BringBack, Trial::None)],
        Detail::NamesNode(name) => vec![draft(FixKind::DropNodeName { name }, Trial::Pod)],
        Detail::NodeLabel { key, value } => {
            let mut drafts = vec![draft(FixKind::DropSelector { key, value }, Trial::Pod)];
            // Another value is there for a reason; and what else the selector asks is judged.
            if object.labels.get(key).is_none() {
                drafts.push(draft(FixKind::LabelNode { key, value }, Trial::Node));
            }
            drafts
        }
        Detail::NodeAffinity => vec![draft(FixKind::ExtendAffinity, Trial::Pod)],
        Detail::HostPort { port, .. } => vec![draft(FixKind::OtherPort { port }, Trial::Pod)],
        Detail::Short(resource) => shortage_drafts(case, node, reason, resource),
        Detail::NoCard | Detail::Cards { .. } => card_draft(case, shape, node, reason),
        Detail::Spread { key, would_have, least, .. } => {
            let mut drafts = spread_drafts(shape, node, key, would_have - least);
            drafts.extend(domain_drafts(case, shape, node, key));
            drafts
        }
        Detail::LabelMissing { key } | Detail::Affinity { key, .. } => match reason.rule {
            Rule::Spread => vec![draft(FixKind::SpreadAnyway { key }, Trial::Pod)],
            Rule::InterPodAffinity => vec![draft(FixKind::PreferAffinity { key }, Trial::Pod)],
            _ => Vec::new(),
        },
        // Pods of one template shun each other both ways.
        Detail::AntiAffinity { key, .. } => {
            vec![draft(FixKind::PreferAntiAffinity { key }, Trial::Template)]
        }
        Detail::ExistingAntiAffinity { key, pod, .. } if case.is_sibling(pod) => {
            vec![draft(FixKind::PreferAntiAffinity { key }, Trial::Template)]
        }
        // Lost nodes, volumes out of reach, the anti-affinity of others: not this pod's to relax.
        _ => Vec::new(),
    }
}

/// What lifts the taints that keep the pod off: one that stays may be tolerated; a node that is down comes back; one that is
/// starting is waited for. Nothing, where they are several that say different things, or keep the node for a role, or
/// where the node is about to go or in a condition that no toleration mends.
fn taint_draft(case: &Case, shape: &Shape, object: &Node) -> Option<(FixKind, Trial)> {
    let keeps_off = |t: &&Taint| {
        t.effect != Effect::PreferNoSchedule && !shape.tolerations.iter().any(|o| o.tolerates(t))
    };
    let mut taints = object.taints.iter().filter(keeps_off);
    let taint = *taints.next()?;
    let passing = Passing::of(case.cluster, &taint);
    let alike = |other: &Taint| Passing::of(case.cluster, other) == passing;
    match passing {
        None => {
            let for_role = case.cluster.str(taint.key).starts_with(ROLE);
            let is_alone = taints.next().is_none();
            (is_alone && !for_role).then_some((FixKind::Tolerate { taint }, Trial::Pod))
        }
        Some(Passing::Down) => taints.all(alike).then_some((FixKind::BringBack, Trial::None)),
        Some(Passing::Starting) => {
            taints.all(alike).then_some((FixKind::Wait { taint }, Trial::None))
        }
        Some(Passing::Leaving | Passing::Condition) => None,
    }
}

/// Ask for what is free, or make what is missing.
fn shortage_drafts(
    case: &Case,
    node: NodeId,
    reason: &Refusal,
    resource: ResourceId,
) -> Vec<Draft> {
    let (Some(need), Some(free)) = (reason.need, reason.free) else { return Vec::new() };
    if case.cluster.is_volume_limit(resource) {
        return Vec::new();
    }
    let missing = need - free;
    // In thousandths of what is asked, so that cores and bytes compare.
    let tie = (i128::from(missing) * 1000 / i128::from(need.max(1))) as i64;
    if let Some(kind) = slip(case, resource, need) {
        let fits = matches!(kind, FixKind::CheckUnit { to, .. } if to <= free);
        return if fits {
            vec![Draft { kind, node, tie: 0, trial: Trial::None }]
        } else {
            Vec::new()
        };
    }
    let enlarge = FixKind::EnlargeNode { resource, add: missing };
    let mut drafts = vec![Draft { kind: enlarge, node, tie, trial: Trial::None }];
    let least = (i128::from(need) * i128::from(LOWERED_PERCENT_MIN) + 99) / 100;
    if resource != ResourceId::PODS && i128::from(free) >= least.max(1) {
        let kind = FixKind::LowerRequest { resource, from: need, to: free };
        drafts.push(Draft { kind, node, tie, trial: Trial::None });
    }
    drafts
}

/// The slip that a request beyond every node may be: `500` for `500m` CPU, `8Ti` for `8Gi` of memory.
fn slip(case: &Case, resource: ResourceId, need: i64) -> Option<FixKind> {
    let unit = match case.cluster.resource_name(resource) {
        "cpu" => 1000,
        "memory" | "ephemeral-storage" => 1024,
        _ => return None,
    };
    let nodes = case.cluster.nodes().iter();
    let largest = nodes.map(|n| n.allocatable.get(resource)).max().unwrap_or(0);
    let to = need / unit;
    // A node of some times the size may be what is missing; one of many times the size is not.
    let is_slip =
        need / SLIP_TIMES >= largest.max(1) && need % unit == 0 && (1..=largest).contains(&to);
    is_slip.then_some(FixKind::CheckUnit { resource, from: need, to, largest })
}

/// Cards of a model that the pod takes: one for a share, else those that are missing.
fn card_draft(case: &Case, shape: &Shape, node: NodeId, reason: &Refusal) -> Vec<Draft> {
    let object = case.cluster.node(node);
    let takes = |model: &Sym| shape.gpu.models.is_empty() || shape.gpu.models.contains(model);
    let here = object.cards.iter().map(|c| c.model).find(takes);
    let elsewhere = || case.cluster.nodes().iter().flat_map(|n| &n.cards).map(|c| c.model);
    let model = here.or_else(|| elsewhere().find(takes)).or(shape.gpu.models.first().copied());
    let (Some(model), Some(need), Some(free)) = (model, reason.need, reason.free) else {
        return Vec::new();
    };
    let share = shape.gpu.milli_each < Card::WHOLE_MILLI;
    let Ok(add) = u16::try_from(if share { 1 } else { need - free }) else { return Vec::new() };
    let kind = FixKind::AddCards { model, add };
    vec![Draft { kind, node, tie: add.into(), trial: Trial::Node }]
}

/// What makes domains of nodes that take no pods count no more.
fn domain_drafts(case: &Case, shape: &Shape, node: NodeId, key: Sym) -> Vec<Draft> {
    let draft = |kind, trial| Draft { kind, node, tie: 0, trial };
    let mut over_key = shape.spread.iter().filter(|s| s.topology_key == key);
    let mut drafts = Vec::new();
    if over_key.any(|s| s.node_taints_policy == NodePolicy::Ignore) {
        drafts.push(draft(FixKind::HonorTaints { key }, Trial::Pod));
    }
    if let (Loss::NotReady, [lost]) = (case.change.loss, case.change.lost.as_slice()) {
        drafts.push(draft(FixKind::DeleteNode { lost: *lost }, Trial::Deleted));
    }
    drafts
}

fn spread_drafts(shape: &Shape, node: NodeId, key: Sym, surplus: i64) -> Vec<Draft> {
    let draft = |kind, tie| Draft { kind, node, tie, trial: Trial::Pod };
    let mut drafts = vec![draft(FixKind::SpreadAnyway { key }, surplus)];
    let tightest = shape.spread.iter().filter(|s| s.topology_key == key).map(|s| s.max_skew).min();
    // More than one step wider is not what the constraint was written for.
    if let Some(from) = tightest.filter(|skew| skew + 1 == surplus) {
        drafts.push(draft(FixKind::RaiseSkew { key, from, to: surplus }, 0));
    }
    drafts
}
