//! The program on tiny instances, as one calls it: lines, solutions that the checkers pass, files with faults.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Suite, files, the best objective (found by hand).
const TINY: [(&str, &[&str], i64); 4] = [
    ("vector-packing", &["tiny.vbp"], 3),
    ("cloud-balancing", &["cloud.json"], 410),
    ("gpu-trace", &["nodes.csv", "pods.csv"], 3_000),
    // The example of the challenge's definition, which states this cost.
    ("machine-reassignment", &["model.txt", "assignment.txt"], 2_411),
];

fn instances() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/instances")
}

fn yardstick(suite: &str, files: &[PathBuf], more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .arg(suite)
        .args(files)
        .args(["--time-limit", "3600"])
        .args(more)
        .output()
        .expect("the program starts")
}

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("yardstick");
    std::fs::create_dir_all(&folder).expect("the folder for tests can be written");
    folder.join(name)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn tiny_instances_are_solved_to_the_end() {
    for (suite, files, best) in TINY {
        let files: Vec<PathBuf> = files.iter().map(|f| instances().join(f)).collect();
        let out = scratch(&format!("{suite}.solution"));
        let done = yardstick(suite, &files, &["--out", &out.to_string_lossy()]);
        assert!(done.status.success(), "{suite}: {}", text(&done.stderr));
        let printed = text(&done.stdout);
        assert_eq!(printed.lines().count(), 1, "{suite}: {printed}");
        let line: Value = serde_json::from_str(&printed).expect("a line of JSON");
        assert_eq!(line["objective"], best, "{suite}: {line}");
        assert_eq!(line["bound"], best, "{suite}: {line}");
        assert_eq!(line["status"], "optimal", "{suite}: {line}");
        assert_eq!(line["stop"], "proved", "{suite}: {line}");
        assert!(line["certificate"].is_string() && line["seconds_to_best"].is_number(), "{line}");
        judged_alike(suite, &files, &out, best);
    }
}

/// The checker, which shares nothing with podfit, says the same of the solution.
fn judged_alike(suite: &str, files: &[PathBuf], solution: &Path, objective: i64) {
    let checker = Path::new(env!("CARGO_MANIFEST_DIR")).join("../peers/check.py");
    let checked = Command::new("python3")
        .arg(checker)
        .arg(suite)
        .args(files)
        .arg("--solution")
        .arg(solution)
        .output();
    let Ok(checked) = checked else {
        eprintln!("there is no python3: {suite} is not checked");
        return;
    };
    let said: Value = serde_json::from_slice(&checked.stdout)
        .unwrap_or_else(|e| panic!("{suite}: {e}: {}", text(&checked.stderr)));
    assert_eq!(said["violations"], serde_json::json!([]), "{suite}");
    assert_eq!(said["objective"], objective, "{suite}: {said}");
}

#[test]
fn the_solution_is_the_same_on_one_and_two_threads() {
    for (suite, files, _) in TINY {
        let files: Vec<PathBuf> = files.iter().map(|f| instances().join(f)).collect();
        let of = |threads: &str| {
            let out = scratch(&format!("{suite}.{threads}"));
            let more = ["--threads", threads, "--seed", "7", "--out", &out.to_string_lossy()];
            assert!(yardstick(suite, &files, &more).status.success(), "{suite}");
            std::fs::read_to_string(out).expect("it was written")
        };
        assert_eq!(of("1"), of("2"), "{suite}");
    }
}

const MODEL: &str = include_str!("instances/model.txt");

/// A suite, the texts of its files, and what is said of them, line included.
const FAULTY: [(&str, &[&str], &[&str]); 20] = [
    ("vector-packing", &[""], &["0:1: the file ends where the number of dimensions should be"]),
    ("vector-packing", &["2\n10 10\n1\n3 x 1\n"], &["0:4: a size is \"x\", no integer"]),
    ("vector-packing", &["1\n10\n1\n11 1\n"], &["0:4: a size of 11 does not fit into 10"]),
    ("vector-packing", &["1\n10\n2\n5 1\n"], &["0:4: the file ends where a size should be"]),
    ("vector-packing", &["1\n10\n1\n5 1\n7\n"], &["0:5: \"7\" follows after the end"]),
    ("vector-packing", &["1\n10\n1\n5 -1\n"], &["0:4: the number of such items is -1"]),
    ("vector-packing", &["1\n10\n1\n5 9223372036854775807\n"], &["it may be 0 to 1048576"]),
    ("vector-packing", &["1\n9223372036854775808\n1\n5 1\n"], &["0:2: a capacity is"]),
    ("cloud-balancing", &["{\"computerList\": [],\n\"processList\": [7]}"], &["0:2: ", "cloud-balancing"]),
    ("cloud-balancing", &["{\"computerList\": []}"], &["processList"]),
    (
        "cloud-balancing",
        &["{\"computerList\": [{\"id\": 1, \"cpuPower\": -1, \"memory\": 1, \"networkBandwidth\": 1, \"cost\": 1},
            {\"id\": 1, \"cpuPower\": 1, \"memory\": 1, \"networkBandwidth\": 1, \"cost\": 1}], \"processList\": []}"],
        &["computers 1: an amount of -1", "there are two computers with the id 1"],
    ),
    (
        "gpu-trace",
        &["sn,cpu_milli,memory_mib,gpu\n", "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n"],
        &["0:1: there is no column model"],
    ),
    (
        "gpu-trace",
        &[
            "sn,cpu_milli,memory_mib,gpu,model\na,1,1,1,T4\na,1,x,1,T4\n",
            "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\np,1,1,2,500,\nq,1,1,1,0,\n",
        ],
        &[
            "0:3: a comes twice",
            "0:3: memory_mib is \"x\"",
            "1:2: 500 thousandths of 2 cards",
            "1:3: 0 thousandths of a card",
        ],
    ),
    (
        "gpu-trace",
        &["sn,cpu_milli,memory_mib,gpu,model\na,1,1\n", "name\n"],
        &["0:2: 3 cells under 5 columns"],
    ),
    ("gpu-trace", &["sn,cpu_milli,memory_mib,gpu,model\n"], &["takes two files, nodes and pods, not 1"]),
    ("cloud-balancing", &["{}", "{}"], &["takes one file, not 2"]),
    ("machine-reassignment", &["1\n0 x\n", "0"], &["0:2: the weight of a load cost is \"x\""]),
    ("machine-reassignment", &[MODEL, "0 4 0"], &["1:1: a machine is 4; it may be 0 to 3"]),
    ("machine-reassignment", &[MODEL, "3 3 0"], &["1: machine 3 has 22 of 10 of resource 0", "two processes of service 0 are on machine 3"]),
    // Of service 0 two locations are wanted.
    ("machine-reassignment", &[MODEL, "0 1 0"], &["spans[0]: TooFewDomains"]),
];

#[test]
fn files_with_faults_are_told_with_line_and_cause() {
    for (i, (suite, texts, said)) in FAULTY.iter().enumerate() {
        let files: Vec<PathBuf> = texts
            .iter()
            .enumerate()
            .map(|(k, text)| {
                let file = scratch(&format!("faulty-{i}-{k}"));
                std::fs::write(&file, text).expect("the folder for tests can be written");
                file
            })
            .collect();
        let done = yardstick(suite, &files, &[]);
        let errors = text(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{suite} {texts:?}: {errors}");
        for part in *said {
            assert!(errors.contains(part), "{suite} {texts:?}: {part:?} is not in\n{errors}");
        }
        assert!(!errors.contains("panicked"), "{errors}");
    }
    let missing = yardstick("vector-packing", &[scratch("not-there")], &[]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("cannot be read"), "{}", text(&missing.stderr));
}

#[test]
fn an_instance_without_a_solution_says_so() {
    let file = scratch("too-much.json");
    let text = std::fs::read_to_string(instances().join("cloud.json")).expect("it is there");
    let text = text.replace("\"requiredCpuPower\": 3", "\"requiredCpuPower\": 9");
    std::fs::write(&file, text).expect("the folder for tests can be written");
    let done = yardstick("cloud-balancing", &[file], &[]);
    let line: Value = serde_json::from_slice(&done.stdout).expect("a line of JSON");
    assert_eq!(line["status"], "infeasible", "{line}");
    assert_eq!((&line["objective"], &line["bound"]), (&Value::Null, &Value::Null), "{line}");
    assert_eq!(line["unplaced"], 1, "{line}");
}
