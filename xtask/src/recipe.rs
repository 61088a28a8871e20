//! What a recipe is, and how one is found by its name.

use std::process::ExitCode;

/// One `cargo xtask <name>`.
pub(crate) struct Recipe {
    pub(crate) name: &'static str,
    /// One line for the list.
    pub(crate) about: &'static str,
    /// What `--help` says below the line above.
    pub(crate) help: &'static str,
    pub(crate) run: fn(&[String]) -> Outcome,
}

/// How a recipe ends.
pub(crate) type Outcome = Result<(), Failure>;

/// Why a recipe did not do what was asked.
#[derive(Debug, PartialEq)]
pub(crate) enum Failure {
    /// Called wrongly: exit code 2.
    Usage(String),
    /// Something is wrong with the tree or the machine: exit code 1.
    Fault(String),
    /// The same, and all that is to be said has been printed.
    Reported,
}

impl From<String> for Failure {
    fn from(fault: String) -> Self {
        Failure::Fault(fault)
    }
}

impl Failure {
    pub(crate) fn unknown_argument(argument: &str) -> Self {
        Failure::Usage(format!("`{argument}` is not an argument of this recipe; `--help` shows them"))
    }
}

/// Accepts only arguments of `known`.
pub(crate) fn only(arguments: &[String], known: &[&str]) -> Outcome {
    match arguments.iter().find(|argument| !known.contains(&argument.as_str())) {
        Some(argument) => Err(Failure::unknown_argument(argument)),
        None => Ok(()),
    }
}

/// Runs the recipe that the first argument names.
pub(crate) fn run(recipes: &[Recipe], arguments: &[String]) -> ExitCode {
    let Some((name, rest)) = arguments.split_first() else {
        eprint!("{}", list(recipes));
        return ExitCode::from(2);
    };
    if ["--help", "-h", "help"].contains(&name.as_str()) {
        print!("{}", list(recipes));
        return ExitCode::SUCCESS;
    }
    let Some(recipe) = recipes.iter().find(|recipe| recipe.name == name) else {
        eprint!("There is no recipe `{name}`.\n\n{}", list(recipes));
        return ExitCode::from(2);
    };
    if rest.iter().any(|argument| argument == "--help" || argument == "-h") {
        println!("{}\n\n{}", recipe.about, recipe.help.trim_end());
        return ExitCode::SUCCESS;
    }
    match (recipe.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::FAILURE,
        Err(Failure::Fault(fault)) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
        Err(Failure::Usage(mistake)) => {
            eprintln!("cargo xtask {name}: {mistake}");
            ExitCode::from(2)
        }
    }
}

fn list(recipes: &[Recipe]) -> String {
    let mut text = String::from("Recipes (`cargo xtask <name> --help` says more):\n\n");
    for recipe in recipes {
        text.push_str(&format!("  {:<8} {}\n", recipe.name, recipe.about));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPES: &[Recipe] = &[Recipe { name: "good", about: "does well", help: "help", run: |_| Ok(()) }];

    #[test]
    fn every_recipe_is_listed() {
        assert!(list(RECIPES).contains("good     does well"));
    }

    #[test]
    fn every_recipe_explains_itself() {
        for recipe in crate::RECIPES {
            assert!(!recipe.about.ends_with('.'), "{}: the line of the list is no sentence", recipe.name);
            assert!(recipe.help.starts_with(&format!("Usage: cargo xtask {}", recipe.name)), "{}", recipe.name);
        }
    }

    #[test]
    fn an_unknown_argument_is_a_mistake_of_use() {
        assert_eq!(only(&["--full".to_owned()], &["--full"]), Ok(()));
        assert!(matches!(only(&["--fast".to_owned()], &["--full"]), Err(Failure::Usage(_))));
    }
}
