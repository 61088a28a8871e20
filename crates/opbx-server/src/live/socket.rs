//! One socket: what its client says, what it is sent, and when it is over.

use super::ending::Ending;
use super::frame::{self, Said, Subscribe};
use super::outbox::Outbox;
use super::rooms::Refused;
use super::{ChannelName, Live, Open};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt;
use std::ops::ControlFlow;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};

/// The largest message that a client may send, in bytes.
pub(super) const LARGEST: usize = 16 * 1024;
/// How long a client may say nothing until it is asked whether it is there; it is told so, and asks us as often.
const SILENCE: Duration = Duration::from_secs(120);
/// How long it may take to answer.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a socket may be open without a subscription.
const UNUSED: Duration = Duration::from_secs(60);
/// What comes within this time is sent together.
const TOGETHER: Duration = Duration::from_millis(25);
/// How long the network may take to accept what is sent at once.
const TAKEN: Duration = Duration::from_secs(10);
/// How long a client may take to hear that it is over.
const FAREWELL: Duration = Duration::from_secs(1);
/// How many messages a client may send within [`WHILE`]: all subscriptions that it may have, twice.
const MOST_SAID: u32 = 500;
const WHILE: Duration = Duration::from_secs(10);

/// Talks with a client until either has enough.
pub(super) async fn talk(socket: WebSocket, live: Live) {
    let open = match Open::new(&live) {
        Ok(open) => open,
        Err(ending) => return refuse(socket, &live, ending).await,
    };
    open.outbox.push(frame::established(&open.id.to_string(), SILENCE.as_secs()));
    let now = Instant::now();
    let talk = Talk { live, open, uses: 0, unused_since: now, heard: now, is_asked: false, said: (now, 0) };
    talk.until_over(socket).await;
}

/// Tells a client why there is nothing for it.
pub(super) async fn refuse(mut socket: WebSocket, live: &Live, ending: Ending) {
    live.ended(ending);
    farewell(&mut socket, ending).await;
}

struct Talk {
    live: Live,
    open: Open,
    /// How many channels it listens to.
    uses: usize,
    unused_since: Instant,
    heard: Instant,
    /// Whether it was asked if it is there, and said nothing since.
    is_asked: bool,
    /// Since when how many messages were counted.
    said: (Instant, u32),
}

impl Talk {
    async fn until_over(mut self, mut socket: WebSocket) {
        let mut written = Instant::now() - TOGETHER;
        loop {
            let due = async {
                self.open.outbox.wait().await;
                sleep_until(written + TOGETHER).await;
            };
            let deadline = self.deadline();
            tokio::select! {
                received = socket.recv() => {
                    let Some(Ok(message)) = received else { return };
                    if self.hear(&message).is_break() {
                        return;
                    }
                }
                () = due => {
                    match write(&mut socket, &self.open.outbox).await {
                        Ok(None) => written = Instant::now(),
                        Ok(Some(ending)) => {
                            self.live.ended(ending);
                            return farewell(&mut socket, ending).await;
                        }
                        Err(Gone) => return,
                    }
                }
                () = sleep_until(deadline) => self.look(),
            }
        }
    }

    /// When to look whether the socket is still of use.
    fn deadline(&self) -> Instant {
        let silent = self.heard + if self.is_asked { SILENCE + ANSWER } else { SILENCE };
        if self.uses == 0 { silent.min(self.unused_since + UNUSED) } else { silent }
    }

    fn look(&mut self) {
        let now = Instant::now();
        let outbox = &self.open.outbox;
        if self.uses == 0 && now >= self.unused_since + UNUSED {
            outbox.end(Ending::Unused);
        } else if self.is_asked && now >= self.heard + SILENCE + ANSWER {
            outbox.end(Ending::Silent);
        } else if !self.is_asked && now >= self.heard + SILENCE {
            self.is_asked = true;
            outbox.push(frame::ping());
        }
        // What was ended is closed as soon as it is written; until then there is nothing to look at.
        if outbox.is_ending() {
            (self.heard, self.unused_since) = (now, now);
        }
    }

    fn hear(&mut self, message: &Message) -> ControlFlow<()> {
        let now = Instant::now();
        (self.heard, self.is_asked) = (now, false);
        if now >= self.said.0 + WHILE {
            self.said = (now, 0);
        }
        self.said.1 += 1;
        if self.said.1 > MOST_SAID {
            self.open.outbox.end(Ending::Noisy);
            return ControlFlow::Continue(());
        }
        match message {
            Message::Text(text) => self.answer(text),
            Message::Binary(_) => self.open.outbox.push(frame::error(None, "Messages are texts.")),
            // The answer to a ping goes out by itself.
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Close(_) => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    }

    fn answer(&mut self, text: &str) {
        let Some(said) = Said::read(text) else {
            return self.open.outbox.push(frame::error(None, "A message is a JSON object with an event."));
        };
        match said.event.as_str() {
            "pusher:ping" => self.open.outbox.push(frame::pong()),
            "pusher:pong" => {}
            "pusher:subscribe" => match said.into_data() {
                Some(asked) => self.subscribe(&asked),
                None => self.open.outbox.push(frame::error(None, "A subscription names its channel.")),
            },
            "pusher:unsubscribe" => {
                let named = said.into_data::<Subscribe>().and_then(|asked| ChannelName::read(&asked.channel));
                if let Some(name) = named
                    && self.live.rooms().unsubscribe(self.open.id, name)
                {
                    self.uses -= 1;
                    self.unused_since = Instant::now();
                }
            }
            event if event.starts_with("client-") => {
                let told = frame::error(Some(4301), "Clients do not send events to each other here.");
                self.open.outbox.push(told);
            }
            _ => self.open.outbox.push(frame::error(None, "Nothing is known of this event.")),
        }
    }

    fn subscribe(&mut self, asked: &Subscribe) {
        let refuse = |kind, status, message| {
            self.open.outbox.push(frame::refused(&asked.channel, kind, status, message));
        };
        let Some(name) = ChannelName::read(&asked.channel) else {
            return refuse("UnknownChannel", 403, "There is no such channel.");
        };
        let (id, data) = (self.open.id, asked.channel_data.as_deref());
        let auth = asked.auth.as_deref().unwrap_or_default();
        let Some(granted) = self.live.0.grants.redeem(id, name, auth, data) else {
            return refuse("AuthError", 401, "This was not signed for this socket and channel, or not lately.");
        };
        let subscribed = self.live.rooms().subscribe(id, granted.channel, &granted.subscriber, &self.live.0.epoch);
        match subscribed {
            Ok(()) => self.uses += 1,
            Err(Refused::Gone) => {}
            Err(Refused::NotTheirs) => refuse("AuthError", 403, "This socket is somebody else's."),
            Err(Refused::Already) => refuse("AlreadySubscribed", 409, "The socket listens to this channel already."),
            Err(Refused::TooManyChannels) => refuse("LimitReached", 429, "The socket listens to as many as it may."),
            Err(Refused::TooManySockets) => refuse("LimitReached", 429, "You have as many sockets as you may."),
        }
    }
}

/// The client has gone.
struct Gone;

/// Writes everything that waits. Answers why the socket is to be closed after it, if it is.
async fn write(socket: &mut WebSocket, outbox: &Outbox) -> Result<Option<Ending>, Gone> {
    let (frames, ending) = outbox.take();
    let all = async {
        for frame in frames {
            socket.feed(Message::Text(frame)).await?;
        }
        socket.flush().await
    };
    tokio::select! {
        taken = timeout(TAKEN, all) => match taken {
            Ok(Ok(())) => Ok(ending),
            Ok(Err(_)) => Err(Gone),
            Err(_) => Ok(Some(Ending::Slow)),
        },
        // Also while the network takes nothing.
        ending = outbox.wait_for_end(), if ending.is_none() => Ok(Some(ending)),
    }
}

/// Says why it is over, and hears that it was heard; but not for long.
async fn farewell(socket: &mut WebSocket, ending: Ending) {
    let said = async {
        socket.feed(Message::Text(frame::closing(ending))).await?;
        let close = CloseFrame { code: ending.code(), reason: ending.text().into() };
        socket.send(Message::Close(Some(close))).await?;
        // Whoever closes while something still comes loses what was said last.
        while let Some(Ok(_)) = socket.recv().await {}
        Ok::<(), axum::Error>(())
    };
    if let Ok(Err(fault)) = timeout(FAREWELL, said).await {
        tracing::trace!(%fault, "a socket broke off");
    }
}
