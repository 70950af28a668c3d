const BINARY_UNITS: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// An amount for people: CPU in cores (`1.5`) or below one in thousandths (`500m`), bytes in the largest
/// binary unit, cut (never rounded up) to one decimal (`3.2Gi`), anything else as it is.
///
/// ```
/// use podfit::rules::format_amount;
/// assert_eq!(format_amount("cpu", 1500), "1.5");
/// assert_eq!(format_amount("memory", 4 << 30), "4Gi");
/// assert_eq!(format_amount("nvidia.com/gpu", 2), "2");
/// ```
pub fn format_amount(resource_name: &str, amount: i64) -> String {
    if resource_name == "cpu" {
        format_cpu(amount)
    } else if is_bytes(resource_name) {
        format_bytes(amount, largest_unit(amount))
    } else {
        amount.to_string()
    }
}

/// Two amounts with as many digits as it takes to distinguish them, unless they are equal.
pub(crate) fn format_apart(resource_name: &str, a: i64, b: i64) -> (String, String) {
    let texts = (format_amount(resource_name, a), format_amount(resource_name, b));
    if texts.0 != texts.1 {
        return texts;
    }
    // Only bytes are cut, so only they can look equal; the unit without a prefix is exact.
    (0..=largest_unit(a))
        .rev()
        .map(|unit| (format_bytes(a, unit), format_bytes(b, unit)))
        .find(|(a, b)| a != b)
        .unwrap_or(texts)
}

fn is_bytes(resource_name: &str) -> bool {
    matches!(resource_name, "memory" | "ephemeral-storage")
        || resource_name.starts_with("hugepages-")
}

fn format_cpu(milli: i64) -> String {
    let (sign, size) = (if milli < 0 { "-" } else { "" }, milli.unsigned_abs());
    let (cores, rest) = (size / 1000, size % 1000);
    match (cores, rest) {
        (_, 0) => format!("{sign}{cores}"),
        (0, _) => format!("{sign}{rest}m"),
        _ => format!("{sign}{cores}.{}", format!("{rest:03}").trim_end_matches('0')),
    }
}

fn largest_unit(bytes: i64) -> usize {
    (1..BINARY_UNITS.len()).rev().find(|&u| bytes.unsigned_abs() >> (10 * u) > 0).unwrap_or(0)
}

fn format_bytes(bytes: i64, unit: usize) -> String {
    let (sign, size) = (if bytes < 0 { "-" } else { "" }, u128::from(bytes.unsigned_abs()));
    let scale = 1u128 << (10 * unit);
    let (whole, tenth) = (size / scale, size % scale * 10 / scale);
    let tenth = if tenth == 0 { String::new() } else { format!(".{tenth}") };
    format!("{sign}{whole}{tenth}{}", BINARY_UNITS[unit])
}
