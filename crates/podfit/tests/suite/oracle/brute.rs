use super::generate::Case;
use podfit::check::{Referee, Replay, ViolationKind};
use podfit::model::{Change, NodeId, PodId, Removal, Step};
use rustc_hash::FxHashSet;

/// The best that can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Best {
    /// (priority, displaced pods left without a place), from the highest priority down. Smaller is better,
    /// and a higher priority counts before all lower ones.
    pub unplaced_by_priority: Vec<(i32, u32)>,
    /// A change that reaches it, accepted by the referee.
    pub change: Change,
}

impl Best {
    /// Displaced pods left without a place.
    pub fn unplaced(&self) -> u32 {
        self.unplaced_by_priority.iter().map(|(_, n)| n).sum()
    }
}

/// The best over all ordered placements of any of the displaced pods, each step judged by the referee.
pub fn brute_force(case: &Case) -> Best {
    brute_force_ignoring(case, &|_| false)
}

/// The best if `movers`, running pods of surviving nodes, leave first and must all be placed again (their old
/// place is allowed). `None` where that cannot be.
pub fn brute_force_moving(case: &Case, movers: &[PodId]) -> Option<Vec<(i32, u32)>> {
    let mut case = case.clone();
    case.removed.extend(movers.iter().map(|&pod| Removal { pod, lingers: false }));
    case.displaced.extend(movers);
    let (priorities, best) = search(&case, &|_| false, movers);
    best.map(|(unplaced, _)| priorities.into_iter().zip(unplaced).collect())
}

/// The same as if the violations that `ignored` picks were none. The change need not please the referee
/// then.
pub fn brute_force_ignoring(case: &Case, ignored: &dyn Fn(&ViolationKind) -> bool) -> Best {
    let (priorities, best) = search(case, ignored, &[]);
    let (unplaced, steps) = best.expect("the first state is a candidate");
    Best {
        unplaced_by_priority: priorities.into_iter().zip(unplaced).collect(),
        change: Change { steps, ..case.change() },
    }
}

type Found = Option<(Vec<u32>, Vec<Step>)>;

/// Priorities from high to low, and the best unplaced counts for them with the steps that reach them.
fn search(
    case: &Case,
    ignored: &dyn Fn(&ViolationKind) -> bool,
    must: &[PodId],
) -> (Vec<i32>, Found) {
    let referee = Referee::new(&case.cluster);
    let (replay, wrong) = referee.start(&case.change());
    assert_eq!(wrong, [], "the case itself is sound");
    let groups = groups(case);
    let mut priorities: Vec<i32> = groups.iter().map(|g| g.priority).collect();
    priorities.dedup();
    let left: Vec<usize> = groups.iter().map(|g| g.pods.len()).collect();
    let may_be_left =
        groups.iter().map(|g| g.pods.iter().filter(|p| !must.contains(p)).count()).collect();
    let mut search = Search {
        case,
        ignored,
        groups,
        may_be_left,
        priorities,
        steps: vec![],
        best: None,
        seen: FxHashSet::default(),
    };
    search.visit(&replay, left);
    (search.priorities, search.best)
}

/// Displaced pods of one (incoming) shape: which of them goes where makes no difference.
struct Group {
    priority: i32,
    pods: Vec<PodId>,
}

/// From the highest priority down.
fn groups(case: &Case) -> Vec<Group> {
    let shape = |pod: &PodId| case.cluster.pod(*pod).incoming;
    let mut pods = case.displaced.clone();
    let key = |pod: &PodId| {
        (std::cmp::Reverse(case.cluster.shape(shape(pod)).priority), shape(pod), *pod)
    };
    pods.sort_by_key(key);
    let chunks = pods.chunk_by(|a, b| shape(a) == shape(b));
    let group =
        |c: &[PodId]| Group { priority: case.cluster.incoming_of(c[0]).priority, pods: c.to_vec() };
    chunks.map(group).collect()
}

/// What decides all that can still come: pods left per group, pods per group and node, use of each card.
type State = (Vec<u8>, Vec<i64>);

struct Search<'a> {
    case: &'a Case,
    ignored: &'a dyn Fn(&ViolationKind) -> bool,
    groups: Vec<Group>,
    /// Pods of each group that need no place.
    may_be_left: Vec<usize>,
    priorities: Vec<i32>,
    steps: Vec<Step>,
    best: Option<(Vec<u32>, Vec<Step>)>,
    seen: FxHashSet<State>,
}

impl Search<'_> {
    fn visit(&mut self, replay: &Replay<'_>, left: Vec<usize>) {
        if !self.seen.insert(self.state()) {
            return;
        }
        let unplaced = self.by_priority(&left, |_| true);
        let complete = left.iter().zip(&self.may_be_left).all(|(left, may)| left <= may);
        if complete && self.best.as_ref().is_none_or(|(best, _)| unplaced < *best) {
            self.best = Some((unplaced, self.steps.clone()));
        }
        let mut open = Vec::new();
        let mut hopeless = vec![true; self.groups.len()];
        for group in (0..self.groups.len()).filter(|&g| left[g] > 0) {
            let pod = self.groups[group].pods[left[group] - 1];
            for step in candidates(self.case, pod) {
                let kinds = replay.judge(&step);
                let counts = |k: &&ViolationKind| !(self.ignored)(k);
                if kinds.iter().filter(counts).all(may_pass) {
                    hopeless[group] = false;
                }
                if !kinds.iter().any(|k| counts(&k)) {
                    open.push((group, step));
                }
            }
        }
        // Not even all pods that may yet find a place would make it better: exact, as the others never will.
        let hoped = self.by_priority(&left, |group| hopeless[group]);
        if self.best.as_ref().is_some_and(|(best, _)| hoped >= *best) {
            return;
        }
        for (group, step) in open {
            let (mut next, mut left) = (replay.clone(), left.clone());
            next.place(&step);
            left[group] -= 1;
            self.steps.push(step);
            self.visit(&next, left);
            self.steps.pop();
        }
    }

    /// Pods left, summed over the groups of each priority that `counts`.
    fn by_priority(&self, left: &[usize], counts: impl Fn(usize) -> bool) -> Vec<u32> {
        let of = |priority: &i32| {
            let same = |g: &usize| self.groups[*g].priority == *priority && counts(*g);
            (0..self.groups.len()).filter(same).map(|g| left[g] as u32).sum()
        };
        self.priorities.iter().map(of).collect()
    }

    fn state(&self) -> State {
        let cluster = &self.case.cluster;
        let nodes = cluster.nodes().len();
        let mut placed = vec![0; self.groups.len() * nodes];
        let first: Vec<usize> = cluster
            .nodes()
            .iter()
            .scan(0, |sum, node| Some(std::mem::replace(sum, *sum + node.cards.len())))
            .collect();
        let mut cards = vec![0; cluster.nodes().iter().map(|n| n.cards.len()).sum()];
        for step in &self.steps {
            let group = self.groups.iter().position(|g| g.pods.contains(&step.pod));
            placed[group.expect("a displaced pod") * nodes + step.node.index()] += 1;
            for &card in &step.cards {
                let milli = cluster.incoming_of(step.pod).gpu.milli_each;
                cards[first[step.node.index()] + usize::from(card)] += milli;
            }
        }
        (placed, cards)
    }
}

/// Whether a refusal for this may be lifted by placing more pods. All other rules only get tighter.
fn may_pass(kind: &ViolationKind) -> bool {
    matches!(kind, ViolationKind::Affinity { .. } | ViolationKind::Spread { .. })
}

/// Every node, with every choice of as many cards as the pod wants; where the node has too few, all of
/// them, for the referee to refuse.
pub fn candidates(case: &Case, pod: PodId) -> Vec<Step> {
    let want = usize::from(case.cluster.incoming_of(pod).gpu.cards);
    let mut steps = Vec::new();
    for node in case.cluster.node_ids() {
        let have = case.cluster.node(node).cards.len() as u16;
        let choices = choices(have, want.min(usize::from(have)));
        steps.extend(choices.into_iter().map(|cards| Step { pod, node: NodeId(node.0), cards }));
    }
    steps
}

/// All choices of `want` out of the numbers below `have`.
fn choices(have: u16, want: usize) -> Vec<Vec<u16>> {
    let bits = |set: u32| (0..have).filter(|i| set & (1 << i) != 0).collect();
    (0..1u32 << have).filter(|set| set.count_ones() as usize == want).map(bits).collect()
}
