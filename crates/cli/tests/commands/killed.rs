//! The program killed in the middle of a fetch, and two of it at once. Each request of the program
//! passes a gate, which holds the chosen one until the program is dead.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Stands, profile, run, shown};

/// Longer than any fetch of a few hundred listings, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What one gate is to do with requests.
#[derive(Debug, Default)]
struct Orders {
    /// Requests to let pass before one is held; `None` lets all pass.
    hold_after: Option<u32>,
    /// How often what was held was let go.
    released: u32,
}

/// Stands in front of a stand-in, and lets its requests through one connection each.
struct Gate {
    url: String,
    orders: Arc<(Mutex<Orders>, Condvar)>,
    held: Receiver<()>,
}

impl Gate {
    fn before(url: &str) -> Self {
        let server = url.trim_start_matches("http://").trim_end_matches('/');
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let orders = Arc::new((Mutex::default(), Condvar::new()));
        let (tell, held) = channel();
        let (server, watched) = (server.to_owned(), Arc::clone(&orders));
        // Ends with the test's process.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (server, tell) = (server.clone(), tell.clone());
                let orders = Arc::clone(&watched);
                // A program that is killed breaks its lines: that is what this test is about.
                std::thread::spawn(move || drop(pass(client, &server, &orders, &tell)));
            }
        });
        let url = format!("http://{address}");
        Self { url, orders, held }
    }

    /// Holds the request that comes after so many others.
    fn hold_after(&self, requests: u32) {
        self.orders.0.lock().expect("unpoisoned").hold_after = Some(requests);
    }

    /// Lets go what is held, and everything that comes.
    fn release(&self) {
        let mut orders = self.orders.0.lock().expect("unpoisoned");
        orders.hold_after = None;
        orders.released += 1;
        self.orders.1.notify_all();
    }
}

/// One request and its answer.
fn pass(
    mut client: TcpStream,
    server: &str,
    (orders, changed): &(Mutex<Orders>, Condvar),
    tell: &Sender<()>,
) -> std::io::Result<()> {
    let request = request_from(&mut client)?;
    {
        let mut orders = orders.lock().expect("unpoisoned");
        match orders.hold_after {
            Some(0) => {
                let before = orders.released;
                // Nobody listens any more when the test is over.
                let _ = tell.send(());
                let _let_go = changed.wait_while(orders, |orders| orders.released == before);
            }
            Some(left) => orders.hold_after = Some(left - 1),
            None => {}
        }
    }
    let mut server = TcpStream::connect(server)?;
    server.write_all(&request)?;
    std::io::copy(&mut server, &mut client)?;
    Ok(())
}

/// A whole request, asking that the line be closed behind its answer.
fn request_from(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 16_384]);
    loop {
        let read = client.read(&mut chunk)?;
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let Some(head) = text.find("\r\n\r\n") else {
            if read == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            continue;
        };
        let length = text[..head].split_once("content-length:");
        let length = length.and_then(|(_, rest)| rest.lines().next()?.trim().parse().ok());
        if bytes.len() >= head + 4 + length.unwrap_or(0_usize) {
            let first_line = text.find("\r\n").unwrap_or(head) + 2;
            bytes.splice(first_line..first_line, *b"Connection: close\r\n");
            return Ok(bytes);
        }
    }
}

/// The stand-ins behind gates.
struct Site {
    _stands: Stands,
    shop: Gate,
    odoo: Gate,
}

impl Site {
    fn open() -> Self {
        let stands = Stands::start();
        Self {
            shop: Gate::before(&stands.urls["woocommerce"]),
            odoo: Gate::before(&stands.urls["odoo"]),
            _stands: stands,
        }
    }

    /// Makes a profile that is joined to both.
    fn join(&self, folder: &Path) {
        let shop = ["connect", "woocommerce", "shop", "--url", &self.shop.url];
        let odoo = ["connect", "odoo", "erp", "--url", &self.odoo.url];
        for (command, login) in [
            (shop, "manager@partycentre.example"),
            (odoo, "tandem@partycentre.example"),
        ] {
            let mut command = profile(folder, &command);
            done(&run_with(&mut command, &["--login", login]));
        }
        done(&at(folder, &["bind", "shop", "erp", "--company", "1"]));
    }

    fn gate(&self, of: Server) -> &Gate {
        match of {
            Server::Shop => &self.shop,
            Server::Odoo => &self.odoo,
        }
    }

    /// Begins a fetch, and returns it when the request is held that comes after so many others.
    fn fetch_until(&self, folder: &Path, of: Server, requests: u32) -> Child {
        let gate = self.gate(of);
        gate.hold_after(requests);
        let mut child = fetching(folder);
        let began = Instant::now();
        while gate.held.recv_timeout(Duration::from_millis(20)).is_err() {
            let ended = child.try_wait().expect("our own child");
            assert!(
                ended.is_none(),
                "{of:?} {requests}: it ended without asking"
            );
            assert!(began.elapsed() < PATIENCE, "{of:?} {requests}: never held");
        }
        child
    }
}

#[derive(Debug, Clone, Copy)]
enum Server {
    Shop,
    Odoo,
}

fn at(folder: &Path, args: &[&str]) -> Output {
    run(profile(folder, args))
}

fn run_with(command: &mut Command, args: &[&str]) -> Output {
    command.args(args).output().expect("the program is built")
}

fn fetching(folder: &Path) -> Child {
    profile(folder, &["fetch", "shop"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program is built")
}

fn done(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", shown(output));
}

/// Everything that the commands show of a cache.
fn everything(folder: &Path) -> Vec<Value> {
    let many = ["--limit", "100000"];
    let links = ["review", "mapped", "unmatched", "conflicts"];
    let mut asked: Vec<Vec<&str>> = links
        .iter()
        .map(|state| vec!["--json", "links", "shop", "--state", state])
        .collect();
    asked.push(vec!["--json", "orders", "shop"]);
    asked.push(vec!["--json", "problems", "shop"]);
    let document = |args: Vec<&str>| {
        let output = at(folder, &[&args[..], &many].concat());
        serde_json::from_slice(&output.stdout).expect("one JSON document")
    };
    asked.into_iter().map(document).collect()
}

#[test]
fn a_fetch_that_was_killed_again_and_again_ends_with_what_an_undisturbed_one_has() {
    let site = Site::open();
    let (quiet, killed) = (tempfile::tempdir(), tempfile::tempdir());
    let quiet = quiet.expect("a temporary folder");
    let killed = killed.expect("a temporary folder");
    site.join(quiet.path());
    done(&at(quiet.path(), &["fetch", "shop"]));
    let expected = everything(quiet.path());
    let mapped = &expected[1]["total"];
    assert!(mapped.as_u64() > Some(100), "there is something: {mapped}");

    site.join(killed.path());
    for (of, requests) in [
        (Server::Shop, 0),
        (Server::Shop, 3),
        (Server::Odoo, 4),
        (Server::Shop, 5),
        (Server::Odoo, 9),
        (Server::Odoo, 1),
        (Server::Shop, 2),
    ] {
        let mut child = site.fetch_until(killed.path(), of, requests);
        child.kill().expect("it is at work");
        child.wait().expect("our own child");
        site.gate(of).release();
    }
    done(&at(killed.path(), &["fetch", "shop"]));
    assert!(
        everything(killed.path()) == expected,
        "nothing is lost, doubled or old"
    );
}

#[test]
fn a_second_program_on_the_same_profile_says_who_works_and_does_no_harm() {
    let site = Site::open();
    let folder = tempfile::tempdir().expect("a temporary folder");
    site.join(folder.path());
    let first = site.fetch_until(folder.path(), Server::Shop, 2);
    let second = at(folder.path(), &["fetch", "shop"]);
    assert_eq!(second.status.code(), Some(1), "{}", shown(&second));
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("[engine.busy]"), "{said}");
    let who = format!("process {}", first.id());
    assert!(said.contains(&who), "{who}: {said}");
    site.shop.release();
    let first = first.wait_with_output().expect("our own child");
    done(&first);
    let seen = everything(folder.path());
    assert!(
        seen[1]["total"].as_u64() > Some(100),
        "{}",
        seen[1]["total"]
    );
}
