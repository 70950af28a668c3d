//! Disruption budgets.

use super::*;

fn budget(name: &str, spec: &str, status: &str) -> String {
    format!(
        r#"{{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{{"name":"{name}","namespace":"d"}},
        "spec":{{{spec}}}{status}}}"#
    )
}

const WEB: &str = r#""selector":{"matchLabels":{"app":"web"}}"#;

fn allowed(loaded: &Loaded) -> Vec<i64> {
    loaded.cluster.budgets().iter().map(|b| b.allowed).collect()
}

#[test]
fn the_status_tells_how_many_may_go() {
    let p = pod("p", "");
    let all = budget(
        "all",
        r#""selector":{},"maxUnavailable":1"#,
        r#","status":{"disruptionsAllowed":3}"#,
    );
    let none = budget("none", r#""minAvailable":1"#, r#","status":{"disruptionsAllowed":0}"#);
    let web = budget("web", WEB, r#","status":{"disruptionsAllowed":2}"#);
    let old = all.replace("policy/v1", "policy/v1beta1").replace("\"all\"", "\"old\"");
    let loaded = load(&[NODE, &p, &all, &none, &web, &old]);
    let c = &loaded.cluster;
    assert_eq!(allowed(&loaded), [3, 0, 2, 3]);
    let meant: Vec<_> = c.budgets_of(&c.shapes()[0]).map(|i| c.str(c.budgets()[i].name)).collect();
    assert_eq!(meant, ["all", "web"]);
    assert!(loaded.assumptions.iter().all(|a| !a.contains("budgets")));
    assert!(loaded.not_evaluated.iter().all(|s| !s.contains("budget")));
}

/// Replicas of `web`, as many as stated, of which the first are ready and one more is on its way out.
fn replicas(stated: usize, ready: usize) -> Vec<String> {
    let mut pods: Vec<_> = (0..stated)
        .map(|i| {
            let status = if i < ready { "True" } else { "False" };
            format!(
                r#"{{"kind":"Pod","metadata":{{"name":"web-{i}","namespace":"d","labels":{{"app":"web"}},"ownerReferences":[
                {{"apiVersion":"apps/v1","kind":"StatefulSet","name":"web","controller":true}}]}},"spec":{{"nodeName":"a",{CONTAINER}}},
                "status":{{"conditions":[{{"type":"Ready","status":"{status}"}}]}}}}"#
            )
        })
        .collect();
    let going = pods[0]
        .replace("web-0", "going")
        .replace("\"labels\"", r#""deletionTimestamp":"2026-01-01T00:00:00Z","labels""#);
    pods.push(going);
    pods
}

#[test]
fn without_a_status_it_is_computed_as_the_controller_does() {
    let set = r#"{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web","namespace":"d"},"spec":{"replicas":5}}"#;
    for (rule, ready, with_set, without) in [
        (r#""minAvailable":2"#, 4, 2, 2),
        (r#""minAvailable":9"#, 4, 0, 0),
        // 50 % of 5 (of 6 pods where the set is not in the input) is 3, rounded up.
        (r#""minAvailable":"50%""#, 4, 1, 1),
        (r#""minAvailable":"1%""#, 4, 3, 3),
        (r#""maxUnavailable":1"#, 5, 1, 0),
        (r#""maxUnavailable":"30%""#, 5, 2, 1),
        (r#""maxUnavailable":"100%""#, 3, 3, 3),
        (r#""maxUnavailable":7"#, 3, 3, 3),
    ] {
        let spec = format!("{WEB},{rule}");
        let (pods, budget) = (replicas(5, ready), budget("web", &spec, ""));
        let mut inputs = vec![NODE, &budget];
        inputs.extend(pods.iter().map(String::as_str));
        assert_eq!(allowed(&load(&inputs)), [without], "{rule} without the set");
        inputs.push(set);
        let loaded = load(&inputs);
        assert_eq!(allowed(&loaded), [with_set], "{rule}");
        assert!(loaded.assumptions.iter().any(|a| a.contains("1 disruption budgets")));
    }
    assert_eq!(allowed(&load(&[NODE, &budget("web", WEB, "")])), [0], "it states no rule");
    let other = budget("x", r#""selector":{"matchLabels":{"app":"y"}},"maxUnavailable":1"#, "");
    assert_eq!(allowed(&load(&[NODE, &other])), [0], "it means nobody");
    // A bare pod is nobody's, and where nothing is said of readiness, a pod with a node is taken as ready.
    let bare = pod("p", "");
    let starts = bare.replacen(
        "\"spec\"",
        r#""status":{"conditions":[{"type":"PodScheduled","status":"True"}]},"spec""#,
        1,
    );
    let zero = budget("web", &format!(r#"{WEB},"minAvailable":0"#), "");
    assert_eq!(allowed(&load(&[NODE, &starts, &zero])), [0], "its conditions do not say Ready");
    for (rule, expected) in [(r#""minAvailable":0"#, 1), (r#""maxUnavailable":1"#, 0)] {
        let loaded = load(&[NODE, &bare, &budget("web", &format!("{WEB},{rule}"), "")]);
        assert_eq!(allowed(&loaded), [expected], "{rule}");
    }
}

#[test]
fn wrong_numbers_are_told() {
    for wrong in ["-1", "\"half\"", "\"-5%\"", "true", "1.5", "[]"] {
        let list = faults(&[NODE, &budget("b", &format!(r#"{WEB},"minAvailable":{wrong}"#), "")]);
        assert_eq!(list.len(), 1, "{list:?}");
        assert_eq!(list[0].code, "value-unknown", "{wrong}");
        assert!(list[0].place.ends_with("(PodDisruptionBudget d/b): spec.minAvailable"));
    }
    let list = faults(&[NODE, &budget("b", WEB, r#","status":{"disruptionsAllowed":"x"}"#)]);
    assert_eq!(list[0].code, "wrong-type");
}
