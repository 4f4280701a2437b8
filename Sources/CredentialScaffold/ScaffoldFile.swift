/// A file to be written.
package struct ScaffoldFile: Sendable, Equatable {
    /// Whether the file is a program.
    package enum Kind: Sendable { case text, program }

    /// Where, below the directory that is written to.
    package let path: String
    /// What.
    package let text: String
    /// Whether it can be run.
    package let kind: Kind

    init(_ path: String, _ text: String, _ kind: Kind = .text) {
        self.path = path
        self.text = text
        self.kind = kind
    }
}
