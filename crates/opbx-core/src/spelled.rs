//! Values whose form on the wire and in files is their spelling.

/// Reading and writing as text for types that have `FromStr` and `Display`: what serde's `try_from` and `into` need.
macro_rules! spelled {
    ($($name:ty),* $(,)?) => {$(
        impl TryFrom<String> for $name {
            type Error = $crate::invalid::Invalid;

            fn try_from(text: String) -> Result<Self, $crate::invalid::Invalid> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )*};
}

pub(crate) use spelled;
