//! What if these nodes are lost?

use super::cause::{brief, cause_report};
use super::timeline::timeline;
use super::{Asked, Fault, Question};
use crate::names::{self, Failed};
use crate::report::{self, WhatIfReport};
use crate::request::WhatIfRequest;
use podfit::network::{Lost, Place, network_loss};
use podfit::planner::{RepairQuestion, Verdict, WhatIfQuestion};

impl Question for WhatIfRequest {
    type Report = WhatIfReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<WhatIfReport, Fault> {
        asked.must_have_pods()?;
        let snapshot = asked.snapshot;
        let planner = snapshot.planner();
        let failed = names::lost_some(snapshot.cluster(), snapshot.device(), &self.fail);
        let times = super::times::times(snapshot.cluster(), &self.timing);
        let (failed, times) = names::both(failed, times)?;
        let with_advice = !asked.options.verdict_only;
        let question =
            WhatIfQuestion { explain: true, hint: with_advice, ..question(self, &failed) };
        let answer = planner.what_if(&question, &asked.with_seeds(self.predict))?;
        let list = &asked.options.list;
        let absent = planner.taken_as_absent(&question, &answer);
        let timeline =
            timeline(snapshot.timed(), &failed.hosts, &question, &answer, (&self.timing, times));
        let both = (&answer, &timeline);
        let report = report::what_if(&asked.context(), self, &failed, both, &absent, list);
        let report = match snapshot.cluster().services() {
            [] => report,
            _ => {
                let lost = Lost {
                    nodes: &failed.nodes,
                    loss: question.loss,
                    hosts: &failed.hosts,
                    device: snapshot.device(),
                    answer: &answer,
                    timeline: &timeline,
                };
                let place =
                    Place { cluster: snapshot.cluster(), network: None, assigned: Vec::new() };
                report.with_services(snapshot.cluster(), &network_loss(&place, &lost))
            }
        };
        let later = answer.aftermath.as_ref().and_then(|a| a.fits);
        let short = answer.recovered == Verdict::DoesNotFit
            && (answer.fits == Some(false) || later == Some(false));
        if !short || answer.verdict == Verdict::Down || !with_advice {
            return Ok(report.with_cut(asked.cut()));
        }
        let options = brief(&asked.solve);
        let cause = planner.cause(&question, &answer, &options)?;
        let may_add_nodes = snapshot.device().is_none();
        let repair = RepairQuestion::WhatIf { question: &question, may_add_nodes };
        let cause = cause_report(asked, &cause, &answer.shortest().change, &repair)?;
        Ok(report.with_cause(cause).with_cut(asked.cut()))
    }
}

/// The question about nodes; neither pending pods are explained nor a hint looked for.
pub(super) fn question(ask: &WhatIfRequest, failed: &Failed) -> WhatIfQuestion {
    WhatIfQuestion {
        lost: failed.nodes.clone(),
        loss: ask.mode.into(),
        domains: failed.domains.clone(),
        stay: Vec::new(),
        moves_max: ask.moves,
        explain: false,
        hint: false,
    }
}
