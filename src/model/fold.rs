//! The folded forms under which names are compared.
