//! Which losses does the cluster survive?

use super::timeline::timeline;
use super::what_if::question;
use super::{Asked, Fault, Question};
use crate::names::{self, RequestError};
use crate::report::{self, AuditReport};
use crate::request::{AuditRequest, WhatIfRequest};
use podfit::model::Cluster;
use podfit::planner::{AuditQuestion, Options, WhatIf, WhatIfQuestion};

impl Question for AuditRequest {
    type Report = AuditReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<AuditReport, Fault> {
        asked.must_have_pods()?;
        let snapshot = asked.snapshot;
        let (cluster, planner) = (snapshot.cluster(), snapshot.planner());
        let (_, times) =
            names::both(faults(cluster, self), super::times::times(cluster, &self.timing))?;
        // Each case has the time of a question.
        let options = Options { seeds: self.predict, ..asked.options.for_planner() };
        let mut hosts = Vec::new();
        if let (Some(device), None) = (snapshot.device(), &self.domain) {
            for host in &device.hosts {
                let fail = vec![host.id.name().to_string()];
                let (mode, moves, predict) = (self.mode, self.moves, self.predict);
                let one = WhatIfRequest { fail, mode, moves, predict, ..WhatIfRequest::default() };
                // A host of the device is always found, unless a node has its name: then that is a case below.
                if let Ok(failed) = names::lost_some(cluster, Some(device), &one.fail)
                    && !failed.hosts.is_empty()
                {
                    let options = options.for_question();
                    let question = question(&one, &failed);
                    let answer = planner.what_if(&question, &options)?;
                    let timing = (&self.timing, times.clone());
                    let recovered =
                        timeline(snapshot.timed(), &failed.hosts, &question, &answer, timing)
                            .recovered;
                    hosts.push((host.id, failed, answer, options.control().cut(), recovered));
                }
            }
        }
        let question = AuditQuestion {
            k: self.k as usize,
            domain: self.domain.clone(),
            cases_max: self.cases_max as usize,
            loss: self.mode.into(),
            moves_max: self.moves,
            hints: !asked.options.verdict_only,
        };
        let recovered = |question: &WhatIfQuestion, answer: &WhatIf| {
            let timing = (&self.timing, times.clone());
            timeline(snapshot.timed(), &[], question, answer, timing).recovered
        };
        let (audit, recovered) = planner.audit_with(&question, &options, recovered)?;
        let absent = planner.taken_as_absent_anywhere(question.loss, question.moves_max);
        Ok(report::audit(
            asked.snapshot.planner(),
            &asked.context(),
            self,
            (&audit, &recovered),
            &hosts,
            &absent,
        ))
    }
}

fn faults(cluster: &Cluster, request: &AuditRequest) -> Result<(), Vec<RequestError>> {
    let mut errors = Vec::new();
    for (place, value) in [("k", request.k), ("casesMax", request.cases_max)] {
        if value == 0 {
            let fault = ("too-few", "0 asks nothing".into(), "give 1 or more".into());
            errors.push(names::at(place, fault));
        }
    }
    if let Some(Err(fault)) = request.domain.as_ref().map(|key| names::label_choices(cluster, key))
    {
        errors.push(names::at("domain", fault));
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}
