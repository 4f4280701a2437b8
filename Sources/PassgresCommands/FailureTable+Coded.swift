import KnownFailures

extension FailureTable {
    /// A text with the code by which `explain-error` and the page of failures know it, if they do.
    static func coded(_ text: String) -> String {
        matches(in: text).first.map { "\(text) [\($0.failure.code)]" } ?? text
    }
}
