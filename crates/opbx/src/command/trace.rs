//! `opbx trace`: what was decided for real calls, and why.

use super::Failure;
use super::store::{block_on, fault, nobody};
use crate::config::{self, StoreFlags};
use opbx_core::notice::Language;
use opbx_core::region::LanguageTag;
use opbx_server::admin::{Decisions, Error, Extent, KeptDecision, Store};
use opbx_server::record_view::RecordView;
use std::io::Write;
use std::time::Duration;

/// How often `--follow` looks for more.
const LOOK: Duration = Duration::from_millis(500);
/// How many decisions are read at a time while following.
const AT_A_TIME: u64 = 500;

/// Shows what was decided for calls, newest last: every step of reasoning, and the document that the platform got. Works beside
/// a running server, which writes down its decisions within a tenth of a second (see --trace of `opbx serve`).
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Of one organization, by its identifier or short name. Without it: of all.
    #[arg(long, value_name = "ORGANIZATION")]
    org: Option<String>,
    /// Of one call, by the platform's session token.
    #[arg(long, value_name = "CALL")]
    call: Option<String>,
    /// How many of the latest decisions.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    last: u32,
    /// Go on and show what is decided, until Ctrl-C.
    #[arg(long)]
    follow: bool,
    /// The language of the sentences: en or es.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: LanguageTag,
    /// Print JSON, an object in a line for each decision.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Shows the decisions on the output.
///
/// # Errors
///
/// When there is no such organization, or the store fails.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = config::read_for_store(&arguments.settings)?;
    block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let shown = shown(&store, arguments);
        let shown = tokio::select! {
            shown = shown => shown,
            // Whoever follows ends it so: there is nothing wrong.
            pressed = tokio::signal::ctrl_c() => pressed.map_err(Failure::fault),
        };
        store.close().await;
        shown
    })
}

async fn shown(store: &Store, arguments: &Arguments) -> Result<(), Failure> {
    let named = arguments.org.as_deref();
    let decisions = Decisions::of(store, named).await.map_err(|error| match (error, named) {
        (Error::NotFound, Some(named)) => nobody(named),
        (error, _) => fault(&error),
    })?;
    let mut latest = 0;
    let mut extent = Extent::Latest(arguments.last.into());
    loop {
        let kept = decisions.read(arguments.call.as_deref(), extent).await.map_err(|error| fault(&error))?;
        let is_all = kept.len() < usize::try_from(AT_A_TIME).unwrap_or(usize::MAX);
        latest = kept.last().map_or(latest, |decision| decision.id);
        if said(kept, arguments)?.is_closed() || !arguments.follow {
            return Ok(());
        }
        if is_all || matches!(extent, Extent::Latest(_)) {
            tokio::time::sleep(LOOK).await;
        }
        extent = Extent::After { id: latest, most: AT_A_TIME };
    }
}

/// Whether somebody still reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Reads,
    Left,
}

impl Reader {
    fn is_closed(self) -> bool {
        self == Self::Left
    }
}

fn said(kept: Vec<KeptDecision>, arguments: &Arguments) -> Result<Reader, Failure> {
    let language = Language::of(&arguments.language);
    let mut text = String::new();
    for decision in kept {
        let id = decision.id;
        let unlike = |wrong| Failure::fault(format_args!("The trace of decision {id} cannot be read: {wrong}."));
        let view = RecordView::new(decision, language).map_err(unlike)?;
        if arguments.json {
            text.push_str(&serde_json::to_string(&view).map_err(Failure::fault)?);
        } else {
            text.push_str(&view.told(language));
        }
        text.push('\n');
    }
    let mut output = std::io::stdout().lock();
    // Whoever reads only the beginning closes the pipe, and that is no fault.
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Ok(()) => Ok(Reader::Reads),
        Err(_) => Ok(Reader::Left),
    }
}
