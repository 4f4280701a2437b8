/// Everything printing, reflecting and dumping a value shows: where tests look for secrets.
package func everythingShown(of value: Any) -> String {
    var dumped = ""
    dump(value, to: &dumped)
    return "\(value)\n\(String(reflecting: value))\n\(dumped)"
}
