//! Typed CXML documents: write them, and read them back.
