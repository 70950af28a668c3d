/// A fault in the description of a device. All of them come at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {field}: {cause} ({fix})")]
pub struct DeviceError {
    /// Stable code, as `unknown-model`.
    pub code: &'static str,
    /// The field of the description, as `device.nodes` or `device.otherVms[2].host`.
    pub field: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl DeviceError {
    pub(super) fn new(
        code: &'static str,
        field: impl Into<String>,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { code, field: field.into(), cause: cause.into(), fix: fix.into() }
    }
}
