//! What works of the control plane while something fails, and what would survive more?

use super::{Asked, Fault, Question};
use crate::names::{self, RequestError, both};
use crate::report::{self, ControlPlaneReport, PlaneAsked};
use crate::request::ControlPlaneRequest;
use podfit::control_plane::{MEMBERS_MAX, Plan, SURVIVE_MAX, plans, tolerated, with_members};
use podfit::planner::ControlPlaneQuestion;

impl Question for ControlPlaneRequest {
    type Report = ControlPlaneReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<ControlPlaneReport, Fault> {
        let snapshot = asked.snapshot;
        let (cluster, planner) = (snapshot.cluster(), snapshot.planner());
        let topology = planner.topology();
        let failed = names::plane_failed(cluster, snapshot.device(), topology, &self.fail);
        let (failed, plans) = both(failed, planned(self))?;
        let wanted = self.survive.or(self.members.map(tolerated)).unwrap_or(self.k);
        let question = ControlPlaneQuestion {
            failures: failed.failures.clone(),
            goes: self.leader.into(),
            lost: failed.nodes.clone(),
            pods: failed.pods.clone(),
            k: self.k.max(wanted) as usize,
            cases_max: self.cases_max as usize,
        };
        let answer = planner.control_plane(&question, &asked.solve)?;
        let asked_of = PlaneAsked {
            request: self,
            failed: &failed,
            topology,
            answer: &answer,
            plans: &plans,
            wanted,
        };
        Ok(report::control_plane(&asked.context(), &asked_of))
    }
}

/// The plans that are asked for, or everything that is wrong with the numbers.
fn planned(request: &ControlPlaneRequest) -> Result<Vec<Plan>, Vec<RequestError>> {
    let mut errors = Vec::new();
    for (place, value) in [("k", request.k), ("casesMax", request.cases_max)] {
        if value == 0 {
            let fault = ("too-few", "0 asks nothing".into(), "give 1 or more".into());
            errors.push(names::at(place, fault));
        }
    }
    if let Some(survive) = request.survive.filter(|n| *n > SURVIVE_MAX) {
        let cause =
            format!("to survive {survive}, etcd needs {} members", 2 * u64::from(survive) + 1);
        let fix =
            format!("ask for 0 to {SURVIVE_MAX}: etcd advises no more than {MEMBERS_MAX} members");
        errors.push(names::at("survive", ("out-of-range", cause, fix)));
    }
    if let Some(members) = request.members {
        let nearest = |n: u32| format!("ask for {} or {}", n - 1, n + 1);
        let fault = match members {
            0 => Some((
                "too-few",
                "etcd has a member at least".into(),
                "ask for 1, 3, 5 or 7".into(),
            )),
            n if n > MEMBERS_MAX => {
                let fix = "ask for 1, 3, 5 or 7: each write waits for a majority, so that more are slower";
                Some((
                    "out-of-range",
                    format!("{n} members are more than etcd advises"),
                    fix.into(),
                ))
            }
            2 => Some((
                "even-members",
                "two members tolerate no loss: either stops etcd".into(),
                nearest(2),
            )),
            n if n.is_multiple_of(2) => {
                let cause =
                    format!("{n} members tolerate the loss of {}, as {} do", tolerated(n), n - 1);
                Some(("even-members", cause, nearest(n)))
            }
            _ => None,
        };
        errors.extend(fault.map(|fault| names::at("members", fault)));
    }
    if let (Some(survive), Some(members)) = (request.survive, request.members)
        && errors.is_empty()
        && tolerated(members) != survive
    {
        let cause = format!(
            "{members} members survive the loss of {}, not of {survive}",
            tolerated(members)
        );
        errors.push(names::at("members", ("contradiction", cause, "leave one of them out".into())));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let found = match (request.survive, request.members) {
        (Some(survive), _) => plans(survive),
        (None, Some(members)) => with_members(members),
        (None, None) => None,
    };
    Ok(found.unwrap_or_default())
}
