//! Whom to trust: what the machine trusts, and the authorities of a file.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

/// TLS 1.2 and 1.3, and no certificate that doesn't check.
pub(super) fn config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let extra = ca_file.map_or_else(|| Ok(Vec::new()), authorities)?;
    let provider = Arc::new(ring::default_provider());
    let failed = |error: rustls::Error| format!("TLS can't be set up: {error}");
    let verifier = if extra.is_empty() {
        Verifier::new(Arc::clone(&provider))
    } else {
        Verifier::new_with_extra_roots(extra, Arc::clone(&provider))
    };
    let verifier = verifier.map_err(failed)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        // The name says that a verifier may be wrong: this one asks the system.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let unusable = |what: &dyn std::fmt::Display| {
        format!(
            "mail.smtp.ca_file: {} can't be used: {what}",
            path.display()
        )
    };
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable(&error))?;
    if certificates.is_empty() {
        return Err(unusable(&"no certificate in PEM form"));
    }
    Ok(certificates)
}
