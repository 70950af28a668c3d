//! Leader election against a simulation, millisecond by millisecond where something happens, written of client-go's loops alone.

use crate::control_plane::{Goes, after_restart, faults, gives_up, hand_over, may_overlap};
use crate::model::{Interval, LeaseTimes};

/// A small generator of numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % n.max(1) as u64) as i64
    }

    /// Up to the end, which is taken as often as any value between: so the ends of intervals are met.
    fn up_to(&mut self, n: i64) -> i64 {
        match self.below(4) {
            0 => 0,
            1 => n,
            _ => self.below(n + 1),
        }
    }
}

/// The record in the API: who holds it, and a number that each renewal changes.
struct Record {
    held: bool,
    version: u64,
}

/// One that waits: its next look, and the record that it saw last with the time when it first saw it.
struct Standby {
    next: i64,
    seen: Option<(u64, i64)>,
}

/// The leader: its next try to renew, since when the one at hand has been failing, and when it was gone.
struct Leader {
    next: i64,
    failing_since: Option<i64>,
    gone: Option<i64>,
}

/// What happens next.
#[derive(Clone, Copy)]
enum Event {
    Failure,
    Renewal,
    Look(usize),
}

struct Run {
    /// From the failure until another leads.
    taken: i64,
    /// From the failure until the old leader is gone.
    stopped: i64,
}

/// A leader renews, fails at some moment, and standbys look on: until another leads and the old one is gone.
fn run(times: &LeaseTimes, goes: Goes, standbys: usize, dice: &mut Dice) -> Run {
    let mut record = Record { held: true, version: 0 };
    let mut leader = Leader { next: 0, failing_since: None, gone: None };
    let mut others: Vec<Standby> =
        (0..standbys).map(|_| Standby { next: dice.up_to(times.retry_ms), seen: None }).collect();
    let fails = times.lease_ms * 3 + dice.up_to(times.retry_ms);
    let (mut has_failed, mut taken) = (false, None);
    loop {
        if let (Some(taken), Some(gone)) = (taken, leader.gone) {
            return Run { taken, stopped: gone - fails };
        }
        let failure = (!has_failed).then_some((fails, Event::Failure));
        let renewal = leader.gone.is_none().then_some((leader.next, Event::Renewal));
        let looks = others.iter().enumerate().map(|(i, o)| (o.next, Event::Look(i)));
        // At the same moment any may come first.
        let all = failure.into_iter().chain(renewal).chain(looks);
        let (now, event) = all.min_by_key(|(at, _)| (*at, dice.below(1000))).unwrap();
        match event {
            Event::Failure => {
                has_failed = true;
                if goes != Goes::CutOff {
                    leader.gone = Some(now);
                }
                if goes == Goes::Release {
                    record = Record { held: false, version: record.version + 1 };
                }
            }
            Event::Renewal if !has_failed => {
                record.version += 1;
                leader.next = now + times.retry_ms;
            }
            Event::Renewal => {
                let gives_up = *leader.failing_since.get_or_insert(now) + times.renew_ms;
                if now >= gives_up {
                    leader.gone = Some(now);
                }
                leader.next = (now + times.retry_ms).min(gives_up);
            }
            Event::Look(i) => {
                let other = &mut others[i];
                if other.seen.is_none_or(|(version, _)| version != record.version) {
                    other.seen = Some((record.version, now));
                }
                let (_, since) = other.seen.unwrap();
                if !record.held || now - since >= times.lease_ms {
                    taken = taken.or(Some(now - fails));
                }
                other.next = now + times.retry_ms + dice.up_to(times.retry_ms * 12 / 10);
            }
        }
    }
}

fn random_times(dice: &mut Dice) -> LeaseTimes {
    loop {
        let times = LeaseTimes {
            lease_ms: 1000 * (2 + dice.below(40)),
            renew_ms: 1000 * (1 + dice.below(30)),
            retry_ms: 500 * (1 + dice.below(8)),
        };
        if faults(&times).is_empty() {
            return times;
        }
    }
}

fn hull(found: Option<Interval>, ms: i64) -> Option<Interval> {
    Some(found.map_or(Interval::exactly(ms), |f| f.hull(Interval::exactly(ms))))
}

const WAYS: [Goes; 3] = [Goes::Crash, Goes::Release, Goes::CutOff];

#[test]
fn the_simulation_stays_within_the_interval_and_meets_its_ends() {
    let defaults = LeaseTimes::default();
    for goes in WAYS {
        let (mut found, mut stops) = (None, None);
        let expected = hand_over(&defaults, goes);
        for seed in podfit_soak::seeds(40_000, 1_000_000) {
            let dice = &mut Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ goes as u64);
            let run = run(&defaults, goes, 1, dice);
            assert!(expected.time.contains(run.taken), "{goes:?} seed {seed}: {} ms", run.taken);
            found = hull(found, run.taken);
            stops = hull(stops, run.stopped);
        }
        // The ends are reached but for what the dice leave out.
        let found = found.unwrap();
        let (min, max) = (expected.time.min_ms(), expected.time.max_ms().unwrap());
        assert!(found.min_ms() - min < 600, "{goes:?}: {found} of {}", expected.time);
        assert!(max - found.max_ms().unwrap() < 600, "{goes:?}: {found} of {}", expected.time);
        assert_eq!(stops, Some(expected.old_stops.unwrap_or(Interval::ZERO)), "{goes:?}");
    }
}

#[test]
fn any_times_and_any_number_of_standbys() {
    let mut overlaps = 0;
    for seed in podfit_soak::seeds(3_000, 200_000) {
        let dice = &mut Dice(seed);
        let times = random_times(dice);
        let standbys = 1 + dice.below(4) as usize;
        for goes in WAYS {
            let run = run(&times, goes, standbys, dice);
            let expected = hand_over(&times, goes);
            assert!(
                expected.time.contains(run.taken),
                "{goes:?} {times:?} seed {seed}: {}",
                run.taken
            );
            let stops = expected.old_stops.unwrap_or(Interval::ZERO);
            assert!(stops.contains(run.stopped), "{goes:?} {times:?} seed {seed}: {}", run.stopped);
            // Two at once only where that is said to be possible.
            assert!(run.stopped <= run.taken || may_overlap(&times), "{times:?} seed {seed}");
            overlaps += usize::from(run.stopped > run.taken);
        }
    }
    assert!(overlaps > 0, "no leader outlived its lease in any run");
}

#[test]
fn the_numbers_of_the_defaults() {
    let words = |goes| hand_over(&LeaseTimes::default(), goes).time.to_string();
    assert_eq!(words(Goes::Crash), "13 s to 23.8 s");
    assert_eq!(words(Goes::CutOff), "13 s to 23.8 s");
    assert_eq!(words(Goes::Release), "0 s to 4.4 s");
    assert_eq!(after_restart(&LeaseTimes::default()).time.to_string(), "15 s to 19.4 s");
    assert_eq!(gives_up(&LeaseTimes::default()).to_string(), "10 s to 12 s");
    assert!(!may_overlap(&LeaseTimes::default()));
    for goes in WAYS {
        let h = hand_over(&LeaseTimes::default(), goes);
        let sums = h.terms.iter().fold((0, 0), |s, t| (s.0 + t.min_ms, s.1 + t.max_ms));
        assert_eq!(h.time, Interval::between(sums.0, sums.1));
    }
}

#[test]
fn times_that_client_go_refuses() {
    let of =
        |lease_ms, renew_ms, retry_ms| faults(&LeaseTimes { lease_ms, renew_ms, retry_ms }).len();
    assert_eq!(of(15_000, 10_000, 2_000), 0);
    assert_eq!(of(10_000, 10_000, 2_000), 1);
    assert_eq!(of(15_000, 2_400, 2_000), 1);
    assert_eq!(of(1_000, 2_000, 2_000), 2);
    assert_eq!(of(0, 0, 0), 3);
    // Numbers from outside overflow nothing.
    let far = LeaseTimes { lease_ms: i64::MAX, renew_ms: i64::MAX - 1, retry_ms: i64::MAX / 2 };
    faults(&far);
    hand_over(&far, Goes::Crash);
}
