//! What the commands print and how they exit, with the parts that change from run to run replaced.

#[path = "commands/killed.rs"]
mod killed;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

fn tandem(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tandem"));
    command
        .args(args)
        .env("LC_ALL", "C")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    command.stdin(Stdio::null());
    command
}

fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!(
        "exit {}\n--- stdout\n{}--- stderr\n{}",
        output.status.code().expect("ended by itself"),
        text(&output.stdout),
        text(&output.stderr)
    )
}

/// Durations, dates and ports change from run to run; everything else must not.
fn filters() -> Vec<(&'static str, &'static str)> {
    vec![
        (r" +\d+\.\d s", " [time]"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
        (r"\d{4}-\d{2}-\d{2}T[0-9:.]+Z", "[instant]"),
        (r"[+-]\d+ s", "[skew]"),
        // What the engine was measured at is the engine's own matter.
        (r"\d+\.\d\d % right", "[share] % right"),
    ]
}

macro_rules! assert_shown {
    ($name:literal, $output:expr) => {
        insta::with_settings!({ filters => filters(), omit_expression => true }, {
            insta::assert_snapshot!($name, shown(&$output));
        });
    };
}

/// Stand-ins in a process of their own; stopped when dropped.
struct Stands {
    process: Child,
    urls: BTreeMap<String, String>,
}

impl Stands {
    fn start() -> Self {
        let mut process = tandem(&["sandbox", "--listings", "300"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program is built");
        let mut lines = String::new();
        let mut reader = BufReader::new(process.stdout.take().expect("piped"));
        while !lines.ends_with("]\n") {
            assert_ne!(
                reader.read_line(&mut lines).expect("readable"),
                0,
                "it prints a list"
            );
        }
        let accounts: Vec<Value> = serde_json::from_str(&lines).expect("JSON");
        let text = |account: &Value, field: &str| account[field].as_str().unwrap_or("").to_owned();
        let urls = accounts
            .iter()
            .map(|a| (text(a, "kind"), text(a, "url")))
            .collect();
        Self { process, urls }
    }
}

impl Drop for Stands {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A profile whose secrets come from the environment.
fn profile(folder: &Path, args: &[&str]) -> Command {
    let folder = folder.display().to_string();
    let mut all = vec!["--data-dir", &folder, "--secrets", "env"];
    all.extend_from_slice(args);
    let mut command = tandem(&all);
    command
        .env(
            "TANDEM_SECRET_SHOP",
            r#"{"secret":"abcd EFGH 1234 ijkl MNOP 5678"}"#,
        )
        .env(
            "TANDEM_SECRET_ERP",
            r#"{"secret":"5a0dec0ffee5a0dec0ffee5a0dec0ffee5a0dec0"}"#,
        );
    command
}

fn run(mut command: Command) -> Output {
    command.output().expect("the program is built")
}

#[test]
fn help_is_the_contract() {
    assert_shown!("help", run(tandem(&["--help"])));
}

#[test]
fn the_demonstration_shows_the_whole_job() {
    assert_shown!("demo", run(tandem(&["demo", "--text"])));
}

#[test]
fn the_demonstration_is_one_json_document() {
    let output = run(tandem(&["--json", "demo", "--text"]));
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    for member in ["connections", "fetch", "mapping", "orders"] {
        assert!(document[member].is_object(), "{member}");
    }
    assert_eq!(
        output.status.code(),
        Some(0),
        "it showed what it had to show"
    );
}

#[test]
fn a_road_from_two_addresses_to_the_orders_that_wait() {
    let stands = Stands::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |args: &[&str]| run(profile(folder.path(), args));
    let connect = |kind: &str, slug: &str, login: &str| {
        at(&[
            "connect",
            kind,
            slug,
            "--url",
            &stands.urls[kind],
            "--login",
            login,
        ])
    };
    assert_shown!(
        "connect",
        connect("woocommerce", "shop", "manager@partycentre.example")
    );
    assert_eq!(
        connect("odoo", "erp", "tandem@partycentre.example")
            .status
            .code(),
        Some(0)
    );
    assert_shown!("fetch_unbound", at(&["fetch", "shop"]));
    assert_shown!("bind_ambiguous", at(&["bind", "shop", "erp"]));
    assert_shown!("bind", at(&["bind", "shop", "erp", "--company", "1"]));
    assert_shown!("fetch", at(&["fetch", "shop"]));
    assert_shown!("links", at(&["links", "shop", "--limit", "5"]));
    assert_shown!("orders", at(&["orders", "shop", "--limit", "8"]));
    sells(&at);
    assert_shown!(
        "decide_unknown",
        at(&["decide", "shop", "no-such", "ignore"])
    );
    assert_shown!("undo_nothing", at(&["decide", "shop", "-", "undo"]));
    assert_shown!("learned", at(&["learned", "shop"]));
    assert_shown!(
        "learned_add",
        at(&["learned", "shop", "add", "ballon", "balloon"])
    );
    assert_shown!("learned_half", at(&["learned", "shop", "add", "ballon"]));
    assert_shown!("patterns", at(&["patterns", "shop"]));
    assert_shown!(
        "patterns_unknown",
        at(&["patterns", "shop", "sample", "no.such.one"])
    );
    let alike = "likely.8.high";
    let unseen = at(&["patterns", "shop", "accept", alike]);
    assert_shown!("patterns_unseen", unseen);
    let stale = at(&["patterns", "shop", "accept", alike, "--seen", "1-other"]);
    assert_shown!("patterns_stale", stale);
    let sample = at(&["--json", "patterns", "shop", "accept", alike]);
    let sample: Value = serde_json::from_slice(&sample.stdout).expect("one document");
    let set = sample["set"].as_str().expect("a sample names its set");
    let seen = at(&["patterns", "shop", "accept", alike, "--seen", set]);
    assert_shown!("patterns_seen", seen);
    assert_shown!("connections", at(&["connections"]));
    assert_shown!("health", at(&["health", "shop"]));
    assert_shown!("health_all", at(&["health"]));
    assert_shown!("problems", at(&["problems", "shop"]));
    let print = format!("{}0F", "AB:".repeat(31));
    assert_shown!("trust", at(&["trust", "shop", &print]));
    assert_shown!("trust_wrong", at(&["trust", "shop", "AB:CD"]));
    assert_shown!("moved", at(&["moved", "shop"]));
    assert_shown!("renew_key_env", at(&["renew-key", "erp"]));
    assert_shown!("disconnect", at(&["disconnect", "shop"]));
}

/// Maps are settled, what holds orders back is said once with what clears it, and orders go in.
fn sells(at: &impl Fn(&[&str]) -> Output) {
    assert_shown!("maps_accept", at(&["maps", "shop", "accept"]));
    assert_shown!(
        "maps_choices",
        at(&["maps", "shop", "set", "status", "out-for-delivery", "soon"])
    );
    assert_shown!("maps", at(&["maps", "shop"]));
    assert_shown!("orders_plan", at(&["orders", "shop", "plan"]));
    let plan = at(&["--json", "orders", "shop", "plan"]);
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).expect("a document");
    let first = &plan["orders"][0]["number"];
    let first = first.as_str().expect("an order goes in");
    assert_shown!("orders_import", at(&["orders", "shop", "import", first]));
    assert_shown!("orders_changes", at(&["orders", "shop", "changes", first]));
    assert_shown!("orders_import_none", at(&["orders", "shop", "import"]));
    assert_shown!(
        "orders_import_unknown",
        at(&["orders", "shop", "import", "no-such"])
    );
    assert_shown!(
        "audit",
        at(&[
            "audit",
            "shop",
            "--from",
            "2026-01-01",
            "--to",
            "2026-12-31"
        ])
    );
    told(at, &plan);
}

#[test]
fn two_files_are_matched_and_a_fault_in_one_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("writable");
        path.display().to_string()
    };
    let left = file(
        "left.csv",
        "id,sku,name,price\nL1,BALLOON-RED-30,Red balloon 30 cm,1.50\nL2,,Nothing like it,3\n",
    );
    let right = file(
        "right.csv",
        "id,sku,name,price\nR1,BALLOON-RED-30,Balloon red 30 cm,1.50\nR2,CUP-12,Paper cup,2\n",
    );
    let broken = file("broken.csv", "id,name\n1,a\n2,b,c\n");
    let decisions = file("decisions.csv", "left_id,right_id,decision\nL1,R1,reject\n");
    let out = folder.path().join("out.csv").display().to_string();
    let shown = |args: &[&str]| {
        let output = run(tandem(&[&["match-files"], args].concat()));
        let place = folder.path().display().to_string();
        shown(&output).replace(&place, "[folder]")
    };
    let predictions = || std::fs::read_to_string(&out).expect("written");
    let done = shown(&[&left, &right, "--out", &out]);
    insta::assert_snapshot!("match_files", format!("{done}\n{}", predictions()));
    let decided = shown(&[&left, &right, "--out", &out, "--decisions", &decisions]);
    assert!(!predictions().contains("L1,R1"), "rejected: {decided}");
    insta::assert_snapshot!(
        "match_files_broken",
        shown(&[&left, &broken, "--out", &out])
    );
    let stray = file(
        "stray.csv",
        "left_id,right_id,decision\nL1,R1,accept\nL1,R9,reject\n",
    );
    let stray = shown(&[&left, &right, "--out", &out, "--decisions", &stray]);
    assert!(
        stray.contains("row 3: there is no right_id `R9`"),
        "{stray}"
    );
    let missing = format!("{left}.no");
    insta::assert_snapshot!(
        "match_files_missing",
        shown(&[&missing, &right, "--out", &out])
    );
}

#[test]
fn a_wrong_secret_says_what_to_do_and_no_secret_is_printed() {
    let stands = Stands::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let login = ["--login", "tandem@partycentre.example"];
    let mut command = profile(
        folder.path(),
        &[
            &["connect", "odoo", "erp", "--url", &stands.urls["odoo"]][..],
            &login[..],
        ]
        .concat(),
    );
    command.env(
        "TANDEM_SECRET_ERP",
        r#"{"secret":"canary-of-the-command-line"}"#,
    );
    let output = run(command);
    assert!(
        !shown(&output).contains("canary"),
        "no secret is ever printed"
    );
    assert_shown!("wrong_secret", output);
}

#[test]
fn bad_input_is_a_usage_error_in_words_and_in_json() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_shown!("empty", run(profile(folder.path(), &["connections"])));
    assert_shown!(
        "unknown_connection",
        run(profile(folder.path(), &["test", "nobody"]))
    );
    assert_shown!(
        "unknown_connection_json",
        run(profile(folder.path(), &["--json", "test", "nobody"]))
    );
    assert_shown!(
        "bad_name",
        run(profile(folder.path(), &["test", "Not A Name"]))
    );
}

/// What a store would be told about the customers of orders that are in Odoo, and telling it.
fn told(at: &impl Fn(&[&str]) -> Output, plan: &serde_json::Value) {
    let orders = plan["orders"].as_array().expect("a list").iter().skip(1);
    let numbers = orders.filter_map(|order| order["number"].as_str());
    // One after another, so that everybody has the same id in Odoo each time.
    for number in numbers.take(4) {
        at(&["orders", "shop", "import", number]);
    }
    assert_shown!("customers_off", at(&["customers", "shop"]));
    assert_shown!(
        "customers_set",
        at(&["customers", "shop", "set", "--mark", "on"])
    );
    assert_shown!("customers_plan", at(&["customers", "shop"]));
    assert_shown!("customers_apply", at(&["customers", "shop", "apply"]));
    assert_shown!("customers_done", at(&["customers", "shop"]));
}
