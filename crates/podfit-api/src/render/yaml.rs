use crate::report::Envelope;

/// The envelope in YAML. A writer of YAML for every type of the reports would be a twentieth of the browser's code, so
/// the one it gets writes what their JSON says.
pub(super) fn text(envelope: &Envelope) -> String {
    let json = serde_json::to_string(envelope).expect("a report is plain JSON");
    let mut json = serde_json::Deserializer::from_str(&json);
    serde_saphyr::to_string(&serde_transcode::Transcoder::new(&mut json))
        .expect("what JSON says, YAML can")
}
