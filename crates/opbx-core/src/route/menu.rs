//! IVR menus: asking for keys, and following them.

use super::{Go, Position, Router, Target};
use crate::decision::{Action, Gather, OutcomeCode, Speech};
use crate::id::IvrMenuId;
use crate::notice::{Notice, Reason};
use crate::plan::Menu;
use crate::prompt::MenuPrompt;
use crate::trace::{Node, NodeKind, Param};

/// Why a menu plays again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    Invalid,
    Silence,
}

impl<'p> Router<'p, '_> {
    pub(super) fn enter_menu(&mut self, id: IvrMenuId) -> Go<'p> {
        let Some(menu) = self.plan.menu(id) else {
            return self.cannot_serve(Node::missing(NodeKind::IvrMenu, id.get()), Reason::Missing);
        };
        if !menu.row.status.is_active() {
            return self.notice(Node::menu(&menu.row), Reason::Inactive, vec![], Notice::NotAvailable);
        }
        self.play_menu(menu, None)
    }

    pub(super) fn after_menu(&mut self, id: IvrMenuId, silent: bool) -> Go<'p> {
        let Some(menu) = self.plan.menu(id).filter(|menu| menu.row.status.is_active()) else {
            return self.cannot_serve(Node::missing(NodeKind::IvrMenu, id.get()), Reason::Vanished);
        };
        let keys = self.call.input.keys.as_deref().filter(|keys| !silent && !keys.is_empty());
        let Some(keys) = keys else {
            return self.another_turn(menu, Again::Silence);
        };
        let pressed = || ("keys", Param::Owned(keys.into()));
        if let Some(option) = menu.option(keys) {
            let label = option.label.as_ref().map_or("", |label| label.as_str());
            let params = vec![pressed(), ("label", Param::Text(label))];
            self.because(Node::menu(&menu.row), Reason::OptionChosen, params);
            self.passed.parent = Some(id);
            return Go::Enter((&option.destination).into(), None);
        }
        if let Some(extension) = self.dialled_directly(menu, keys) {
            self.because(Node::menu(&menu.row), Reason::DialledDirectly, vec![pressed()]);
            self.passed.parent = Some(id);
            return Go::Enter(extension, None);
        }
        self.another_turn(menu, Again::Invalid)
    }

    /// The extension that these keys dial, where the menu allows it.
    fn dialled_directly(&self, menu: &Menu, keys: &str) -> Option<Target<'p>> {
        if !menu.row.direct_dial {
            return None;
        }
        let extension = self.plan.extension_by_number(keys.parse().ok()?)?;
        let reachable = extension.status.is_active() && !menu.row.direct_dial_exclude.contains(&extension.id);
        reachable.then_some(Target::Extension(extension.id))
    }

    /// Costs a turn: the menu again, or its failover when its turns are used up.
    fn another_turn(&mut self, menu: &'p Menu, again: Again) -> Go<'p> {
        self.passed.menu_turns = self.passed.menu_turns.saturating_add(1);
        let used = u32::from(self.passed.menu_turns);
        let most = menu.row.max_turns.get();
        let mut params = vec![("used", used.into()), ("most", most.into())];
        if again == Again::Invalid {
            params.push(("keys", Param::Owned(self.call.input.keys.clone().unwrap_or_default())));
        }
        let reason = if again == Again::Invalid { Reason::KeysInvalid } else { Reason::KeysMissing };
        self.because(Node::menu(&menu.row), reason, params);
        if used >= most {
            return self.menu_failover(menu, Reason::TurnsUsedUp);
        }
        self.play_menu(menu, Some(again))
    }

    fn menu_failover(&mut self, menu: &'p Menu, reason: Reason) -> Go<'p> {
        self.because(Node::menu(&menu.row), reason, vec![]);
        self.passed.parent = None;
        Go::Enter((&menu.row.failover).into(), None)
    }

    /// Asks for keys. Silence comes back by the input's own action or, should the platform pass it by, by the
    /// redirect behind it: it must never drop the caller.
    fn play_menu(&mut self, menu: &'p Menu, again: Option<Again>) -> Go<'p> {
        let Some(prompt) = self.menu_prompt(&menu.row.prompt) else {
            return self.menu_failover(menu, Reason::MenuPromptMissing);
        };
        let mut prompts = Vec::with_capacity(2);
        let own =
            |this: &Self, prompt: &'p Option<MenuPrompt>| prompt.as_ref().and_then(|prompt| this.menu_prompt(prompt));
        match again {
            Some(Again::Invalid) => {
                let ours = Speech::Notice { notice: Notice::MenuInvalid, params: Vec::new() };
                prompts.push(own(self, &menu.row.invalid_prompt).unwrap_or(ours));
            }
            Some(Again::Silence) => prompts.extend(own(self, &menu.row.silence_prompt)),
            None => {
                let params = vec![("most", menu.row.max_turns.get().into())];
                self.because(Node::menu(&menu.row), Reason::MenuPlays, params);
            }
        }
        prompts.push(prompt);
        self.passed.answered = true;
        let step = |silent| self.step(Position::Menu { menu: menu.row.id, silent });
        let gather = Gather {
            prompts,
            num_digits: Some(menu.num_digits),
            first_key: menu.row.max_timeout.get(),
            next_key: Some(menu.row.inter_digit_timeout.get()),
            ends_with_hash: menu.ends_with_hash,
            silence_returns: true,
            then: step(false),
        };
        let silence = Action::Continue(step(true));
        self.actions.push(Action::Gather(gather));
        self.actions.push(silence);
        self.comes_out(OutcomeCode::Menu, Some(Target::IvrMenu(menu.row.id)));
        Go::Done
    }

    fn menu_prompt(&self, prompt: &'p MenuPrompt) -> Option<Speech<'p>> {
        match prompt {
            MenuPrompt::Library { prompt_id } => self.playable(*prompt_id).map(Speech::Prompt),
            MenuPrompt::Text { text, voice } => Some(Speech::Text { text: text.as_str(), voice: voice.as_ref() }),
        }
    }
}
