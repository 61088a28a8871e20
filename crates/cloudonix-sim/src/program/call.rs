//! `cloudonix-sim call`: one call, from the first request to the hang-up.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::builder::PossibleValue;
use cloudonix_sim::{Call, Direction, Exchange, FORMS, People, Settings, Transcript};

use crate::Failure;

/// Whom to call, as whom, and what the people do.
#[derive(Debug, clap::Args)]
#[command(after_help = after_help())]
pub(crate) struct Arguments {
    /// Where the first document comes from: the voice application's `url`
    #[arg(long, value_name = "URL")]
    url: String,
    /// The domain that places the call
    #[arg(long, value_name = "DOMAIN")]
    domain: String,
    /// The domain's `authorization-api-key`, sent as bearer token (default: none is sent)
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// A file that holds it, so that it is in no list of processes
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    key_file: Option<PathBuf>,
    /// Who calls: a number, or a subscriber of the domain
    #[arg(long, value_name = "A", allow_hyphen_values = true)]
    from: String,
    /// What they dial
    #[arg(long, value_name = "B", allow_hyphen_values = true)]
    to: String,
    /// Where the call comes from (default: inbound when FROM begins with +, else subscriber)
    #[arg(long, value_name = "DIRECTION", value_parser = direction())]
    direction: Option<String>,
    /// The caller's display name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// What the people do, sentences with `;` between them (default: the caller stays silent and nobody answers)
    #[arg(long, value_name = "SENTENCES", default_value = "", hide_default_value = true)]
    script: String,
    /// The same from a file, a sentence a line
    #[arg(long, value_name = "FILE", conflicts_with = "script")]
    script_file: Option<PathBuf>,
    /// The origin by which the application knows itself, when its documents name another one than it is asked at
    #[arg(long, value_name = "URL")]
    public_origin: Option<String>,
    /// A number that the session is made from, for the same call again, byte for byte (default: a new session that starts now)
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Print JSON: the events, every request with its answer, and how the call came out
    #[arg(long)]
    json: bool,
}

const DIRECTIONS: [Direction; 5] =
    [Direction::Inbound, Direction::Subscriber, Direction::OutboundApi, Direction::Application, Direction::Outbound];

fn direction() -> clap::builder::PossibleValuesParser {
    DIRECTIONS.map(|direction| PossibleValue::new(direction.as_str())).into()
}

fn after_help() -> String {
    format!(
        "The sentences of a script (NUMBER is whoever is dialled, a SIP address too):\n\n  {}\n\nAn example:\n\n  \
         cloudonix-sim call --url http://127.0.0.1:8080/voice --domain acme.example --key s3cr3t \\\n    \
         --from +14155550123 --to +12125550100 --script 'presses 1; 1001 is busy; 1002 answers after 3, talks 40'",
        FORMS.replace('\n', "\n  ")
    )
}

/// Places the call.
///
/// # Errors
///
/// When an argument makes no sense, or the application did not answer as it should.
pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    let people = people(&arguments)?;
    let (seed, started_at) = match arguments.seed {
        Some(seed) => (seed, None),
        None => (random()?, Some(now())),
    };
    let settings = Settings {
        bearer: key(&arguments)?,
        public_origin: arguments.public_origin.clone(),
        ..Settings::new(arguments.url.clone(), arguments.domain.clone(), seed)
    };
    let exchange =
        Exchange::new(settings).map_err(|fault| Failure::usage(format!("The call cannot be placed: {fault}.")))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|fault| Failure::fault(format!("The call cannot be placed: {fault}.")))?;
    let json = arguments.json;
    let transcript = runtime.block_on(exchange.place(call(arguments, started_at), people));
    print(&transcript, json)?;
    match transcript.end.last_error {
        None => Ok(()),
        Some(error) => Err(Failure::fault(format!("The application did not answer as it should: {error}."))),
    }
}

fn people(arguments: &Arguments) -> Result<People, Failure> {
    let script = match &arguments.script_file {
        Some(file) => read(file)?,
        None => arguments.script.clone(),
    };
    script.parse().map_err(|fault| Failure::usage(format!("{fault}")))
}

fn key(arguments: &Arguments) -> Result<Option<String>, Failure> {
    match &arguments.key_file {
        Some(file) => Ok(Some(read(file)?.trim().to_owned())),
        None => Ok(arguments.key.clone()),
    }
}

fn read(file: &PathBuf) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|fault| Failure::fault(format!("{}: {fault}.", file.display())))
}

fn call(arguments: Arguments, started_at: Option<Duration>) -> Call {
    let Arguments { from, to, direction, name, .. } = arguments;
    let guessed = if from.starts_with('+') { Direction::Inbound } else { Direction::Subscriber };
    let said = direction.and_then(|word| DIRECTIONS.into_iter().find(|direction| direction.as_str() == word));
    let mut call = Call::new(said.unwrap_or(guessed), from, to);
    call.caller_name = name;
    if let Some(millis) = started_at.and_then(|now| u64::try_from(now.as_millis()).ok()) {
        call.started_at = millis;
    }
    call
}

/// Since 1970.
fn now() -> Duration {
    #[expect(clippy::disallowed_methods, reason = "a call that no test placed starts when it is placed")]
    let now = SystemTime::now();
    now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

fn random() -> Result<u64, Failure> {
    getrandom::u64().map_err(|fault| Failure::fault(format!("The system gives no random numbers: {fault}.")))
}

fn print(transcript: &Transcript, json: bool) -> Result<(), Failure> {
    let text = if json {
        let json = serde_json::to_string_pretty(transcript);
        format!("{}\n", json.map_err(|fault| Failure::fault(format!("The transcript is no JSON: {fault}.")))?)
    } else {
        transcript.to_string()
    };
    // Whoever reads only the beginning closes the pipe, and that is no fault.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Ok(())
}
