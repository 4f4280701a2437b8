extension ConnectionInfo: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What may be shown: every value but the secrets, and but those a badly encoded URI may have put a secret into.
    public var redacted: [(keyword: String, value: String)] {
        let misread = looksMisread
        return keywords.map { keyword in
            let isSecret = ConnectionKeyword.named(keyword)?.isSecret ?? true
            let isDoubtful = misread && ["host", "hostaddr", "port", "dbname", "user"].contains(keyword)
            return (keyword, isSecret || isDoubtful ? "<redacted>" : self[keyword] ?? "")
        }
    }

    /// Keywords and values, with secrets redacted.
    public var description: String {
        "ConnectionInfo(" + redacted.map { "\($0.keyword)=\($0.value)" }.joined(separator: " ") + ")"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// What `dump` and a debugger may show: the redacted values.
    public var customMirror: Mirror {
        Mirror(
            self, children: redacted.map { (label: Optional($0.keyword), value: $0.value as Any) },
            displayStyle: .struct)
    }

    /// Whether a raw `@`, `:` or `/` in the user or password of a URI seems to have moved parts of it elsewhere.
    private var looksMisread: Bool {
        let at = UInt8(ascii: "@")
        let isPortNumeric = port?.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ",") } ?? true
        return !isPortNumeric || host?.utf8.dropFirst().contains(at) == true
            || isSaid("dbname") && database?.utf8.contains(at) == true
    }
}
