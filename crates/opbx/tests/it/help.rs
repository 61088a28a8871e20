//! What the program says about itself.

use crate::program::{Place, Ran};

#[test]
fn help_shows_every_command_and_setting() {
    let place = Place::new("help");
    let help = |words: &str| {
        let Ran { code, output, .. } = place.run(words);
        assert_eq!(code, Some(0));
        output
    };
    insta::assert_snapshot!("help", help("--help"));
    insta::assert_snapshot!("help_serve", help("serve --help"));
    insta::assert_snapshot!("help_explain", help("explain --help"));
    insta::assert_snapshot!("help_trace", help("trace --help"));
    insta::assert_snapshot!("help_lint", help("lint --help"));
    insta::assert_snapshot!("help_org", help("org --help"));
    insta::assert_snapshot!("help_org_create", help("org create --help"));
    insta::assert_snapshot!("help_org_suspend", help("org suspend --help"));
    insta::assert_snapshot!("help_user_create", help("user create --help"));
    insta::assert_snapshot!("help_user_invite", help("user invite --help"));
    insta::assert_snapshot!("help_user_reset_password", help("user reset-password --help"));
    insta::assert_snapshot!("help_token_create", help("token create --help"));
    insta::assert_snapshot!("help_audit_verify", help("audit verify --help"));
    insta::assert_snapshot!("help_stats_rebuild", help("stats rebuild --help"));
    insta::assert_snapshot!("help_jobs_list", help("jobs list --help"));
    insta::assert_snapshot!("help_jobs_retry", help("jobs retry --help"));
    insta::assert_snapshot!("help_apply", help("apply --help"));
    insta::assert_snapshot!("help_export", help("export --help"));
    insta::assert_snapshot!("help_backup", help("backup --help"));
    insta::assert_snapshot!("help_restore", help("restore --help"));
    insta::assert_snapshot!("help_doctor", help("doctor --help"));
    insta::assert_snapshot!("help_fmt", help("fmt --help"));
    assert!(help("--version").starts_with("opbx 0."));
}

#[test]
fn what_it_does_not_understand_is_a_mistake_of_usage() {
    let place = Place::new("usage");
    for words in [
        "",
        "serve --plan",
        "serve --plan plan.opbx --colour red",
        "dance",
        "explain --plan plan.opbx --from 1001",
        "fmt",
    ] {
        let Ran { code, output, errors } = place.run(words);
        assert_eq!((code, output.as_str()), (Some(2), ""), "{words}");
        assert!(!errors.is_empty());
    }
}
