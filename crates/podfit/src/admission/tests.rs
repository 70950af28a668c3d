use super::*;
use crate::model::{
    ClusterBuilder, NodeSpec, PodSpec, Quota as ModelQuota, Resources, Scope, Shape,
};

/// splitmix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn below(state: &mut u64, n: u64) -> u64 {
    next(state) % n
}

/// A pod of the plain list: what it asks, whether it has a deadline, and whether it is there, goes, or is to be made.
#[derive(Clone, Copy)]
struct Plain {
    cpu: i64,
    ends: bool,
    state: u64,
}

const GOES: u64 = 2;
const TO_BE_MADE: u64 = 3;

/// Admission pod by pod, summed up anew each time.
fn by_hand(pods: &[Plain], hard: [Option<i64>; 2], ends: Option<bool>) -> Vec<bool> {
    let mut there: Vec<Plain> =
        pods.iter().filter(|p| p.state != GOES && p.state != TO_BE_MADE).copied().collect();
    let mut admitted = Vec::new();
    for pod in pods.iter().filter(|p| p.state == GOES || p.state == TO_BE_MADE) {
        let is_meant = |p: &&Plain| ends.is_none_or(|ends| p.ends == ends);
        let count = there.iter().filter(is_meant).count() as i64;
        let cpu: i64 = there.iter().filter(is_meant).map(|p| p.cpu).sum();
        let within = |hard: Option<i64>, used: i64, asked: i64| {
            asked == 0 || hard.is_none_or(|hard| used + asked <= hard)
        };
        let fits = within(hard[0], count, 1) && within(hard[1], cpu, pod.cpu);
        let ok = !is_meant(&pod) || fits;
        if ok {
            there.push(*pod);
        }
        admitted.push(ok);
    }
    admitted
}

#[test]
fn the_ledger_admits_what_sums_allow() {
    let (mut refused, mut passed) = (0, 0);
    for seed in podfit_soak::seeds(2_000, 200_000) {
        let mut r = seed;
        let mut b = ClusterBuilder::new();
        b.add_node(NodeSpec { name: "a".into(), ..NodeSpec::default() }, 0);
        let pods: Vec<Plain> = (0..2 + below(&mut r, 8))
            .map(|_| Plain {
                cpu: below(&mut r, 4) as i64,
                ends: below(&mut r, 3) == 0,
                state: below(&mut r, 4),
            })
            .collect();
        let limit = |r: &mut u64, n| (below(r, 4) > 0).then(|| below(r, n) as i64);
        let hard = [limit(&mut r, 6), limit(&mut r, 9)];
        let ends = [None, Some(true), Some(false)][below(&mut r, 3) as usize];
        let (namespace, name) = (b.intern("d"), b.intern("q"));
        let charges = [Charge::Pods, Charge::Requests(ResourceId::CPU)];
        b.add_quota(ModelQuota {
            namespace,
            name,
            hard: charges.into_iter().zip(hard).filter_map(|(c, n)| Some((c, n?))).collect(),
            scopes: ends.map(Scope::Ends).into_iter().collect(),
        });
        for (i, pod) in pods.iter().enumerate() {
            let mut shape: Shape = b.shape("d", Resources::new().with(ResourceId::CPU, pod.cpu));
            shape.charges.ends = pod.ends;
            shape.charges.unstated = Default::default();
            let node = (pod.state != TO_BE_MADE).then(|| "a".to_string());
            let made = pod.state != TO_BE_MADE;
            b.add_pod(PodSpec { node, made, ..PodSpec::new(format!("p{i}"), shape) }, 0);
        }
        let cluster = b.build().expect("valid");
        let goes = |i: &usize| pods[*i].state == GOES;
        let going = (0..pods.len()).filter(goes).map(|i| PodId(i as u32));
        let mut ledger = Ledger::new(&cluster, going).expect("there is a quota");
        let asked = (0..pods.len()).filter(|i| goes(i) || pods[*i].state == TO_BE_MADE);
        let found: Vec<bool> = asked.map(|i| ledger.admit(PodId(i as u32)).is_ok()).collect();
        assert_eq!(found, by_hand(&pods, hard, ends), "seed {seed}");
        refused += found.iter().filter(|ok| !**ok).count();
        passed += found.iter().filter(|ok| **ok).count();
    }
    assert!(refused > 100 && passed > 100, "{refused} {passed}");
}
