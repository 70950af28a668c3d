//! Which losses does the cluster survive? Every single node, every set of k, every failure domain.

use super::what_if::{PodVerdict, WhatIf, WhatIfQuestion};
use crate::model::{Loss, NodeId};
use crate::planner::forecast::{Hint, Share};
use crate::planner::plan::{Proof, Refused, Scope, Verdict};
use crate::planner::{Options, Planner};
use crate::solve::{Cut, Progress};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Cases for which a hint is looked for.
const HINTS_MAX: usize = 10;

/// The question.
#[derive(Clone, Debug)]
pub struct AuditQuestion {
    /// Sets of up to so many nodes, at least 1.
    pub k: usize,
    /// Failure domains instead: a label key, each of its values is one case.
    pub domain: Option<String>,
    /// Cases asked at most; sets beyond are counted, not asked.
    pub cases_max: usize,
    /// How nodes are lost.
    pub loss: Loss,
    /// How many pods on surviving nodes may be moved to make room.
    pub moves_max: u64,
    /// Whether to look for hints in the first cases that need one.
    pub hints: bool,
}

impl Default for AuditQuestion {
    fn default() -> Self {
        Self {
            k: 1,
            domain: None,
            cases_max: 10_000,
            loss: Loss::NotReady,
            moves_max: 0,
            hints: true,
        }
    }
}

/// One loss.
#[derive(Clone, Debug)]
pub struct AuditCase {
    /// Nodes lost.
    pub lost: Vec<NodeId>,
    /// The failure domain they are, if domains were asked for.
    pub domain: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on.
    pub proof: Option<Proof>,
    /// What may be moved.
    pub scope: Scope,
    /// What the default scheduler would do; `None` where it was not asked.
    pub prediction: Option<Share>,
    /// What to do beforehand so that it misses nothing; looked for in the first cases that need it.
    pub hint: Option<Hint>,
    /// Whether the control plane is down.
    pub control_plane_down: bool,
    /// What was cut short.
    pub cut: Option<Cut>,
    /// Pods of each verdict: moves, pending, waiting, lost, stuck, not evaluated. Pods that were pending before
    /// are not among them.
    pub counts: [(PodVerdict, usize); 6],
    /// Pods that were pending before and find no place.
    pub still_pending: usize,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Audit {
    /// Cases, in the order of nodes (singles first, then pairs …) or of domain names.
    pub cases: Vec<AuditCase>,
    /// How many cases there are in all; more than `cases` where the limit cut them.
    pub cases_all: u128,
    /// Nodes that lack the domain label.
    pub nodes_without_domain: usize,
}

impl Planner {
    /// Asks every case of `question`, in parallel with the feature `rayon`. After a cancel no further case is asked.
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with a solver's placement.
    pub fn audit(&self, question: &AuditQuestion, options: &Options) -> Result<Audit, Refused> {
        Ok(self.audit_with(question, options, |_, _| ())?.0)
    }

    /// The same with what `note` makes of each case, in the order of the cases: the answer to a case is gone afterwards.
    ///
    /// # Errors
    /// As [`audit`](Self::audit).
    pub fn audit_with<T: Send>(
        &self,
        question: &AuditQuestion,
        options: &Options,
        note: impl Fn(&WhatIfQuestion, &WhatIf) -> T + Send + Sync,
    ) -> Result<(Audit, Vec<T>), Refused> {
        let (sets, cases_all, nodes_without_domain) = self.cases(question);
        // One number of seeds for all cases, by the pods of all of them.
        let pods = |(lost, _): &(Vec<NodeId>, _)| -> usize {
            lost.iter().map(|&n| self.cluster().pods_on(n).len()).sum()
        };
        let seeds = self.seeds(sets.iter().map(pods).sum(), options);
        let options = &Options { seeds: Some(seeds), ..options.clone() };
        let done = AtomicUsize::new(0);
        let all = sets.len();
        let ask = |(lost, domain): &(Vec<NodeId>, Option<String>)| {
            if options.control().cancel_token().is_cancelled() {
                return Ok(None);
            }
            let what_if = WhatIfQuestion {
                lost: lost.clone(),
                loss: question.loss,
                moves_max: question.moves_max,
                ..WhatIfQuestion::default()
            };
            let options = options.for_question();
            let answer = self.what_if(&what_if, &options)?;
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            options.control().report(Progress::Cases { done, all });
            let cut = options.control().cut();
            let noted = note(&what_if, &answer);
            Ok(Some((case(lost.clone(), domain.clone(), answer, cut), noted)))
        };
        #[cfg(feature = "rayon")]
        let cases: Result<Vec<Option<(AuditCase, T)>>, Refused> = {
            use rayon::prelude::*;
            sets.par_iter().map(ask).collect()
        };
        #[cfg(not(feature = "rayon"))]
        let cases: Result<Vec<Option<(AuditCase, T)>>, Refused> = sets.iter().map(ask).collect();
        let (mut cases, noted): (Vec<AuditCase>, Vec<T>) = cases?.into_iter().flatten().unzip();
        if question.hints {
            self.add_hints(question, &mut cases, options)?;
        }
        Ok((Audit { cases, cases_all, nodes_without_domain }, noted))
    }

    /// Hints for the first cases that need one.
    fn add_hints(
        &self,
        question: &AuditQuestion,
        cases: &mut [AuditCase],
        options: &Options,
    ) -> Result<(), Refused> {
        let needs = |c: &&mut AuditCase| c.verdict == Verdict::SurvivesIfPlacedWell;
        for case in cases.iter_mut().filter(needs).take(HINTS_MAX) {
            let what_if = WhatIfQuestion {
                lost: case.lost.clone(),
                loss: question.loss,
                moves_max: question.moves_max,
                hint: true,
                ..WhatIfQuestion::default()
            };
            let options = options.for_question();
            case.hint = self.what_if(&what_if, &options)?.hint;
            case.cut = case.cut.or(options.control().cut());
        }
        Ok(())
    }

    #[allow(clippy::type_complexity)] // (sets with their domain names, how many there would be, nodes without)
    fn cases(&self, question: &AuditQuestion) -> (Vec<(Vec<NodeId>, Option<String>)>, u128, usize) {
        let cluster = self.cluster();
        if let Some(key) = &question.domain {
            let (domains, without) = self.domains(key);
            let all = domains.len() as u128;
            let cases = domains.into_iter().map(|(name, nodes)| (nodes, Some(name)));
            return (cases.take(question.cases_max).collect(), all, without);
        }
        let n = cluster.nodes().len();
        let k = question.k.clamp(1, n.max(1));
        let all = (1..=k).map(|k| choose(n, k)).fold(0u128, u128::saturating_add);
        let mut cases = Vec::new();
        for size in 1..=k {
            sets_of(n, size, question.cases_max, &mut cases);
        }
        (cases.into_iter().map(|set| (set, None)).collect(), all, 0)
    }

    /// Nodes by the value of a label, in the order of the values.
    pub fn domains(&self, key: &str) -> (Vec<(String, Vec<NodeId>)>, usize) {
        let cluster = self.cluster();
        let Some(key) = cluster.names().get(key) else {
            return (Vec::new(), cluster.nodes().len());
        };
        let mut labelled: Vec<(&str, NodeId)> = cluster
            .node_ids()
            .filter_map(|n| Some((cluster.str(cluster.domain(n, key)?), n)))
            .collect();
        labelled.sort_unstable();
        let without = cluster.nodes().len() - labelled.len();
        let domains = labelled
            .chunk_by(|a, b| a.0 == b.0)
            .map(|run| (run[0].0.to_string(), run.iter().map(|&(_, n)| n).collect()))
            .collect();
        (domains, without)
    }
}

fn case(lost: Vec<NodeId>, domain: Option<String>, answer: WhatIf, cut: Option<Cut>) -> AuditCase {
    let verdicts = [
        PodVerdict::Moves,
        PodVerdict::Pending,
        PodVerdict::Waiting,
        PodVerdict::Lost,
        PodVerdict::Stuck,
        PodVerdict::NotEvaluated,
    ];
    let counts = verdicts.map(|v| (v, answer.count_of_loss(v)));
    AuditCase {
        lost,
        domain,
        still_pending: answer.still_pending(),
        verdict: answer.verdict,
        proof: answer.proof,
        scope: answer.scope,
        prediction: answer.prediction.map(|p| p.share),
        hint: None,
        control_plane_down: answer.control_plane.is_down(),
        cut,
        counts,
    }
}

fn choose(n: usize, k: usize) -> u128 {
    (0..k as u128).fold(1, |c: u128, i| c.saturating_mul(n as u128 - i) / (i + 1))
}

/// Sets of `size` of `n` nodes in lexicographic order, until there are `most` in all.
fn sets_of(n: usize, size: usize, most: usize, out: &mut Vec<Vec<NodeId>>) {
    let mut set: Vec<usize> = (0..size).collect();
    if size > n {
        return;
    }
    while out.len() < most {
        out.push(set.iter().map(|&i| NodeId(i as u32)).collect());
        let Some(i) = (0..size).rev().find(|&i| set[i] < n - size + i) else { return };
        set[i] += 1;
        for j in i + 1..size {
            set[j] = set[j - 1] + 1;
        }
    }
}
