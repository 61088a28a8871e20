//! The form of a table of sentences.

/// A table: for each sentence its name in code, its stable code, and its text in every language.
///
/// `{name}` in a text is filled with the datum of that name.
macro_rules! sentences {
    ($(#[$doc:meta])* $table:ident { $($name:ident $code:literal { en: $en:literal, es: $es:literal $(,)? })* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $table {
            $(#[doc = $en] $name,)*
        }

        impl $table {
            /// Every sentence.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its stable code, for machines.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The sentence of a code, if this version has it.
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|sentence| sentence.code() == code)
            }

            /// Its text, with gaps to be filled.
            pub const fn text(self, language: $crate::notice::Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, $crate::notice::Language::English) => $en,
                    (Self::$name, $crate::notice::Language::Spanish) => $es,)*
                }
            }
        }
    };
}

pub(crate) use sentences;
