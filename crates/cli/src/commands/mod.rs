//! One function per command; this table is all that there is between the grammar and them.

mod audit;
mod backups;
mod connections;
mod customers;
mod day;
mod demo;
mod health;
mod held;
mod history;
mod imports;
mod learning;
mod links;
mod maps;
mod orders;
mod runs;

use std::path::PathBuf;

use tandem_app::view::VaultState;
use tandem_app::{App, AppError, Code, MatchFiles, Outside, Profile, env_vault, open_vault};

use crate::args::{Args, Command, Secrets};
use crate::config::{Environment, desktop_program, profile_folder};
use crate::exit::Exit;
use crate::output::Out;

type Done = Result<Exit, AppError>;

/// The word by which a fieldless value of the view is spelled, in JSON and in the catalogue.
fn word(value: &impl serde::Serialize) -> String {
    let spelled = serde_json::to_value(value).ok();
    let spelled = spelled.as_ref().and_then(|value| value.as_str());
    spelled.unwrap_or_default().to_owned()
}

/// Waits for work. Ctrl-C asks it to stop, as often as it is pressed; what it did until then, it answers.
async fn or_stopped<T>(work: impl Future<Output = T>, stop: impl Fn()) -> T {
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            pressed = tokio::signal::ctrl_c() => {
                if pressed.is_ok() {
                    stop();
                }
            }
        }
    }
}

/// How many there are, as a sentence counts them.
fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// Runs what was asked for.
pub(crate) async fn run(args: Args, environment: &Environment, out: &mut Out) -> Done {
    let Some(command) = &args.command else {
        return demo::open_window(&[], environment, out);
    };
    match command {
        Command::Demo { text: false } if desktop_program().is_some() && environment.display => {
            demo::open_window(&["demo"], environment, out)
        }
        Command::Demo { .. } => demo::text(out).await,
        Command::Sandbox {
            seed,
            listings,
            orders,
            faults,
        } => demo::sandbox(*seed, (*listings, *orders), faults.as_deref()).await,
        Command::MatchFiles {
            left,
            right,
            out: predictions,
            decisions,
        } => learning::match_files(
            MatchFiles {
                left,
                right,
                decisions: decisions.as_deref(),
                out: predictions,
            },
            out,
        ),
        _ => with_app(&args, environment, out).await,
    }
}

async fn with_app(args: &Args, environment: &Environment, out: &mut Out) -> Done {
    let app = open(args, environment)?;
    let Some(command) = &args.command else {
        return Ok(Exit::Usage);
    };
    match command {
        Command::Demo { .. } | Command::Sandbox { .. } | Command::MatchFiles { .. } => {
            Ok(Exit::Usage)
        }
        Command::Connect { .. } => connections::connect(&app, command, out).await,
        Command::Bind {
            store,
            odoo,
            company,
            warehouses,
        } => connections::bind(&app, (store, odoo), *company, warehouses, out).await,
        Command::Connections => connections::list(&app, out).await,
        Command::Disconnect { slug } => connections::remove(&app, slug, out).await,
        Command::Test { slug } => connections::test(&app, slug, out).await,
        Command::Trust {
            slug, fingerprint, ..
        } => connections::trust(&app, slug, fingerprint.as_deref(), out).await,
        Command::Moved { slug } => connections::moved(&app, slug, out).await,
        Command::RenewKey { slug, password } => {
            connections::renew_key(&app, slug, *password, out).await
        }
        Command::Health { slug: None } => health::all(&app, out).await,
        Command::Health { slug: Some(slug) } => health::one(&app, slug, out).await,
        Command::Problems { store, limit } => health::problems(&app, store, *limit, out).await,
        Command::Fetch { store, full } => runs::fetch(&app, store, *full, out).await,
        Command::Match { store } => runs::match_again(&app, store, out).await,
        Command::Links(wanted) => links::links(&app, wanted, out).await,
        Command::History {
            store,
            listing,
            undo,
            limit,
        } => history::history(&app, store, (listing.as_deref(), *undo, *limit), out).await,
        Command::Decide {
            store,
            listing,
            action,
            variant,
        } => links::decide(&app, store, (listing, *action, *variant), out).await,
        Command::Learned {
            store,
            change,
            words,
        } => {
            let change = change.zip(words.first().zip(words.get(1)));
            let change = change.map(|(change, (one, two))| (change, one.as_str(), two.as_str()));
            learning::learned(&app, store, change, out).await
        }
        Command::Patterns(asked) => learning::patterns(&app, asked, out).await,
        Command::Maps(asked) => maps::maps(&app, asked, out).await,
        Command::Customers(asked) => customers::customers(&app, asked, out).await,
        Command::Orders { .. }
        | Command::Audit(_)
        | Command::Today { .. }
        | Command::Log { .. }
        | Command::Find { .. }
        | Command::Pictures { .. }
        | Command::Support
        | Command::Backup { .. }
        | Command::Restore { .. }
        | Command::Runs { .. } => look(&app, command, out).await,
    }
}

/// Orders, and what only looks at what is there.
async fn look(app: &App, command: &Command, out: &Out) -> Done {
    match command {
        Command::Orders {
            store,
            what,
            keys,
            all,
            paper,
            filter,
        } => {
            let asked = orders::Asked {
                what: *what,
                keys,
                all: *all,
                paper,
                filter,
            };
            orders::orders(app, store, asked, out).await
        }
        Command::Audit(asked) => audit::audit(app, asked, out).await,
        Command::Today { store } => day::today(app, store.as_deref(), out).await,
        Command::Log { run: Some(run), .. } => day::run(app, *run, out).await,
        Command::Log {
            run: None,
            store,
            failed,
            find,
            limit,
        } => day::log(app, (store.as_deref(), *failed, find, *limit), out).await,
        Command::Find { store, text } => day::find(app, store, text, out).await,
        Command::Pictures { clear } => day::pictures(app, *clear, out).await,
        Command::Support => day::support(app, out).await,
        Command::Backup { file } => backups::backup(app, file, out).await,
        Command::Restore { file, yes } => backups::restore(app, file, *yes, out).await,
        Command::Runs { store } => runs::list(app, store, out).await,
        _ => Ok(Exit::Usage),
    }
}

fn open(args: &Args, environment: &Environment) -> Result<App, AppError> {
    let folder = folder_of(args)?;
    let (vault, vault_state) = match args.secrets {
        Secrets::Keychain => open_vault(&args.profile)?,
        Secrets::Env => (
            env_vault(environment.secrets.clone())?,
            VaultState::Environment,
        ),
    };
    let profile = Profile {
        folder: Some(folder),
        sandbox: false,
    };
    let app = App::open(profile, Outside::real(vault, vault_state)?)?;
    if let Some(user) = &environment.user {
        app.sign(user);
    }
    Ok(app)
}

fn folder_of(args: &Args) -> Result<PathBuf, AppError> {
    args.data_dir
        .clone()
        .or_else(|| profile_folder(&args.profile))
        .ok_or_else(|| {
            AppError::new(Code::BadInput)
                .with("field", "data-dir")
                .with("value", "")
        })
}
