//! The ledger: what is to be sent, was sent, or may have been.
