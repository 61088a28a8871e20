//! `cargo xtask data`: the tables that are generated and committed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::recipe::{Outcome, Recipe, only};
use crate::stage::{Count, Found};
use crate::{machine, python};

pub(crate) const RECIPE: Recipe = Recipe {
    name: "data",
    about: "generate the committed data tables again, or check them",
    help: "\
Usage: cargo xtask data [--check]

Writes the tables below from packages of PyPI, whose versions and hashes are pinned in xtask/data/requirements.txt:

  crates/opbx-core/data/emergency_numbers.tsv    from `phonenumbers`
  crates/opbx-server/data/common_passwords.txt   from `django`
  crates/opbx-server/data/public_holidays.tsv    from `holidays`

Tables are committed, so that building and running OPBX needs neither Python nor the network.

  --check   write nothing; fail if a committed table is not what its generator makes

Needs python3 with venv (Debian: python3-venv). The packages go into a virtual environment below the target directory.",
    run,
};

struct Table {
    generator: &'static str,
    file: &'static str,
}

const TABLES: &[Table] = &[
    Table { generator: "xtask/data/emergency_numbers.py", file: "crates/opbx-core/data/emergency_numbers.tsv" },
    Table { generator: "xtask/data/common_passwords.py", file: "crates/opbx-server/data/common_passwords.txt" },
    Table { generator: "xtask/data/public_holidays.py", file: "crates/opbx-server/data/public_holidays.tsv" },
];

const REQUIREMENTS: &str = "xtask/data/requirements.txt";

fn run(arguments: &[String]) -> Outcome {
    only(arguments, &["--check"])?;
    if arguments.is_empty() {
        let python = python()?;
        for table in TABLES {
            let path = machine::root().join(table.file);
            fs::write(&path, table.generate(&python)?).map_err(|fault| format!("{}: {fault}", table.file))?;
            println!("{}", table.file);
        }
        return Ok(());
    }
    check()?;
    println!("The committed tables are what their generators make.");
    Ok(())
}

/// Are the committed tables what their generators make?
pub(crate) fn check() -> Found {
    let python = python()?;
    let mut count = Count::default();
    for table in TABLES {
        let committed = fs::read_to_string(machine::root().join(table.file)).unwrap_or_default();
        if table.generate(&python)? != committed {
            return Err(format!("{} is not what {} makes: run `cargo xtask data`.", table.file, table.generator));
        }
        count.passed += 1;
    }
    Ok(count)
}

impl Table {
    fn generate(&self, python: &PathBuf) -> Result<String, String> {
        let mut generator = Command::new(python);
        // Isolated, so that no package of the user stands in for a pinned one, and no byte code lands in the tree.
        machine::read(generator.args(["-I", "-B", self.generator]).current_dir(machine::root()))
    }
}

/// The interpreter that runs the generators.
fn python() -> Result<PathBuf, String> {
    python::environment("xtask-python", REQUIREMENTS)
}
