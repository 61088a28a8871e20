//! The printed matrix is the test: whoever changes the policy changes a table that a person reads.

use super::*;

fn cell(role: Role, resource: Resource) -> String {
    let word = |action| match allows(role, action, resource) {
        Grant::No => None,
        Grant::Own => Some("own".to_owned()),
        Grant::OwnFields(fields) => Some(format!("own({})", fields.join(" "))),
        Grant::Lesser => Some("lesser".to_owned()),
        Grant::All => Some("all".to_owned()),
    };
    let actions = [Action::Read, Action::Create, Action::Update, Action::Delete];
    let rights: Vec<String> = actions
        .into_iter()
        .zip(["read", "create", "update", "delete"])
        .filter_map(|(action, name)| Some(format!("{name} {}", word(action)?)))
        .collect();
    // The everyday cells in the words of the contract.
    match rights.join(", ").as_str() {
        "" => "–".to_owned(),
        "read all" => "read".to_owned(),
        "read all, create all, update all, delete all" => "write".to_owned(),
        "read all, update all" => "read, update".to_owned(),
        other => other.to_owned(),
    }
}

#[test]
fn the_table() {
    let rows = Resource::ALL.map(|resource| {
        let cells = Role::ALL.map(|role| cell(role, resource));
        format!("| {} | {} |\n", resource.as_str(), cells.join(" | "))
    });
    let table = format!("| | owner | admin | agent | reporter |\n|---|---|---|---|---|\n{}", rows.concat());
    insta::assert_snapshot!("table", table);
}

#[test]
fn the_words() {
    let lines = Role::ALL.map(|role| {
        let words: Vec<String> = permissions(role).iter().map(ToString::to_string).collect();
        format!("{}:\n  {}\n", role.as_str(), words.join("\n  "))
    });
    insta::assert_snapshot!("words", lines.concat());
}

#[test]
fn words_are_read_back() {
    for role in Role::ALL {
        assert_eq!(Role::parse(role.as_str()), Some(role));
        for permission in permissions(role) {
            assert_eq!(Permission::parse(&permission.to_string()), Some(permission));
        }
    }
    for word in ["", "extensions", "extensions:", "extensions:own", "extensions:read:all", "Extensions:read", "x:read"]
    {
        assert_eq!(Permission::parse(word), None, "{word}");
    }
    for (place, resource) in Resource::ALL.into_iter().enumerate() {
        assert_eq!(resource as usize, place, "ALL is complete and in order");
    }
}

#[test]
fn a_higher_role_never_has_less() {
    let reach = |grant| match grant {
        Grant::No => 0,
        Grant::OwnFields(_) => 1,
        Grant::Own => 2,
        // An admin may change lesser users and, through the profile, themself.
        Grant::Lesser => 3,
        Grant::All => 4,
    };
    for resource in Resource::ALL {
        for action in Action::ALL {
            let grants = Role::ALL.map(|role| reach(allows(role, action, resource)));
            assert!(grants.is_sorted_by(|higher, lower| higher >= lower), "{resource:?} {action:?}: {grants:?}");
        }
    }
}

#[test]
fn an_admin_manages_agents_and_reporters_only() {
    let managed = |actor| Role::ALL.into_iter().filter(|target| may_manage(actor, *target)).collect::<Vec<_>>();
    assert_eq!(managed(Role::Owner), Role::ALL);
    assert_eq!(managed(Role::Admin), [Role::Agent, Role::Reporter]);
    assert_eq!(managed(Role::Agent), []);
    assert_eq!(managed(Role::Reporter), []);
}

#[test]
fn an_agent_changes_how_their_extension_is_reached_and_nothing_else() {
    let grant = allows(Role::Agent, Action::Update, Resource::Extensions);
    assert!(grant.reaches(true) && !grant.reaches(false));
    for field in ["forward_always", "forward_no_answer", "do_not_disturb", "ring_timeout", "voicemail_enabled"] {
        assert!(grant.covers_field(field), "{field}");
    }
    for field in ["name", "status", "type", "user_id", "outbound_permission", "recording", "limits", "sip_uri"] {
        assert!(!grant.covers_field(field), "{field}");
    }
    assert!(!allows(Role::Agent, Action::Update, Resource::Users).covers_field("role"));
    assert!(!allows(Role::Reporter, Action::Update, Resource::Extensions).is_some());
}

#[test]
fn an_ability_only_cuts() {
    let cut = |word, role, action, resource| {
        Permission::parse(word).unwrap().cut(allows(role, action, resource), action, resource)
    };
    let update = |word, role| cut(word, role, Action::Update, Resource::Extensions);
    assert_eq!(update("extensions:write", Role::Owner), Grant::All);
    assert_eq!(update("extensions:write:own", Role::Owner), Grant::Own);
    assert_eq!(update("extensions:read", Role::Owner), Grant::No);
    assert_eq!(update("users:write", Role::Owner), Grant::No);
    assert!(matches!(update("extensions:write", Role::Agent), Grant::OwnFields(_)), "never more than the creator");
    assert_eq!(update("extensions:write", Role::Reporter), Grant::No);
    assert_eq!(cut("users:write:own", Role::Admin, Action::Update, Resource::Users), Grant::No);
    assert_eq!(cut("users:write", Role::Admin, Action::Delete, Resource::Users), Grant::Lesser);
}
